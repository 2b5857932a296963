"""How each household stands today, and the lists of those that stand so.

One expression sorts every duty into one of six states. `visits.heaps` counts by it and
lists filter by it, so a number and the list that it leads to cannot differ. It is
`visits.rules.standing` in SQL (design section 5); a property test holds them together.
"""

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import Case, F, Q, QuerySet, Value, When

from visits import rules
from visits.models import Duty, DutyQuerySet, Waiver
from visits.rules import Cadence, Standing

TO_SEE = "to_see"
SEEN_IN_YEAR, UNSEEN_IN_YEAR = "seen_year", "unseen_year"
EVERY = "all"
OVER_30 = "30+"


class State(models.TextChoices):
    """Where a household stands today; each is in exactly one."""

    OVERDUE = "overdue", "超期未走访"
    DUE = "due", "本期待走访"
    SEEN = "seen", "本期已走访"
    EXCUSED = "excused", "免访"
    FREE = "free", "本期不要求"
    NOBODY = "nobody", "没有联系人"


class Age(models.TextChoices):
    """For how long a household has been overdue."""

    SHORT = "30", "30 天以内"
    MIDDLE = "90", "31 至 90 天"
    LONG = "90+", "超过 90 天"


AGES = (*Age.choices, (OVER_30, "超过 30 天"))
"""What a list may be asked for."""

WANTED = (
    (State.OVERDUE.value, State.OVERDUE.label),
    (TO_SEE, "还没走访（含超期）"),
    *((state.value, state.label) for state in list(State)[1:]),
    (SEEN_IN_YEAR, "今年走访过"),
    (UNSEEN_IN_YEAR, "今年没走访过"),
    (EVERY, "全部"),
)
"""What a list may be asked for, in the order of its filter."""

UNHELD, NEVER = Q(representative=None), Q(pk__in=())
LONGER = (Age.MIDDLE, Age.LONG)
OPEN_STATES = (State.OVERDUE, State.DUE)


def waived_on(day: dt.date) -> QuerySet[Waiver, Any]:
    """Return the ids of households whose waiver covers a day; few, read once."""
    return Waiver.objects.filter(
        withdrawn_at=None, first__lte=day, last__gte=day
    ).values("household_id")


def state_on(on: dt.date) -> Case:
    """Return the state of a duty on the day `on` as an expression."""
    month, quarter = Cadence.MONTH.period(on), Cadence.QUARTER.period(on)
    monthly = Q(cadence=Cadence.MONTH.value)
    end_excused = Q(monthly, household_id__in=waived_on(month.end)) | Q(
        ~monthly, household_id__in=waived_on(quarter.end)
    )
    return _state(on, UNHELD, Q(household_id__in=waived_on(on)), end_excused)


def unwaived_on(on: dt.date, nobody: Q) -> Case:
    """Return the state that a duty, or a heap of them, would have without waivers."""
    return _state(on, nobody, NEVER, NEVER)


def _late(on: dt.date, excused: Q) -> Q:
    return Q(~excused, due_on__lt=on)


def _state(on: dt.date, nobody: Q, excused: Q, end_excused: Q) -> Case:
    month, quarter = Cadence.MONTH.period(on), Cadence.QUARTER.period(on)
    monthly = Q(cadence=Cadence.MONTH.value)
    not_later = Q(monthly, due_on__lte=month.end) | Q(~monthly, due_on__lte=quarter.end)
    seen = Q(monthly, last_visit_on__gte=month.start) | Q(
        ~monthly, last_visit_on__gte=quarter.start
    )
    return Case(
        When(nobody, then=Value(State.NOBODY.value)),
        When(_late(on, excused), then=Value(State.OVERDUE.value)),
        When(~excused & not_later, then=Value(State.DUE.value)),
        When(not_later, then=Value(State.EXCUSED.value)),
        When(seen, then=Value(State.SEEN.value)),
        When(excused | end_excused, then=Value(State.EXCUSED.value)),
        default=Value(State.FREE.value),
        output_field=models.CharField(),
    )


def age_on(on: dt.date) -> Case:
    """Return for how long a duty's day has been past; it has meaning if overdue."""
    return Case(
        When(Q(due_on=None) | Q(due_on__gte=on), then=Value("")),
        When(due_on__gte=on - dt.timedelta(days=30), then=Value(Age.SHORT.value)),
        When(due_on__gte=on - dt.timedelta(days=90), then=Value(Age.MIDDLE.value)),
        default=Value(Age.LONG.value),
        output_field=models.CharField(),
    )


