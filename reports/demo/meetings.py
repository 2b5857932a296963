"""恳谈会 and 民情分析会 of the demo: most held, some missing, one month in work.

Set-based for whole townships; what 长冲口村 has to decide on this month comes by the
services, as it would at the village.
"""

import datetime as dt
import uuid
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from django.db import transaction
from django.utils import timezone

from accounts.models import Post, User
from households.models import ContactLink, Household
from regions.models import Region
from regions.scoping import narrowed
from representatives.models import Representative
from sentiment.models import (
    Issue,
    IssueStep,
    Review,
    ReviewItem,
    Source,
    TalkMeeting,
    TalkPresence,
)
from sentiment.review_queue import hints_for, queue_of
from sentiment.services import Heard, collect, decide, merge
from sentiment.services.reviews import begin, decide_item
from visits.rules import Cadence

DAY = dt.timedelta(days=1)
KINDS = ("talk", "yard", "yard", "court", "bench", "evening")
TOPICS = (
    "冬季用水、水管检修", "医保缴费、高龄补贴", "路灯和通组路养护", "秸秆禁烧、人居环境",
    "油茶收购和技术课", "邻里纠纷、林地边界", "用电用火安全", "村规民约怎么评",
)  # fmt: skip
REPLIES = (
    "",
    "路灯的事当场答应报村里。",
    "医保政策当场讲清楚了。",
    "能办的记下，办不了的报上去。",
)
CONCLUSIONS = (
    "本月民情以用水、路灯为主，能办的限期办好，办不了的报镇里。",
    "抓紧冬修，先保老人户用水；医保缴费由代表逐户讲清。",
    "本月群众反映不多，继续做好走访，月底前补齐没走访的户。",
)
MEMBERS_SAY = ("要把限期办的事公示出来。", "建议党员带头清理渠道。", "")
PEOPLE_SAY = ("代表反映老人打电话不方便，要多上门。", "建议路灯统一检修。", "")


@dataclass(frozen=True)
class Keeping:
    """Who enters it, and today."""

    keeper: User
    today: dt.date


def hold(code: int, keeper: User, today: dt.date) -> int:
    """Write a township's meetings of this and the last quarter; return the talks.

    One that has meetings already is left alone.
    """
    with narrowed(code), transaction.atomic():
        if TalkMeeting.objects.exists():
            return 0
        random = Random(zlib.crc32(f"meetings {code}".encode()))  # noqa: S311 - a demo's dice
        keeping = Keeping(keeper, today)
        talks = list(_talks(random, keeping))
        TalkMeeting.objects.bulk_create(talks)
        TalkPresence.objects.bulk_create(_presences(random, talks))
        Review.objects.bulk_create(_reviews(random, keeping, code))
        return len(talks)


def _talks(random: Random, keeping: Keeping) -> Iterator[TalkMeeting]:
    now = Cadence.QUARTER.period(keeping.today)
    before = Cadence.QUARTER.period(now.start - DAY)
    first = Cadence.QUARTER.period(before.start - DAY)
    people = Representative.objects.serving(keeping.today).order_by("pk")
    for person in people.select_related("group"):
        for period, share in ((first, 0.97), (before, 0.94), (now, 0.72)):
            last = min(period.end, keeping.today)
            if random.random() > share or last <= period.start:
                continue
            day = period.start + dt.timedelta(
                random.randrange((last - period.start).days)
            )
            yield _talk(random, person, day, keeping)


def _talk(
    random: Random, person: Representative, day: dt.date, keeping: Keeping
) -> TalkMeeting:
    return TalkMeeting(
        id=uuid.UUID(int=random.getrandbits(128), version=4),
        region_id=person.region_id,
        representative=person,
        kind=random.choice(KINDS),
        held_on=day,
        place=f"{person.group}{person.name}家院子" if person.group else "村部",
        topics=random.choice(TOPICS),
        replies=random.choice(REPLIES),
        entered_by=keeping.keeper,
        on_behalf=True,
        entered_at=_evening(day),
    )


def _presences(random: Random, talks: Sequence[TalkMeeting]) -> list[TalkPresence]:
    homes: dict[int, list[int]] = {}
    links = ContactLink.objects.filter(ended_on=None).order_by("pk")
    for person, home in links.values_list("representative_id", "household_id"):
        homes.setdefault(person, []).append(home)
    return [
        TalkPresence(region_id=talk.region_id, meeting=talk, household_id=home)
        for talk in talks
        for home in homes.get(talk.representative_id, ())
        if random.random() < 0.7
    ]


