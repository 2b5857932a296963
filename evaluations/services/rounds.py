"""评家庭 step by step: begin, record, strike, place, confirm, put on view, file.

Each step locks the round and asks for the version of the page; a second person who was
looking at an older page is told. Grades with a quota are counted under that lock, and
once more by the database (`evaluations.triggers`).
"""

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.editing import save_next
from accounts.models import Post
from accounts.services import NotYours, Refused
from appraisals.models import AppraisalResult
from evaluations import telling
from evaluations.models import (
    HouseholdRating,
    RatingRound,
    RoundStep,
    Scheme,
    SchemeState,
)
from evaluations.models.covenants import covenants_on
from evaluations.rules import rounds as rules
from evaluations.rules import scores
from evaluations.rules.covenants import risky_words
from evaluations.rules.rounds import Act, Impossible, Noticed, NotTheirs, Stage
from evaluations.rules.schemes import Edition, Scope
from evaluations.scoring import Home, homes_of
from evaluations.services.covenants import note_risk
from notices import services as notices
from notices.models import PublicNotice, State
from notices.rules import Content, Kind
from notices.services import Terms
from regions.models import Level, Region
from representatives.services import ActedMeanwhile

GRADES_GO = (Act.GIVE_BACK, Act.CANCEL)
"""Steps after which what was struck stands no longer."""


@transaction.atomic
def begin(
    *, village: Region, scheme: Scheme, number: int, on: dt.date, by: Post
) -> RatingRound:
    """Begin a round of a village under the edition in force.

    Raises Refused for a period that has not begun, and for one that was begun before.
    """
    _refuse_scheme(village, scheme)
    first, last = rules.period_of(scheme.year, scheme.rounds, number)
    title = scheme.title_of(number)
    if first > on:
        raise Refused(f"{title}还没有到，{first} 以后再启动。")
    used = {version.covenant.slot: version for version in covenants_on(village.pk, on)}
    try:
        with transaction.atomic():
            made = RatingRound.objects.create(
                region=village,
                scheme=scheme,
                year=scheme.year,
                number=number,
                first_day=first,
                last_day=last,
                covenant_one=used.get(1),
                covenant_two=used.get(2),
                began_on=on,
                began_by=by.user,
            )
    except IntegrityError as begun:
        raise Refused(f"{title}的评定已经启动，请在下面接着办。") from begun
    telling.tell_of_beginning(made, on=on, by=by)
    return made


def _refuse_scheme(village: Region, scheme: Scheme) -> None:
    if village.level != Level.VILLAGE:
        raise Refused("评定由村（社区）启动。")
    if scheme.state != SchemeState.IN_FORCE or scheme.scope != Scope.HOUSEHOLD:
        raise Refused("还没有执行中的评家庭方案，请等市里发布。")


@transaction.atomic
def step(
    *,
    round_: RatingRound,
    act: Act,
    words: str,
    version: int,
    on: dt.date,
    by: Post,
) -> RatingRound:
    """Take one step of the table (`evaluations.rules.rounds`).

    Raises Refused in the words of the rules, NotYours for a step that is another post's,
    ActedMeanwhile if somebody was first.
    """
    now = locked(round_, version)
    try:
        line = rules.transition(now.at, act, words, by.kind.permissions)
    except NotTheirs as theirs:
        raise NotYours(str(theirs)) from theirs
    except Impossible as impossible:
        raise Refused(str(impossible)) from impossible
    if act is Act.FILE and (missing := missing_for_filing(now, on)):
        raise Refused("".join(missing))
    if act is Act.REDO:
        _part_from_notice(now, on)
    if act in GRADES_GO and now.at is Stage.REVIEW:
        now.ratings.all().delete()
    _move(now, line.to, on)
    if act is Act.STRIKE:
        _strike(now)
    _note(now, act, words, on, by)
    telling.tell_of_step(now, act, words, on=on, by=by)
    return now


def _part_from_notice(now: RatingRound, on: dt.date) -> None:
    """Let a round go on without its last notice: what is confirmed next is shown anew.

    Raises Refused while it is on view.
    """
    held: PublicNotice | None = now.notice
    if held and held.stands(on):
        raise Refused("结果正在公示，请先撤下公示，再重新评议。")
    now.notice = None
    now.save(update_fields=["notice"])
    notices.discard(held)


def _move(now: RatingRound, to: Stage, on: dt.date) -> None:
    frozen = to in (Stage.NOTICE, Stage.DONE)
    save_next(
        now,
        stage=to.value,
        confirmed_on=(now.confirmed_on or on) if frozen else None,
        filed_on=on if to is Stage.DONE else None,
    )


def _note(now: RatingRound, act: Act, words: str, on: dt.date, by: Post) -> None:
    RoundStep.objects.create(
        region_id=now.region_id,
        round=now,
        act=act.value,
        stage=now.stage,
        on=on,
        words=words.strip()[:300],
        by=by.user,
        at=timezone.now(),
    )


def locked(round_: RatingRound, version: int | None = None) -> RatingRound:
    """Return the round as it is now; of two who act at once the second waits.

    Raises ActedMeanwhile if it is not the one that the page was opened with.
    """
    rows = RatingRound.objects.select_for_update(no_key=True, of=("self",))
    now = rows.select_related("scheme__owner", "notice", "region").get(pk=round_.pk)
    if version is not None and now.version != version:
        raise ActedMeanwhile(now)
    return now


# --- grades -----------------------------------------------------------------------------


