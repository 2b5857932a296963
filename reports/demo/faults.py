"""What is wrong in a generated village, a little of each kind: exceptions to work on."""

from random import Random

from reports.demo.plans import DAY, Calendar, Care, Excused, Home, Member, Seat, Village
from reports.demo.villages import VillageMaker

CAUSES = (
    ("death", "因病去世，家属已报告"),
    ("moved", "户口迁往县城，本人来信说明"),
    ("job", "受聘为公益岗位人员，不再担任代表"),
    ("resigned", "年事已高，书面提出辞职"),
    ("recalled", "推选单元三分之二以上的户联名提出罢免，表决通过"),
    ("incapacity", "中风后不能自理，家属提出"),
)
OVERLOADED = 18
UNDERLOADED = 3


class FaultMaker:
    """Puts faults into villages; `index` counts the villages of a township."""

    def __init__(self, random: Random, maker: VillageMaker, calendar: Calendar) -> None:
        self._random = random
        self._maker = maker
        self._calendar = calendar

    def spoil(self, village: Village, index: int) -> None:
        """Spoil a village: some faults are everywhere, others in every third or so."""
        if index % 3 == 0:
            self._leave_alone(village, 0.12 if index % 12 == 6 else 0.012)
        self._send_away(village)
        self._take_off_roll(village)
        if index % 4 == 0:
            self._overload(village)
        if index % 3 == 1:
            self._leave_office(village, days=self._random.randrange(6, 50))
        if index % 3 == 2:
            seat = self._leave_office(village, days=self._random.randrange(75, 110))
            if index % 2 == 0:
                elected = self._calendar.ago(self._random.randrange(10, 40))
                village.members.append(self._maker.elect(seat, elected))
        if index % 5 == 3:
            self._open_seat(village)
        self._slacken(village, index)

    def _leave_alone(self, village: Village, share: float) -> None:
        """Let nobody look after some households, ever."""
        for home in village.homes:
            if self._random.random() < share:
                home.cares.clear()

    def _overload(self, village: Village) -> None:
        """Let one representative take over from his neighbour, who keeps next to none."""
        first, second = village.members[:2]
        mine, others = village.homes_of(first), village.homes_of(second)
        wanted = max(0, OVERLOADED - len(mine))
        for home in others[UNDERLOADED : UNDERLOADED + wanted]:
            home.cares[-1].member = first

    def _leave_office(self, village: Village, *, days: int) -> Seat:
        """End a mandate; every other household is handed over, the rest have nobody."""
        leaver, heir = self._random.sample(village.members[2:], 2)
        leaver.cause, leaver.evidence = self._random.choice(CAUSES)
        leaver.ended_on = on = max(self._calendar.ago(days), leaver.started_on + DAY)
        for order, home in enumerate(village.homes_of(leaver)):
            home.cares[-1].end(on, "mandate_ended")
            if order % 2 == 0:
                home.cares.append(Care(heir, max(on, home.cares[-1].started_on)))
        return leaver.seat

    def _open_seat(self, village: Village) -> None:
        """Set up one more seat that nobody was elected to yet."""
        unit = village.units[-1]
        number = sum(seat.unit is unit for seat in village.seats) + 1
        village.seats.append(Seat(unit, number, self._calendar.ago(30)))

    def _send_away(self, village: Village) -> None:
        """Let some be away, most of them excused; some waivers have run out or will soon."""
        random, ago = self._random, self._calendar.ago
        for home in village.homes:
            if random.random() > 0.045:
                continue
            last = random.choice((-160, -70, -25, -5, -2, 10))
            reason, note = random.choice(
                (("away", "全家外出务工"), ("away", "随子女外出居住"),
                 ("hospital", "在市人民医院住院"), ("refuses", "多次上门不愿接待"))
            )  # fmt: skip
            home.is_away = reason == "away"
            home.residents = 0 if home.is_away else home.residents
            if random.random() < 0.8:
                first = ago(random.randrange(20, 75))
                home.excused = Excused(first, ago(last), reason, note)

    def _take_off_roll(self, village: Village) -> None:
        """Let a few households have moved, been dissolved or merged into another."""
        leaving = self._random.sample(village.homes, 3)
        for home, status in zip(leaving, ("moved", "dissolved", "merged"), strict=True):
            home.status = status
            home.ended_on = self._calendar.ago(self._random.randrange(5, 60))
            if home.care:
                home.care.end(home.ended_on, "household_left")
            home.tags = [
                (code, first, max(first, home.ended_on)) for code, first, _ in home.tags
            ]
            if status == "merged":
                home.merged_into = self._neighbour(village, home)

    def _neighbour(self, village: Village, home: Home) -> Home:
        return next(
            h for h in village.homes if h.unit is home.unit and h.status == "living"
        )

    def _slacken(self, village: Village, index: int) -> None:
        """Let one representative of some villages come seldom, and few villages late."""
        slack: list[Member] = []
        if index % 4 == 2:
            slack = [self._random.choice(village.members)]
        if index % 13 == 4:
            slack = village.members
        for member in slack:
            member.diligence *= 0.6