def _reviews(random: Random, keeping: Keeping, code: int) -> Iterator[Review]:
    """Yield the last three months' reviews, most of them, and some of this month."""
    villages = Region.objects.current().villages().filter(parent_id=code)
    month = keeping.today.replace(day=1)
    for village in villages.order_by("code"):
        for share in (0.55, 0.88, 0.93, 0.95):
            day = _meeting_day(random, month, keeping.today)
            if random.random() < share and day:
                yield _review(random, village, month, day, keeping)
            month = (month - DAY).replace(day=1)
        month = keeping.today.replace(day=1)


def _meeting_day(random: Random, month: dt.date, today: dt.date) -> dt.date | None:
    """Return a day late in the month, none before the month has got so far."""
    last = min(Cadence.MONTH.period(month).end, today)
    day = last - dt.timedelta(random.randrange(6))
    return day if day >= month + dt.timedelta(days=14) else None


def _review(
    random: Random, village: Region, month: dt.date, day: dt.date, keeping: Keeping
) -> Review:
    expected = random.randrange(24, 48)
    at = _evening(day)
    returned = month == keeping.today.replace(day=1) and random.random() < 0.08
    return Review(
        region=village,
        month=month,
        state="returned" if returned else "submitted",
        held_on=day,
        place="村部会议室",
        chair=f"{village.name}书记",
        expected=expected,
        present=expected - random.randrange(6),
        attendees=f"党员{random.randrange(8, 20)}人",
        members_say=random.choice(MEMBERS_SAY),
        representatives_say=random.choice(PEOPLE_SAY),
        conclusion=random.choice(CONCLUSIONS),
        submitted_at=at,
        submitted_by=keeping.keeper,
        returned_at=timezone.now() if returned else None,
        returned_by=keeping.keeper if returned else None,
        return_reason="没有写责任人和期限，请补上。" if returned else "",
    )


def _evening(day: dt.date) -> dt.datetime:
    at = dt.datetime.combine(day, dt.time(19), timezone.get_current_timezone())
    return min(at, timezone.now())


# --- 长冲口村 ---------------------------------------------------------------------------

WATER = (
    "从上个月底起三天才来一次水，老人提不动，灌两桶要管三天。",
    "冬季缺水，三天来一次，去年也是这样，说要接主管，一直没动静。",
    "家里三天没来水了，问什么时候接主管。",
)
MATTERS = (
    ("医疗健康", "医保今年又涨了，想缓缴到过年。", "bad"),
    ("基础设施", "通组路路灯坏了五盏，晚上不敢出门。", "bad"),
    ("就业产业", "希望多办几次油茶技术课。", "fair"),
    ("土地房屋", "林地边界和邻居说不清，想请村里来看。", "bad"),
    ("土地房屋", "屋顶漏雨，想申请危房改造。", "bad"),
    ("人居环境", "垃圾车一周只来一次，桶满了没人收。", "fair"),
    ("医疗健康", "卫生室缺常用降压药。", "fair"),
    ("养老儿童服务", "孩子在外打工，想请人帮着买煤。", "fair"),
    ("矛盾纠纷", "两家共用的水沟堵了，为谁清吵过两回。", "bad"),
    ("村务与干部作风", "双评要公道，谁家红榜谁家黄榜要先公示。", "fair"),
)
LAST_YEAR = ("基础设施", "冬季缺水，水三天才来一次，要接主管。")
LAST_MONTH = (
    ("人居环境", "村规民约里说的禁燃秸秆，宣传还不到位。", "village"),
    ("基础设施", "进组公路塌方没修，下雨过不去车。", "township"),
    ("教育", "校车不到 5 组，孩子走四里路。", "township"),
)


def prepare(post: Post, today: dt.date) -> int:
    """Let 长冲口村 have a month of matters and a review in work; return the matters."""
    with narrowed(post.region_id), transaction.atomic():
        if Issue.objects.filter(source=Source.CALLER).exists():
            return 0
        homes = list(
            Household.objects.living()
            .filter(links__ended_on=None, links__isnull=False)
            .order_by("pk")[: len(WATER) + len(MATTERS)]
        )
        if len(homes) < len(WATER) + len(MATTERS):
            return 0
        _settled(post, today)
        _last_year(post, homes[0], today)
        _last_month(post, homes, today)
        heard = _this_month(post, homes, today)
        review = begin(village=post.region, month=today, by=post)
        _begun(post, review, today)
        return len(heard)


