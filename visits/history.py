"""What became of a visit: its versions in order, and what each one changed."""

import datetime as dt
from collections.abc import Iterable

from django.utils import timezone

from households.models import Household
from ui.figures import day_words, moment_words
from ui.parts import Change, Event, Tone
from visits.models import OverdueFlag, Visit
from visits.rules import Period

SHOWN = 30
A_DAY = dt.timedelta(days=1)
"""A visit that took so long to arrive says when it was noted."""
MOST_VERSIONS = 50
"""Nobody corrects a visit more often; a chain is walked row by row."""
RELATED = ("household__group", "representative", "entered_by", "withdrawn_by")


def versions_of(visit: Visit) -> list[Visit]:
    """Return every version of a visit, the first one first."""
    rows = Visit.objects.select_related(*RELATED)
    found = [visit]
    while found[0].corrects_id and len(found) < MOST_VERSIONS:
        found.insert(0, rows.get(pk=found[0].corrects_id))
    while later := rows.filter(corrects=found[-1]).first():
        found.append(later)
        if len(found) >= MOST_VERSIONS:
            break
    return found


def facts(visit: Visit) -> dict[str, str]:
    """Return what a visit says, by the words of its page."""
    return {
        "走访日期": day_words(visit.visited_on),
        "走访代表": visit.representative.name,
        "走访方式": visit.get_way_display(),
        "情况": "有情况" if visit.has_matter else "平安",
        "什么事": "、".join(visit.topics),
        "反映问题/诉求": visit.words,
        "现场答复或处理": visit.answer,
        "满意吗": visit.get_satisfaction_display(),
        "要村里办": "要" if visit.for_village else "",
        "五必访、五必记": "、".join(visit.marks),
        "算不算走访次数": "算" if visit.counts else "不算（走访方式不在规定里）",
    }


def history(versions: Iterable[Visit]) -> list[Event]:
    """Return what was done to a visit, the newest first."""
    events: list[Event] = []
    before: Visit | None = None
    for visit in versions:
        events.append(_entered(visit, before))
        before = visit
    if before is not None and before.withdrawn_at:
        by = before.withdrawn_by.name if before.withdrawn_by else ""
        why = f"原因：{before.withdrawal}"
        events.append(Event(before.withdrawn_at, "撤回，不再算数", by, why, "bad"))
    return events[::-1]


def _entered(visit: Visit, before: Visit | None) -> Event:
    who = visit.entered_by.name + ("（代录）" if visit.on_behalf else "")
    if before is None:
        noted = timezone.localtime(visit.captured_at)
        # A phone whose clock is fast notes before it sends: that is not late.
        late = visit.received_at - visit.captured_at >= A_DAY
        sent = f"{moment_words(noted)} 记在手机上，网络通了才传到" if late else ""
        return Event(visit.received_at, "记下走访", who, sent, "ok", _url(visit))
    changes = tuple(
        Change(label, old or None, new or None)
        for (label, old), new in zip(
            facts(before).items(), facts(visit).values(), strict=True
        )
        if old != new
    )
    why = f"原因：{before.withdrawal}"
    return Event(visit.received_at, "更正", who, why, "info", _url(visit), changes)


def _url(visit: Visit) -> str:
    return visit.get_absolute_url()


def happened_to(household: Household) -> list[Event]:
    """Return the latest visits to a household and the periods missed, the newest first."""
    found = [*visits_to(household), *missed_of(household)]
    return sorted(found, key=lambda event: event.when, reverse=True)


def missed_of(household: Household) -> list[Event]:
    """Return the latest periods that passed without a visit, as they were flagged."""
    rows = household.flags.select_related("representative").order_by("-period_end")
    return [_missed(flag) for flag in rows[:SHOWN]]


def _missed(flag: OverdueFlag) -> Event:
    held = flag.representative
    made_up = flag.resolved_on and f"{day_words(flag.resolved_on)} 补访"
    notes = (held and f"当时由{held.name}联系", made_up or "还没有补访")
    title = f"{Period(flag.period_start, flag.period_end).label}没有算次数的走访"
    text = " · ".join(note for note in notes if note)
    return Event(flag.period_end, title, "", text, "warn" if made_up else "bad")


def visits_to(household: Household) -> list[Event]:
    """Return the latest visits to a household, the newest first, versions included."""
    rows = household.visits.select_related("representative", "entered_by")
    rows = rows.order_by("-visited_on", "-received_at")[:SHOWN]
    replaced = set(
        Visit.objects.filter(corrects__in=[row.pk for row in rows]).values_list(
            "corrects_id", flat=True
        )
    )
    return [_visited(visit, is_replaced=visit.pk in replaced) for visit in rows]


def _visited(visit: Visit, *, is_replaced: bool) -> Event:
    what = "、".join(visit.topics) or "有情况" if visit.has_matter else "平安"
    title = f"{visit.representative.name}{visit.get_way_display()}走访：{what}"
    notes = [visit.words]
    if visit.on_behalf:
        notes.append(f"{visit.entered_by.name}代录")
    if visit.corrects_id:
        notes.append("更正后的记录")
    if not visit.counts:
        notes.append("不算次数")
    if visit.withdrawn_at:
        done = "已更正" if is_replaced else "已撤回"
        notes.append(f"{done}：{visit.withdrawal}")
    tone: Tone = "off" if visit.withdrawn_at else "ok"
    text = " · ".join(note for note in notes if note)
    return Event(visit.visited_on, title, "", text, tone, visit.get_absolute_url())
