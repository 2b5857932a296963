"""Appraisals of 魏家桥镇: last year's from paper, this year's at several steps.

长冲口村 waits for its grades, another village has its notice on view, a third waits for
the township; the others have not begun. Last year's 优秀代表 of 长冲口村 have plaques.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from django.db import transaction
from django.utils import timezone

from accounts.models import Post
from appraisals.board import Board
from appraisals.models import Appraisal, AppraisalPlan, AppraisalResult, Honour
from appraisals.models.honours import Given, GrowthKind
from appraisals.papers import announcement
from appraisals.rules.appraisals import VOTED, Ballot, Grade, Votes, limit_of
from appraisals.rules.steps import Stage
from appraisals.services import appraisals as services
from appraisals.services import drafts, filing, honours
from appraisals.services.appraisals import Judged, Meeting
from appraisals.services.honours import Award
from notices import services as notices
from notices.services import Terms
from regions.codes import township_of
from regions.models import Region
from regions.scoping import scope
from representatives.models import Representative

OWN = 430582113219
RETURNED = 30
CHAIRS = ("申国良", "刘桂生", "曾庆文")
MINUTES = (
    "村党组织书记述职后，代表逐人发言，说了一年来走访、开恳谈会、把结果告诉群众的情况。\n"
    "发放评议票，当场收回，由监票人、计票人清点。村务监督委员会全程主持。"
)


@dataclass(frozen=True)
class Year:
    """Who acts, the day of loading, and the dice."""

    village: Post
    township: Post
    today: dt.date
    random: Random

    def ago(self, days: int) -> dt.date:
        """Return a day before loading that is still in this year."""
        return max(
            self.today - dt.timedelta(days=days), self.today.replace(month=1, day=1)
        )


def hold(posts: dict[str, Post], today: dt.date) -> int:
    """Write the appraisals that are missing; return how many there are then.

    A township that has some is left alone.
    """
    dice = Random(35)  # noqa: S311 - a demo's dice
    year = Year(posts["village"], posts["township"], today, dice)
    with scope(year.township.scope(request="load_demo")), transaction.atomic():
        if Appraisal.objects.exists():
            return 0
        others = [one for one in _villages() if one.code != OWN]
        _last_year(year, [Region.objects.get(code=OWN), *others[:9]])
        _meet(year, Region.objects.get(code=OWN), 0)
        on_view = _meet(year, others[0], 1)
        _announce(year, _judge(year, on_view, 2), 2)
        over = _meet(year, others[1], 2)
        _announce(year, _judge(year, over, 9), 9)
        _honour(year)
        _choose(year, Region.objects.get(code=OWN))
        return Appraisal.objects.count()


def _villages() -> list[Region]:
    rows = Region.objects.current().villages().filter(parent_id=township_of(OWN))
    return list(rows.order_by("code"))


def _last_year(year: Year, villages: list[Region]) -> None:
    """Bring last year's grades in, as from paper: a few 优秀 within the ratio."""
    past = year.today.year - 1
    plan = AppraisalPlan.objects.of_year(past, year.today)
    assert plan is not None  # noqa: S101 - preset by the migration
    for village in villages:
        people = list(
            Representative.objects.filter(region=village)
            .serving(year.today)
            .distinct()
            .order_by("pk")
        )
        row = Appraisal.objects.create(
            region=village, year=past, plan=plan, stage=Stage.DONE, is_imported=True,
            counts_until=dt.date(past, 12, 31), met_on=dt.date(past, 12, 18),
            filed_on=dt.date(past, 12, 30), begun_by=year.township.user,
        )  # fmt: skip
        best = set(year.random.sample(people, limit_of(len(people), plan.scheme.share)))
        AppraisalResult.objects.bulk_create(
            AppraisalResult(
                region=village, appraisal=row, representative=one,
                grade=Grade.EXCELLENT if one in best else _usual(year),
            )
            for one in people
        )  # fmt: skip


def _usual(year: Year) -> Grade:
    return year.random.choices([Grade.COMPETENT, Grade.BASIC], weights=[9, 1])[0]


