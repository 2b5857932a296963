"""Visits: who is looked after, seen, still to be seen and overdue."""

from collections.abc import Iterable, Mapping

from django.urls import reverse

from accounts.permissions import Permission
from regions.models import Level
from reports.comparing import Kept, deltas_of, kept_of, on_time, so_far
from reports.figures.domain import (
    Asked,
    Cell,
    Column,
    Counts,
    Domain,
    Owner,
    Panel,
    View,
)
from reports.figures.standings import Sums, standings, standings_of_people
from reports.lights import LightRule, Worry
from reports.pace import firsts_of, pace_of
from reports.past import ON_TIME
from reports.periods import Span, Window, window
from ui.charts import Pace
from ui.figures import NONE, count_words, rate_words
from ui.parts import Delta, Kpi, Pair, Todo, Tone
from visits.models import HandedState, HandedVisit
from visits.standings import (
    EVERY,
    OVER_30,
    SEEN_IN_YEAR,
    TO_SEE,
    UNSEEN_IN_YEAR,
    Age,
    State,
)

RATES = (
    (Span.MONTH, "重点户本月走访率"),
    (Span.QUARTER, "普通户本季走访率"),
    (Span.YEAR, "联系户今年走访率"),
)


class Visiting(Domain):
    """Counted over the due dates (`visits.standings`); of many villages, by tallies."""

    key = "visiting"
    knows_past = True
    is_roll = True

    def counts(self, asked: Asked) -> Mapping[Owner, Counts]:
        """Return households by cadence and state; of representatives, or of places."""
        if asked.seen.is_over:
            return {}
        if asked.place.level != Level.VILLAGE:
            return standings(asked)
        return standings_of_people(asked)

    def kpis(self, view: View) -> Iterable[Kpi]:
        """Return coverage, or a representative's load; the rates; what is overdue."""
        if view.seen.is_over:
            return
        sums = Sums(view.counts)
        yield _coverage(view, sums) if view.person is None else _load(view, sums)
        for span, label in RATES:
            yield _rate_kpi(view, sums, window(span, view.seen.on), label)
        yield _on_time(view)
        yield _overdue(view, sums)

    def columns(self, asked: Asked) -> Iterable[Column]:
        """Return the rate of the period, then the households by how they stand."""
        if asked.seen.is_over:
            return
        span = asked.seen.span
        yield Column(span.rate_label, _rate_cell, "走访率 %")
        yield Column("联系户", _every_cell, "联系户")
        if asked.place.level != Level.VILLAGE:
            yield Column("没人联系", _nobody_cell, "没人联系")
        yield Column(f"{span.label}已走访", _seen_cell, "已走访")
        yield Column("还没走访", _to_see_cell, "还没走访")
        yield Column("超期", _overdue_cell, "超期")
        yield Column("超 30 天", _long_cell, "超 30 天")

    def worries(self, view: View) -> Iterable[Worry]:
        """Return what `rule` says of a place, or of a representative's households."""
        sums = Sums(view.counts)
        if view.seen.is_over:
            return
        if view.is_nobodys:
            yield Worry("bad", "没有人联系")
        elif view.person is not None:
            yield from _worries_of_person(view, sums)
        else:
            yield from _worries_of_place(view, sums)

    def rule(self, asked: Asked, rule: LightRule) -> str:
        """Return when a line is an exception."""
        if asked.seen.is_over:
            return ""
        if asked.place.level == Level.VILLAGE:
            return (
                f"预警：超期户占他联系户的 {rule.person_bad:g}% 以上；关注：有超期的户；"
                "正常：没有超期的户。"
            )
        return (
            f"预警：走访率比时序进度慢 {rule.behind_bad:g} 个百分点以上，或超期户占联系户 "
            f"{rule.overdue_bad:g}% 以上；关注：慢 {rule.behind_warn:g} 个百分点以上，"
            f"或超期户占 {rule.overdue_warn:g}% 以上，或没人联系的户占 "
            f"{rule.nobody_warn:g}% 以上；正常：都没有。"
            f"应走访不到 {rule.few} 户的不看走访率。"
        )

    def piles(self, view: View) -> Iterable[Todo]:
        """Return the households to ask about first, and records that phones handed in."""
        sums = Sums(view.counts)
        return (
            Todo(
                sums.long_overdue, "超期超过 30 天的户", "先看这些，问清楚为什么没有去", "bad",
                "看名单", households(view, State.OVERDUE, age=OVER_30),
            ),
            Todo(
                sums.nobody, "没有联系人的户", "户户要有人联系", "bad", *_assigning(view)
            ),
            Todo(
                handed_in(view.asked), "代表交来的走访", "手机上没有记上，等村里处理", "warn",
                "去处理", _handed(view),
            ),
        )  # fmt: skip

    def panels(self, view: View) -> Iterable[Panel]:
        """Return the pace of the period, the ages, and whom no rate counts."""
        if view.seen.is_over:
            return
        if view.person is None:
            yield Panel(
                "走访进度",
                template="reports/_pace.html",
                data={"pace": pace_in(view), "seen": view.seen},
                unit="单位：%",
            )
        yield Panel("超期多久", ages(view))
        yield Panel("不算在走访率里的户", others(view))


