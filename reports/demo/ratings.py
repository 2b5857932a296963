"""双约双评 of the demo: 长冲口村 quarter by quarter, its neighbours one at each stage.

All by the services, dated as it would have been: the quarter before the last is filed,
the last one is on view, the present one records. The city's recommended schemes are in
force; of the two covenants one has not been filed yet.
"""

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random

from django.db import transaction

from accounts.models import Post, User
from evaluations.announcing import announcement
from evaluations.models import RatingRound, Scheme, SchemeItem, VillageRating
from evaluations.models.schemes import scheme_for
from evaluations.rules.rounds import Act, number_on
from evaluations.rules.schemes import Scope
from evaluations.scoring import rated_households
from evaluations.services import covenants, entries, rounds, schemes, villages
from evaluations.services.entries import Deed
from households.models import Household
from notices import services as notices
from notices.services import Terms
from regions.codes import township_of
from regions.models import Region
from regions.scoping import narrowed
from sentiment.models import Review

OWN = 430582113219
DAY = dt.timedelta(days=1)
GOOD = (  # item, which share of the households, words
    ("参加村民小组会、恳谈会", 0.7, "签到表"),
    ("参加村民小组会、恳谈会", 0.4, "恳谈会签到"),
    ("卫生检查干净整洁", 0.6, "月中检查"),
    ("卫生检查干净整洁", 0.5, "月底检查"),
    ("参加义务劳动、志愿服务", 0.3, "清渠、扫路记工单"),
    ("参加义务劳动、志愿服务", 0.2, "冬修水利记工单"),
    ("为公益事业出钱出力", 0.12, "路灯捐款名单"),
    ("孝老爱亲、邻里互助，大家公认", 0.08, "小组推荐"),
    ("红白喜事事先报告，没有超过限额", 0.03, "红白理事会登记"),
)
BAD = (  # item, of the few who are not good, points, words
    ("乱搭乱建、乱堆乱放", 0.9, -1, "门口堆放柴火，已提醒"),
    ("邻里打架吵闹", 0.4, -3, "小组调解记录"),
    ("违反公约条款，有记录", 0.5, -4, "焚烧秸秆，现场记录"),
)
WORST = (
    ("家庭成员受到行政处罚", -10, "行政处罚决定书"),
    ("不赡养老人", -5, "调解笔录"),
    ("违反公约条款，有记录", -5, "焚烧秸秆，第二次"),
    ("乱搭乱建、乱堆乱放", -1, "占道堆放"),
)
RULES = """一、遵纪守法，不参与赌博、传销和封建迷信活动。
二、村民小组会、恳谈会按时参加，有话当面讲，定了的事一起办。
三、房前屋后自己打扫，不乱搭乱建、不乱堆乱放，不焚烧秸秆。
四、孝敬老人，爱护小孩，邻里有矛盾找代表、找调解员。
五、义务劳动、公益事业有钱出钱、有力出力。
六、违反本公约的，由代表上门提醒，记入家庭评定。"""
FEASTS = """一、办红白喜事提前三天报红白理事会。
二、白事从简，三天以内；红事不超过 30 桌。
三、不放高音喇叭过夜，不燃放大型烟花。
四、超过限额的，由红白理事会上门劝导，记入家庭评定。"""


@dataclass(frozen=True)
class Desk:
    """Who acts for a village, the township's post, the day of loading, the dice."""

    village: Post
    township: Post
    today: dt.date
    random: Random


def hold(posts: dict[str, Post], keeper: User, today: dt.date) -> int:
    """Rate what has not been rated; return how many rounds there are then."""
    with transaction.atomic():
        if RatingRound.objects.exists():
            return 0
        for year in (today.year - 1, today.year):
            for scope in Scope:
                put_in_force(posts["city"], year, scope, today)
        dice = Random(219)  # noqa: S311 - a demo's dice
        desk = Desk(posts["village"], posts["township"], today, dice)
        with narrowed(township_of(OWN)):
            agree_on_covenants(desk)
            rate_own(desk)
            rate_others(desk, keeper)
            rate_villages(desk)
            notices.end_due(today)
            hear()
            return RatingRound.objects.count()


def hear() -> None:
    """Let our village's meetings say what people think of it."""
    held = Review.objects.filter(region=OWN).submitted()
    held.update(covenants_say="评得公道，希望把加分的事早点告诉大家。")


def put_in_force(city: Post, year: int, scope: Scope, today: dt.date) -> None:
    """Let the city put the recommended scheme of a year in force."""
    draft = schemes.use_recommended(year=year, scope=scope, on=today, by=city)
    on = min(today, dt.date(year, 1, 20))
    schemes.put_in_force(scheme=draft, version=draft.version, on=on, by=city)