def _settled(post: Post, today: dt.date) -> None:
    """Let what earlier visits brought up be done, told and closed, as it was."""
    said = Issue.objects.filter(region=post.region, source=Source.VISIT)
    steps = []
    for issue in said.filter(state="collected"):
        done = min(issue.heard_on + dt.timedelta(days=4), today)
        issue.state, issue.result, issue.answer = "closed", "已经办好。", "good"
        issue.way, issue.person = "village", "申秋云"
        issue.accepted_on = issue.resolved_on = issue.told_on = issue.closed_on = done
        issue.version += len(CLOSING)
        steps += [_step(post, issue, n, *step) for n, step in enumerate(CLOSING, 1)]
        issue.save()
    IssueStep.objects.bulk_create(steps)


CLOSING = (("resolve", "resolved"), ("tell", "told"), ("close", "closed"))


def _step(post: Post, issue: Issue, number: int, action: str, state: str) -> IssueStep:
    return IssueStep(
        region_id=issue.region_id,
        issue=issue,
        action=action,
        state=state,
        holder="village",
        way="village",
        version=issue.version - len(CLOSING) + number,
        words=issue.result if action == "resolve" else "",
        on=issue.closed_on or issue.heard_on,
        at=timezone.now(),
        by=post.user,
        by_words=f"{post.region.name} {post.kind.label}"[:60],
    )


def _hear(post: Post, home: Household, said: tuple[str, ...], on: dt.date) -> Issue:
    topic, words, felt = said
    heard = Heard(
        source=Source.CALLER,
        heard_on=on,
        topic=topic,
        words=words,
        household=home,
        satisfaction=felt,
    )
    return collect(heard=heard, on=on, by=post)


def _last_year(post: Post, home: Household, today: dt.date) -> None:
    issue = _hear(post, home, (*LAST_YEAR, "bad"), today - dt.timedelta(days=350))
    decide(
        issue=issue,
        version=issue.version,
        way="township",  # type: ignore[arg-type]
        words="报镇里申请接主管。",
        on=today - dt.timedelta(days=340),
        by=post,
    )


def _last_month(post: Post, homes: Sequence[Household], today: dt.date) -> None:
    """Hold last month's meeting, as it was: three matters, one of them late now."""
    end = today.replace(day=1) - DAY
    held_on = end - dt.timedelta(days=3)
    Review.objects.filter(region=post.region, month__gte=end.replace(day=1)).delete()
    review = Review.objects.create(
        region=post.region,
        month=end.replace(day=1),
        state="submitted",
        held_on=held_on,
        place="村部会议室",
        chair=post.user.name,
        recorder="文书",
        expected=52,
        present=47,
        attendees="党员18人",
        conclusion="秸秆禁烧由村里逐户讲清，塌方路段和校车报镇里。",
        submitted_at=_evening(held_on),
        submitted_by=post.user,
    )
    for home, (topic, words, way) in zip(homes, LAST_MONTH, strict=False):
        issue = _hear(
            post, home, (topic, words, "fair"), held_on - dt.timedelta(days=9)
        )
        decide(
            issue=issue,
            version=issue.version,
            way=way,  # type: ignore[arg-type]
            words="会上定下的事。",
            person="申秋云",
            on=held_on,
            by=post,
        )
        ReviewItem.objects.create(
            region=post.region,
            review=review,
            issue=issue,
            decision=way,
            person="申秋云",
            due_on=held_on + dt.timedelta(days=7),
            conclusion="会上定下的事。",
        )


def _this_month(post: Post, homes: Sequence[Household], today: dt.date) -> list[Issue]:
    first = today.replace(day=1)
    said = [("基础设施", words, "bad") for words in WATER] + list(MATTERS)
    days = max((today - first).days, 1)
    heard = [
        _hear(post, home, one, min(first + dt.timedelta(n * days // len(said)), today))
        for n, (home, one) in enumerate(zip(homes, said, strict=False))
    ]
    water = heard[: len(WATER)]
    merge(
        issues=[(one, one.version) for one in water[1:]],
        into=water[0],
        version=water[0].version,
        on=today,
        by=post,
    )
    return heard


def _begun(post: Post, review: Review, today: dt.date) -> None:
    """Decide on the last three matters, as a clerk has begun to."""
    queue, hints = queue_of(review, today), hints_for(review, post.region, today)
    for matter in queue.matters[-3:]:
        decide_item(
            review=review,
            issue=matter.issue,
            given={"decision": "village"},
            was={},
            hints=hints.of(matter.issue),
        )