# --- addresses ------------------------------------------------------------------


def households(view: View, state: str, **more: str) -> str:
    """Return the list of a line's households in a state; empty without the right."""
    if not view.may(Permission.VISIT_VIEW):
        return ""
    return view.link("visits:overdue", state=state, **more)


def seen_url(view: View, span: Span) -> str:
    """Return the list of those seen in the period."""
    if span is Span.YEAR:
        return households(view, SEEN_IN_YEAR)
    return households(view, State.SEEN, cadence=span.value)


def to_see_url(view: View, span: Span) -> str:
    """Return the list of those still to be seen in the period."""
    if span is Span.YEAR:
        return households(view, UNSEEN_IN_YEAR)
    return households(view, TO_SEE, cadence=span.value)


def _assigning(view: View) -> tuple[str, str]:
    place = view.asked.place
    if place.level == Level.VILLAGE and view.may(Permission.HOUSEHOLD_EDIT):
        return "去分配", reverse("households:links", args=[place.code])
    return "看名单", households(view, State.NOBODY)


def _handed(view: View) -> str:
    is_own = view.post is not None and view.post.region_id == view.asked.place.code
    sees = is_own and view.may(Permission.VISIT_VIEW)
    return reverse("visits:handed") if sees else ""


def handed_in(asked: Asked) -> int:
    """Return how many records that phones could not store wait for the village."""
    return asked.rows(HandedVisit.objects.filter(state=HandedState.WAITING)).count()


# --- the strip ------------------------------------------------------------------


def _coverage(view: View, sums: Sums) -> Kpi:
    note = f"共 {count_words(sums.households)} 户"
    missing = f"{count_words(sums.nobody)} 户没有联系人"
    return Kpi(
        "户户有人联",
        None if sums.coverage is None else rate_words(sums.coverage),
        "%",
        households(view, State.NOBODY),
        "bad" if sums.nobody else "",
        notes=(note, missing),
    )


def _load(view: View, sums: Sums) -> Kpi:
    return Kpi("联系户", count_words(sums.households), "户", households(view, EVERY))


def _rate_kpi(view: View, sums: Sums, seen: Window, label: str) -> Kpi:
    rate, span = sums.rate(seen.span), seen.span
    done, owing = count_words(sums.seen(span)), count_words(sums.owing(span))
    return Kpi(
        label,
        None if rate is None else rate_words(rate),
        "%",
        to_see_url(view, span),
        share=rate,
        elapsed=seen.elapsed if rate is not None else None,
        deltas=_deltas(view, seen, rate),
        notes=(
            f"已走访 {done} / {owing} 户",
            f"还有 {count_words(sums.to_see(span))} 户",
        ),
    )


def _deltas(view: View, seen: Window, rate: float | None) -> tuple[Delta, ...]:
    if rate is None or view.person is not None:
        return ()
    return deltas_of(so_far(kept(view), seen), rate, seen)


def kept(view: View) -> dict[str, Kept]:
    """Return what the periods before, and of the year before, had when they closed."""
    asked = view.asked
    running = [window(span, asked.seen.on) for span in Span]
    wanted = {
        past.key: past for seen in running for past in (seen.before, seen.year_before)
    }
    return asked.once("kept", lambda: kept_of(asked.place, tuple(wanted.values())))


def _on_time(view: View) -> Kpi:
    """走访按期率: of the visits owed in the periods of a year, those that came in time."""
    owing, missed = on_time(view.asked.place, view.seen.on, view.person)
    url = ""
    if view.may(Permission.VISIT_VIEW):
        place = (view.place or view.asked.place).code
        url = reverse("reports:past", args=[place]) + f"?p={ON_TIME}&outcome=unseen"
        url += f"&representative={view.person.pk}" if view.person else ""
    return Kpi(
        "走访按期率",
        rate_words((owing - missed) * 100 / owing) if owing else None,
        "%",
        url,
        notes=("近一年各月各季", f"没按期 {count_words(missed)} 户次"),
    )


