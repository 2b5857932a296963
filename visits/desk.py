"""代录: many visits of one representative at once, row by row, both names kept."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils import timezone

from accounts.models import Post
from accounts.services import Refused
from households.models import ContactLink, Household
from representatives.models import Representative
from visits.models import Visit
from visits.services import Content, OtherContent, record


@dataclass(frozen=True)
class Entry:
    """A row that was ticked. `visit_id` was made with the form: sent twice, stored once."""

    visit_id: uuid.UUID
    household: Household
    content: Content


@dataclass
class Outcome:
    """What became of the rows of one form.

    `known` had a visit on that day already and nothing new to say; `refused` says by
    household what is wrong.
    """

    saved: list[Entry] = field(default_factory=list)
    known: list[Entry] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)

    @property
    def settled(self) -> set[int]:
        """Households whose row needs nothing more."""
        return {entry.household.pk for entry in (*self.saved, *self.known)}


def record_all(
    *, entries: Sequence[Entry], person: Representative, by: Post
) -> Outcome:
    """Store the visits of a representative, entered by `by`; good rows are kept.

    Each row is a transaction of its own within the request's: what is wrong with one
    does not undo the others.
    """
    outcome = Outcome()
    for entry in entries:
        try:
            if is_known(entry):
                outcome.known.append(entry)
                continue
            refuse_another_persons(entry.household, entry.content.visited_on, person)
            record(
                visit_id=entry.visit_id,
                content=entry.content,
                captured_at=timezone.now(),
                by=by,
            )
            outcome.saved.append(entry)
        except (Refused, OtherContent) as refused:
            outcome.refused[entry.household.pk] = str(refused)
    return outcome


def is_known(entry: Entry) -> bool:
    """Return whether the day has a visit already and this row says nothing more.

    A call that does not count is no such visit: the one at the door has still to.
    A page opened again by 后退 brings new ids with the old words: those are known by
    what they say.
    """
    content = entry.content
    same_day = Visit.objects.standing().filter(
        Q(counts=True) | Q(way=content.way),
        household=entry.household,
        visited_on=content.visited_on,
    )
    if content.has_matter or content.marks:
        same_day = same_day.filter(fingerprint=content.fingerprint())
    return same_day.exclude(pk=entry.visit_id).exists()


def refuse_another_persons(
    household: Household, day: dt.date, person: Representative
) -> None:
    """Raise Refused if somebody else looked after the household that day.

    The visit would be stored as that one's; whoever types must know it.
    """
    link = ContactLink.objects.active(day).filter(household=household)
    held = link.select_related("representative").first()
    if held and held.representative_id != person.pk:
        other = held.representative.name
        raise Refused(
            f"{day} 这一户由{other}联系，不是{person.name}。请核对日期，或到{other}名下代录。"
        )