def _meet(year: Year, village: Region, number: int) -> Appraisal:
    """Hold the meeting of a village and close it with its minutes."""
    by, met = year.village, year.ago(14)
    row = drafts.begin(village=village, year=year.today.year, on=met, by=by)
    row.begun_at = timezone.now() - (year.today - met) - dt.timedelta(days=3)
    row.save(update_fields=["begun_at"])
    people = list(row.results.select_related("representative").order_by("pk"))
    left_out = {people[-1].pk: "任职不满三个月"}
    services.arrange(
        appraisal=row,
        meeting=Meeting(met, "村部会议室", CHAIRS[number], met, "周文书"),
        unrated=left_out, version=row.version, on=met,
    )  # fmt: skip
    rated = [one.pk for one in people[:-1]]
    for body in VOTED:
        services.enter_ballot(
            appraisal=row, body=body, ballot=Ballot(RETURNED + 2, RETURNED, RETURNED),
            votes={pk: _votes(year) for pk in rated}, version=_now(row).version, on=met,
        )  # fmt: skip
    grades = {
        pk: year.random.choice((Grade.EXCELLENT, Grade.COMPETENT)) for pk in rated
    }
    services.enter_self(appraisal=row, grades=grades, version=_now(row).version)
    services.submit(
        appraisal=row, minutes=MINUTES, version=_now(row).version, on=met, by=by
    )
    return _now(row)


def _votes(year: Year) -> Votes:
    best = year.random.randrange(18, RETURNED)
    fair = year.random.randrange(0, RETURNED - best + 1)
    basic = year.random.randrange(0, RETURNED - best - fair + 1)
    return Votes(best, fair, basic, RETURNED - best - fair - basic)


def _judge(year: Year, row: Appraisal, days: int) -> Appraisal:
    """Give the grades that scores reach, within the ratio, and confirm."""
    board, on = Board(row, year.ago(days)), year.ago(days)
    reached = [one for one in board.rated if one.suggested is Grade.EXCELLENT]
    best = {one.result.pk for one in reached[: board.limit]}
    grades = {
        one.result.pk: Judged(
            Grade.COMPETENT
            if one.suggested is Grade.EXCELLENT and one.result.pk not in best
            else one.suggested or Grade.BASIC
        )
        for one in board.rated
    }
    services.judge(appraisal=row, grades=grades, version=row.version, on=on)
    now = _now(row)
    services.confirm(appraisal=now, version=now.version, on=on, by=year.village)
    return _now(row)


def _announce(year: Year, row: Appraisal, days: int) -> None:
    """Put the 优秀 on view from some days ago on, for five days."""
    if row.at is not Stage.NOTICE:
        return
    first = year.ago(days)
    terms = Terms(
        first, first + dt.timedelta(days=4), f"村务监督委员会{row.chair}",
        "0739-2721234", "村部一楼", row.plan.notice_days, "本市履职评议方案",
    )  # fmt: skip
    made = filing.draft_notice(
        appraisal=row, content=announcement(Board(row, first)), terms=terms,
        version=row.version, on=first,
    )  # fmt: skip
    notices.publish(notice=made, by=year.village, on=first)


def _honour(year: Year) -> None:
    """Give last year's 优秀代表 of 长冲口村 their plaques; most have taken them."""
    past = year.today.year - 1
    day = min(dt.date(year.today.year, 1, 16), year.today)
    results = list(
        AppraisalResult.objects.excellent(past)
        .filter(region_id=OWN)
        .select_related("appraisal", "representative")
        .in_order()
    )
    awards = {
        one.pk: Award(f"长冲口优{past}-{n:02}", Given.BONUS, Decimal(300))
        if n % 2
        else Award(f"长冲口优{past}-{n:02}", Given.GIFT, gift="保温壶一只")
        for n, one in enumerate(results, 1)
    }
    made = honours.award(awards=awards, year=past, awarded_on=day, by=year.village)
    for one in made[:-1]:
        kept = Honour.objects.select_related("representative").get(pk=one.pk)
        honours.receive(
            honour=kept, received_on=day, receiver=kept.representative.name,
            version=kept.version, on=year.today,
        )  # fmt: skip
    honours.commend(
        region=Region.objects.get(code=OWN), year=past, held_on=day,
        place="村部会议室", words="结合村党组织书记述职一起表彰。", photos=(),
        by=year.village,
    )  # fmt: skip
    for best in results[:1]:
        honours.bring_on(
            representative=best.representative, kind=GrowthKind.ACTIVIST, started_on=day,
            decided="1月支部党员大会", on=year.today, by=year.village,
        )  # fmt: skip


def _choose(year: Year, village: Region) -> None:
    honours.choose_demonstration(
        village=village,
        year=year.today.year,
        lessons="代表包片修水渠，春耕备产和就业信息送上门，恳谈会开在院子里。",
        on=year.today,
        by=year.township,
    )


def _now(row: Appraisal) -> Appraisal:
    rows = Appraisal.objects.select_related("plan", "notice", "region__parent")
    return rows.get(pk=row.pk)