def agree_on_covenants(desk: Desk) -> None:
    """Enter our village's two covenants; the second waits for its filing (L26)."""
    adopted = dt.date(desk.today.year - 1, 12, 12)
    given = {
        "studied_on": adopted - 9 * DAY,
        "adopted_on": adopted,
        "adopted_by": "villagers",
        "meeting": "应到 386 户的代表，实到 291 人，279 人同意",
        "filed_on": adopted + 6 * DAY,
        "text": RULES,
    }
    late = given | {"filed_on": None, "text": FEASTS}
    for slot, title, text in ((1, "村规民约", given), (2, "红白喜事公约", late)):
        covenants.enter(
            village=desk.village.region,
            slot=slot,
            title=title,
            given=text,
            on=desk.today,
            by=desk.village,
        )


def quarters(today: dt.date, count: int) -> list[tuple[int, int]]:
    """Return the last quarters, the present one last: year and number."""
    last = today.year * 4 + number_on(today, 4) - 1
    return [divmod(n, 4) for n in range(last - count + 1, last + 1)]


def begun(desk: Desk, year: int, number: int) -> RatingRound:
    """Begin a quarter's round of the village that acts."""
    rows = Scheme.objects.in_force().filter(year=year, scope=Scope.HOUSEHOLD)
    first = dt.date(year, number * 3 + 1, 1)
    return rounds.begin(
        village=desk.village.region,
        scheme=rows.get(),
        number=number + 1,
        on=min(first + 4 * DAY, desk.today),
        by=desk.village,
    )


def rate_own(desk: Desk) -> None:
    """Rate our village: one quarter filed, one on view, one that records."""
    *before, (year, number) = quarters(desk.today, 3)
    for place, (earlier, which) in enumerate(before):
        round_ = begun(desk, earlier, which)
        record(desk, round_)
        is_last = place == len(before) - 1
        first = desk.today - 2 * DAY if is_last else round_.last_day + 20 * DAY
        to_notice(desk, round_, first)
        if not is_last:
            tell_all(desk, round_, first)
            step(round_, Act.FILE, desk.township, first + 8 * DAY)
    record(desk, begun(desk, year, number))


def record(desk: Desk, round_: RatingRound) -> None:
    """Write entries for a quarter: much good, little bad, a few who have to mend."""
    homes = list(rated_households(round_))
    desk.random.shuffle(homes)
    worst, bad, good = homes[:2], homes[2:12], homes[12:]
    for words, share, said in GOOD:
        chosen = [home for home in good if desk.random.random() < share]
        write(desk, round_, chosen, words, None, said)
    for words, share, points, said in BAD:
        chosen = [home for home in bad if desk.random.random() < share]
        write(desk, round_, chosen, words, points, said)
    for words, points, said in WORST:
        write(desk, round_, worst, words, points, said)


def write(
    desk: Desk,
    round_: RatingRound,
    homes: list[Household],
    words: str,
    points: int | None,
    said: str,
) -> None:
    """Write one item for some households, on a day of the round."""
    if not homes:
        return
    rows = SchemeItem.objects.select_related("category")
    item = rows.get(category__scheme=round_.scheme_id, words=words)
    last = min(round_.last_day, desk.today)
    day = (
        round_.first_day
        + desk.random.randrange((last - round_.first_day).days + 1) * DAY
    )
    deed = Deed(item, item.most if points is None else points, day, said)
    entries.enter(
        round_=round_, households=homes, deed=deed, today=desk.today, by=desk.village
    )


def step(round_: RatingRound, act: Act, by: Post, on: dt.date, words: str = "") -> None:
    """Take a step on a day."""
    round_.refresh_from_db()
    rounds.step(
        round_=round_, act=act, words=words, version=round_.version, on=on, by=by
    )
    round_.refresh_from_db()


def to_confirmed(desk: Desk, round_: RatingRound, on: dt.date) -> None:
    """Strike, review and confirm a round by a day; the panel breaks ties by group."""
    by = desk.village
    step(round_, Act.STRIKE, by, on - 8 * DAY)
    step(
        round_, Act.AGREE, by, on - 4 * DAY, "评议小组 9 人到会，逐户评议，没有不同意见"
    )
    step(round_, Act.CONFIRM, by, on - DAY, "村“两委”会议，7 人到会，一致同意")