def preferred_in(round_: RatingRound) -> frozenset[int]:
    """Return the households that come first among equals: those of 优秀代表 (the report).

    Of the round's year; until its appraisal is filed, usually at the end, of the year
    before.
    """
    for year in (round_.year, round_.year - 1):
        honoured = AppraisalResult.objects.excellent(year)
        honoured = honoured.filter(region=round_.region_id)
        if honoured.exists():
            return frozenset(honoured.households().values_list("pk", flat=True))
    return frozenset()


def _strike(now: RatingRound) -> None:
    """Write what the entries came to, and the grades that the rules give."""
    edition = now.scheme.edition()
    homes = homes_of(now, edition, preferred_in(now))
    if not homes:
        raise Refused("名册里还没有联系户，没有可评的。请先导入联系户名册。")
    given = scores.assign(edition, [home.standing for home in homes])
    HouseholdRating.objects.bulk_create(
        HouseholdRating(
            region_id=now.region_id,
            round=now,
            household=home.household,
            tier_id=given.tiers[home.household.pk],
            **_frozen(home, edition),
        )
        for home in homes
    )


def _frozen(home: Home, edition: Edition) -> dict[str, Any]:
    found = home.score
    vetoed = bool(found.vetoes)
    low = scores.reached(edition, home.standing) == edition.last_tier
    return {
        "parts": {part.name: part.score for part in found.parts},
        "plus": found.plus,
        "minus": found.minus,
        "total": found.total,
        "vetoes": list(found.vetoes),
        "is_preferred": home.is_preferred,
        "mend": mending_words(home) if low or vetoed else "",
    }


def mending_words(home: Home) -> str:
    """Return what a household should mend, from where it lost points."""
    weak = [part.name for part in home.score.parts if part.score < part.base]
    words = f"请在{'、'.join(weak)}方面改进。" if weak else ""
    return f"{'；'.join(home.score.vetoes)}。{words}" if home.score.vetoes else words


@transaction.atomic
def place(
    *, rating: HouseholdRating, tier: int, reason: str, version: int, by: Post
) -> HouseholdRating:
    """The panel gives a household one of the grades it may have; a place must be free.

    Raises Refused beyond the line or the quota, without a reason, and once the panel is
    done.
    """
    now = locked(rating.round, version)
    if now.at is not Stage.REVIEW:
        raise Refused(f"现在是“{now.at.label}”，等次不能再调整。")
    edition = now.scheme.edition()
    row = HouseholdRating.objects.select_related("household").get(pk=rating.pk)
    wanted = next(
        (t for t in scores.allowed(edition, row.standing) if t.key == tier), None
    )
    if wanted is None:
        raise Refused(f"{row.household}的总分是 {row.total}，不能评这个等次。")
    if not reason.strip():
        raise Refused("请写明为什么这样定，公布后有人问起好答复。")
    if wanted.key != row.tier_id:
        _refuse_full(now, edition, wanted.key)
    row.tier_id, row.placing = wanted.key, reason.strip()[:200]
    row.save(update_fields=["tier", "placing"])
    return row


def _refuse_full(now: RatingRound, edition: Edition, tier: int) -> None:
    held = list(now.ratings.values_list("tier", flat=True))
    wanted = next(one for one in edition.tiers if one.key == tier)
    limit = wanted.limit(len(held))
    if limit is not None and held.count(tier) >= limit:
        raise Refused(
            f"“{wanted.name}”的名额是 {limit} 户，已经满了。"
            "要加这一户，请先把同分的另一户调下来。"
        )


@transaction.atomic
def tell(*, rating: HouseholdRating, mend: str, on: dt.date, by: Post) -> None:
    """Note that a household of the last grade was told in private, and what to mend."""
    now = locked(rating.round)
    if now.confirmed_on is None:
        raise Refused("“两委”确认以后再告知。")
    if on > timezone.localdate():
        raise Refused("告知日期不能晚于今天。")
    if not mend.strip():
        raise Refused("请写明要改进什么，告知书上要用。")
    if words := risky_words(mend):
        note_risk("告知书", words, region=now.region_id, by=by)
    last = HouseholdRating.objects.lowest().filter(pk=rating.pk)
    if not last.update(mend=mend.strip()[:300], told_on=on, told_by=by.user):
        raise Refused("只有最后一等的家庭才要单独告知。")


# --- the notice, and the filing ----------------------------------------------------------


def noticed(round_: RatingRound) -> Noticed:
    """Return how the notice of a round stands; none is needed without anybody to praise."""
    held = round_.notice
    if held and held.state in (State.PUBLISHED, State.ENDED):
        waiting = held.objections.filter(settled_on=None).count()
        return Noticed(ends=held.last_day, open_objections=waiting)
    return Noticed(is_needed=round_.ratings.public().exists())


def missing_for_filing(round_: RatingRound, on: dt.date) -> tuple[str, ...]:
    """Return what stands in the way of filing a round, in words."""
    return rules.missing_for_filing(noticed(round_), on)


@transaction.atomic
def draft_notice(
    *,
    round_: RatingRound,
    content: Content,
    terms: Terms,
    version: int,
    on: dt.date,
) -> PublicNotice:
    """Write the notice of the praised households; it is put on view from its own page.

    A draft that is there is replaced in its words and days. Raises Refused before the
    round is confirmed and while a notice is on view.
    """
    now = locked(round_, version)
    if now.at is not Stage.NOTICE:
        raise Refused(f"现在是“{now.at.label}”，还不能公示。")
    made = notices.redraft(now, kind=Kind.RATING, content=content, terms=terms, on=on)
    save_next(now, notice=made)
    return made