def placed(duties: DutyQuerySet, on: dt.date) -> DutyQuerySet:
    """Annotate duties with `state`, `age` and `in_year` (seen since 1 January)."""
    in_year = in_year_on(on, UNHELD)
    return duties.annotate(state=state_on(on), age=age_on(on), in_year=in_year)


def in_year_on(on: dt.date, nobody: Q) -> Case:
    """Return whether a household was seen since 1 January, by whoever holds it."""
    return Case(
        When(nobody, then=Value(value=False)),
        When(last_visit_on__gte=on.replace(month=1, day=1), then=Value(value=True)),
        default=Value(value=False),
        output_field=models.BooleanField(),
    )


def wanted(
    duties: DutyQuerySet, on: dt.date, state: str, *, cadence: str = "", age: str = ""
) -> DutyQuerySet:
    """Return the duties that a list was asked for (`WANTED`)."""
    rows = _by_state(duties, on, state)
    if cadence:
        rows = rows.filter(cadence=cadence)
    if not age:
        return rows
    ages = LONGER if age == OVER_30 else (age,)
    return _overdue(rows, on).alias(age=age_on(on)).filter(Q(age__in=ages))


def _by_state(rows: DutyQuerySet, on: dt.date, state: str) -> DutyQuerySet:
    """Narrow to a state; only what it asks for is worked out, which is most of the cost."""
    if state == EVERY:
        return rows
    if state == State.OVERDUE:
        return _overdue(rows, on)
    if state in {SEEN_IN_YEAR, UNSEEN_IN_YEAR}:
        looked_after = rows.filter(representative__isnull=False)
        in_year = looked_after.alias(in_year=in_year_on(on, UNHELD))
        return in_year.filter(Q(in_year=state == SEEN_IN_YEAR))
    states = OPEN_STATES if state == TO_SEE else (state,)
    return rows.alias(state=state_on(on)).filter(Q(state__in=states))


def _overdue(rows: DutyQuerySet, on: dt.date) -> DutyQuerySet:
    """Narrow to OVERDUE by the first branches of `_state`, so that indexes are of use."""
    return rows.filter(~UNHELD, _late(on, Q(household_id__in=waived_on(on))))


# --- the same for one duty whose facts are at hand --------------------------


def state_of(
    judged: rules.Judgement | None, cadence: Cadence, last: dt.date | None
) -> State:
    """Return the state that a judgement means; the twin of `state_on`."""
    if judged is None:
        return State.NOBODY
    if judged.standing is not Standing.DONE:
        return State(judged.standing.value)
    is_seen = last is not None and last in cadence.period(judged.on)
    return State.SEEN if is_seen else State.FREE


def age_of(judged: rules.Judgement | None) -> str:
    """Return the age of an overdue judgement; empty for all others."""
    if judged is None or judged.days_overdue is None:
        return ""
    if judged.days_overdue <= 30:
        return Age.SHORT.value
    return (Age.MIDDLE if judged.days_overdue <= 90 else Age.LONG).value


def is_aged(asked: str, age: str) -> bool:
    """Say whether an age is the one asked for."""
    return age in LONGER if asked == OVER_30 else age == asked


def is_wanted(asked: str, state: State, last: dt.date | None, on: dt.date) -> bool:
    """Say whether a duty belongs on a list that was asked for; twin of `wanted`."""
    if asked in {SEEN_IN_YEAR, UNSEEN_IN_YEAR}:
        in_year = last is not None and last >= on.replace(month=1, day=1)
        return state != State.NOBODY and in_year == (asked == SEEN_IN_YEAR)
    if asked == TO_SEE:
        return state in OPEN_STATES
    return asked in {EVERY, state.value}


def in_order(rows: DutyQuerySet, by: str) -> DutyQuerySet:
    """Order a list: the longest overdue first, by representative, or by village."""
    late = F("due_on").asc(nulls_last=True)
    if by == "rep":
        return rows.order_by("region_id", "representative_id", late, "pk")
    if by == "place":
        return rows.order_by("region_id", late, "pk")
    return rows.order_by(late, "region_id", "pk")


def all_duties() -> DutyQuerySet:
    """Return the duties of the open scope: one for each household on the roll."""
    return Duty.objects.all()