def to_notice(desk: Desk, round_: RatingRound, first: dt.date) -> None:
    """Take a round to its notice, on view from a day on."""
    to_confirmed(desk, round_, first)
    terms = Terms(
        first, first + 6 * DAY, "村务监督委员会申主任", "0739-2721234", "村部一楼",
        least=7, basis="双约双评方案",
    )  # fmt: skip
    made = rounds.draft_notice(
        round_=round_,
        content=announcement(round_),
        terms=terms,
        version=round_.version,
        on=first,
    )
    notices.publish(notice=made, by=desk.village, on=first)


def tell_all(desk: Desk, round_: RatingRound, on: dt.date) -> None:
    """Tell the households of the last grade in private."""
    for row in round_.ratings.lowest().select_related("round"):
        mend = row.mend or "把门口的堆放清走，和邻居把话说开。"
        rounds.tell(rating=row, mend=mend, on=on, by=desk.village)


STAGES = ("filing", "notice", "confirm", "review", "record", "record")


def rate_others(desk: Desk, keeper: User) -> None:
    """Let villages of the township stand at each stage of the last quarter."""
    year, number = quarters(desk.today, 2)[0]
    rows = Region.objects.villages().current().filter(parent_id=township_of(OWN))
    others = rows.select_related("parent").exclude(pk=OWN).order_by("code")
    for stage, village in zip(STAGES, others, strict=False):
        post = Post(user=keeper, role="village_secretary", region=village)
        there = replace(desk, village=post)
        round_ = begun(there, year, number)
        homes = list(rated_households(round_)[:150])
        if not homes:
            continue
        for words, share, said in GOOD[4:7]:
            chosen = [home for home in homes if desk.random.random() < share]
            write(there, round_, chosen, words, None, said)
        move(there, round_, stage)


def move(desk: Desk, round_: RatingRound, stage: str) -> None:
    """Take a round to a stage."""
    if stage in ("filing", "notice"):
        first = desk.today - (12 if stage == "filing" else 3) * DAY
        to_notice(desk, round_, max(first, round_.last_day + 9 * DAY))
    elif stage != "record":
        step(round_, Act.STRIKE, desk.village, desk.today - 6 * DAY)
        if stage == "confirm":
            words = "评议小组 7 人到会，逐户评议"
            step(round_, Act.AGREE, desk.village, desk.today - 2 * DAY, words)


MARKS = {
    "村民代表会议每季度召开、有记录": ("8", "四个季度都有会议记录"),
    "两个公约修订、宣传到户": ("7.5", "村规民约重新印发到户"),
    "红白理事会、院落自治等做法有成效": ("7", "红白理事会登记 21 起"),
    "村容村貌": ("5.5", "镇里三次检查都合格"),
}


def rate_villages(desk: Desk) -> None:
    """Begin the year's rating of the villages; ours has the township's points."""
    rows = Region.objects.villages().current().filter(parent_id=township_of(OWN))
    villages.begin(
        year=desk.today.year, villages=list(rows), on=desk.today, by=desk.township
    )
    own = VillageRating.objects.get(region=OWN, year=desk.today.year)
    items = SchemeItem.objects.filter(category__scheme=own.scheme_id, words__in=MARKS)
    for item in items.select_related("category"):
        points, words = MARKS[item.words]
        villages.mark(
            rating=own, item=item, points=Decimal(points), words=words, by=desk.township
        )
    remember_villages(
        list(rows), scheme_for(own.region, own.year - 1, Scope.VILLAGE), desk
    )


def remember_villages(places: list[Region], scheme: Scheme | None, desk: Desk) -> None:
    """Bring in last year's ratings as the township had them in Excel: one in five praised."""
    if scheme is None:
        return
    best, middle, last = scheme.tiers.all()
    day = dt.date(scheme.year, 12, 20)
    made = []
    for place in places:
        lines = past_lines(scheme, desk.random.uniform(0.55, 1))
        total = sum(Decimal(line["points"]) for line in lines)
        made.append(
            VillageRating(
                region=place,
                scheme=scheme,
                year=scheme.year,
                state="filed",
                is_imported=True,
                lines=lines,
                total=total,
                tier=middle if total >= (middle.threshold or 0) else last,
                confirmed_on=day,
                confirmed_by=desk.township.user,
                filed_on=day,
            )
        )
    leading = sorted(made, key=lambda one: one.total or 0, reverse=True)
    for one in leading[: len(made) // 5]:
        one.tier = best
    VillageRating.objects.bulk_create(made)


def past_lines(scheme: Scheme, share: float) -> list[dict[str, str]]:
    """Return the points of a year that was rated on paper, item by item."""
    items = [item for part in scheme.categories.all() for item in part.items.all()]
    return [
        {
            "words": item.words,
            "most": str(item.most),
            "counted": "",
            "url": "",
            "points": str(round(Decimal(item.most) * Decimal(share), 1)),
        }
        for item in items
    ]