def _overdue(view: View, sums: Sums) -> Kpi:
    return Kpi(
        "超期未走访",
        count_words(sums.overdue),
        "户",
        households(view, State.OVERDUE),
        "bad" if sums.overdue else "ok",
        notes=(f"其中超过 30 天 {count_words(sums.long_overdue)} 户",),
    )


# --- the table ------------------------------------------------------------------


def _rate_cell(view: View) -> Cell:
    sums, span = Sums(view.counts), view.seen.span
    behind = _behind(view, sums)
    tone = (
        "bad" if behind >= view.rule.behind_bad
        else "warn" if behind >= view.rule.behind_warn else ""
    )  # fmt: skip
    rate = sums.rate(span)
    return Cell(NONE if rate is None else rate_words(rate), tone=tone, share=rate)


def _every_cell(view: View) -> Cell:
    state = State.NOBODY if view.is_nobodys else EVERY
    return _cell(view, Sums(view.counts).households, households(view, state))


def _nobody_cell(view: View) -> Cell:
    nobody = Sums(view.counts).nobody
    return _cell(view, nobody, households(view, State.NOBODY), "bad")


def _seen_cell(view: View) -> Cell:
    span = view.seen.span
    return _cell(view, Sums(view.counts).seen(span), seen_url(view, span))


def _to_see_cell(view: View) -> Cell:
    span = view.seen.span
    return _cell(view, Sums(view.counts).to_see(span), to_see_url(view, span))


def _overdue_cell(view: View) -> Cell:
    url = households(view, State.OVERDUE)
    return _cell(view, Sums(view.counts).overdue, url, "bad")


def _long_cell(view: View) -> Cell:
    url = households(view, State.OVERDUE, age=OVER_30)
    return _cell(view, Sums(view.counts).long_overdue, url, "bad")


def _cell(view: View, number: int, url: str, tone: str = "") -> Cell:
    # Nobody's households owe nothing: noughts, and no list of theirs to show.
    leads = number or not view.is_nobodys
    return Cell(count_words(number), url if leads else "", tone if number else "")


# --- the lights -----------------------------------------------------------------


def _worries_of_person(view: View, sums: Sums) -> Iterable[Worry]:
    if not sums.overdue:
        return
    share = sums.overdue * 100 / sums.looked_after
    yield Worry(
        "bad" if share >= view.rule.person_bad else "warn", f"{sums.overdue} 户超期"
    )


def _worries_of_place(view: View, sums: Sums) -> Iterable[Worry]:
    behind, rule = _behind(view, sums), view.rule
    if behind >= rule.behind_warn:
        tone: Tone = "bad" if behind >= rule.behind_bad else "warn"
        yield Worry(tone, f"走访率慢 {behind:.0f} 个百分点")
    share = sums.overdue * 100 / (sums.looked_after or 1)
    if share >= rule.overdue_warn:
        tone = "bad" if share >= rule.overdue_bad else "warn"
        yield Worry(tone, f"超期户占 {rate_words(share)}%")
    if sums.nobody * 100 >= rule.nobody_warn * (sums.households or 1):
        yield Worry("warn", f"{sums.nobody} 户没人联系")


def _behind(view: View, sums: Sums) -> float:
    """Return how many points the rate is behind the time elapsed; 0 for a few."""
    rate = sums.rate(view.seen.span)
    if rate is None or sums.owing(view.seen.span) < view.rule.few:
        return 0.0
    return view.seen.elapsed - rate


# --- beside the table -----------------------------------------------------------


def pace_in(view: View) -> Pace | None:
    """Return the chart of the period, against the one before as it was closed."""
    place, seen = view.asked.place, view.seen
    before, sums = kept(view).get(seen.before.key), Sums(view.counts)
    return pace_of(firsts_of(place, seen, sums.seen(seen.span)), before, sums, seen)


def ages(view: View) -> tuple[Pair, ...]:
    """Return the overdue households by age, each a link to its list."""
    sums = Sums(view.counts)
    return tuple(
        Pair(
            f"{age.label}（户）",
            count_words(sums.aged(age)),
            "bad" if sums.aged(age) and age is not Age.SHORT else "",
            households(view, State.OVERDUE, age=age.value),
        )
        for age in Age
    )


def others(view: View) -> tuple[Pair, ...]:
    """Return the households that no rate counts: excused, and not yet owing."""
    sums = Sums(view.counts)
    return tuple(
        Pair(
            f"{state.label}（户）",
            count_words(sums.of(state)),
            url=households(view, state),
        )
        for state in (State.EXCUSED, State.FREE)
    )
