"""Letting go of what is past its term: previewed, township by township, in sets.

Rows stay where they are counted; what is let go of is what says who and what. The row
history keeps what a row was until the history's own term: nobody in the product can
change it, and only an auditor reads it. The owner of the tables removes it, whole days
at a time, and the chain of the log goes on to hold (`accounts.chain`).
"""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts import audit, chain
from accounts.models import Action, Device
from households.models import Household, Transfer
from inbox.models import Message
from operations.rules import Term
from regions.models import Region
from regions.scoping import narrowed
from representatives.models import (
    ByElection,
    Candidate,
    Mandate,
    Representative,
)
from visits.models import Visit

SUBJECT = "保存期满的个人信息"
GONE = "（已过保存期）"
Counts = dict[str, int]


def _visits(cutoff: dt.date) -> "QuerySet[Any]":
    told = ~Q(words="") & ~Q(words=GONE) | ~Q(answer="")
    return Visit.objects.filter(told, visited_on__lte=cutoff)


def _households(cutoff: dt.date) -> "QuerySet[Any]":
    ended = Household.objects.filter(ended_on__lte=cutoff)
    return ended.exclude(status="living").exclude(head=GONE)


def _moves(cutoff: dt.date) -> "QuerySet[Any]":
    return Transfer.objects.filter(settled_on__lte=cutoff).exclude(head=GONE)


def _representatives(cutoff: dt.date) -> "QuerySet[Any]":
    later = Mandate.objects.filter(
        Q(ended_on__gt=cutoff) | Q(ended_on=None, until__gt=cutoff),
        representative=OuterRef("pk"),
    )
    ever = Mandate.objects.filter(representative=OuterRef("pk"))
    known = ~Q(id_number=None) | ~Q(phone=None)
    return Representative.objects.filter(known, Exists(ever), ~Exists(later))


def _candidates(cutoff: dt.date) -> "QuerySet[Any]":
    known = ~Q(id_number=None) | ~Q(phone=None)
    over = Q(filed_on__lte=cutoff) | Q(cancelled_on__lte=cutoff)
    over_long_ago = ByElection.objects.filter(over)
    return Candidate.objects.filter(known, by_election__in=over_long_ago)


def _messages(cutoff: dt.date) -> "QuerySet[Any]":
    return Message.objects.filter(created_at__date__lte=cutoff)


EXPIRED: dict[str, Callable[[dt.date], "QuerySet[Any]"]] = {
    "visits": _visits,
    "households": _households,
    "moves": _moves,
    "representatives": _representatives,
    "candidates": _candidates,
    "messages": _messages,
}
NO_NUMBER = {"id_number": None, "id_index": None, "phone": None, "phone_index": ""}
BLANK: dict[str, dict[str, Any]] = {
    "visits": {"words": GONE, "answer": ""},
    "households": {
        **NO_NUMBER, "head": GONE, "initials": "", "address": "", "situation": "",
        "remark": "",
    },
    "moves": {"head": GONE, "id_number": None, "phone": None, "reason": ""},
    "representatives": {**NO_NUMBER, "remark": ""},
    "candidates": NO_NUMBER,
}  # fmt: skip
"""What replaces the values; kinds that are not here are deleted."""


def preview(terms: Mapping[str, Term], *, on: dt.date) -> dict[Region, Counts]:
    """Return what is past its term on the day `on`, by township and kind.

    Runs in the scope of everything. Townships with nothing are left out; what belongs
    to no township (devices) is counted under the city.
    """
    found = {}
    for place in _places():
        with narrowed(place.code), transaction.atomic():
            counts = {
                key: rows.count() for key, rows in _expired(place, terms, on).items()
            }
        if any(counts.values()):
            found[place] = counts
    return found


def let_go(terms: Mapping[str, Term], *, on: dt.date) -> dict[Region, Counts]:
    """Anonymise or delete what is past its term; one transaction for each township."""
    done = {}
    for place in _places():
        with narrowed(place.code), transaction.atomic():
            counts = {
                key: _release(key, rows)
                for key, rows in _expired(place, terms, on).items()
            }
            if any(counts.values()):
                done[place] = counts
                _record(place, terms, counts)
    return done


def history_expired(terms: Mapping[str, Term], *, on: dt.date) -> int:
    """Return how many lines of the row history are past their term, in the whole city."""
    with transaction.atomic():
        return chain.expired(terms["history"].cutoff(on)).count()


def let_go_of_history(terms: Mapping[str, Term], *, on: dt.date) -> int:
    """Remove the row history that is past its term; return how many lines.

    Runs as the owner of the tables. Raises chain.Broken where the log is not as it was
    sealed; the days before that one are gone then.
    """
    removed = chain.let_go(terms["history"].cutoff(on))
    if removed:
        with transaction.atomic():
            audit.record(
                Action.SYSTEM, region=audit.city_code(), by=None, subject=SUBJECT,
                reason=f"{terms['history'].label} {removed}",
            )  # fmt: skip
    return removed


def _places() -> list[Region]:
    """Return every township, also those dissolved, and the city first."""
    with transaction.atomic():
        regions = Region.objects.filter(level__in=("city", "township"))
        return list(regions.order_by("code"))


def _expired(
    place: Region, terms: Mapping[str, Term], on: dt.date
) -> dict[str, "QuerySet[Any]"]:
    if place.level == "city":
        cutoff = terms["devices"].cutoff(on)
        own = {"messages": EXPIRED["messages"](terms["messages"].cutoff(on))}
        here = {key: rows.filter(region_id=place.code) for key, rows in own.items()}
        return {**here, "devices": Device.objects.filter(seen_at__date__lte=cutoff)}
    return {key: find(terms[key].cutoff(on)) for key, find in EXPIRED.items()}


def _release(key: str, rows: "QuerySet[Any]") -> int:
    if key in BLANK:
        return rows.update(**BLANK[key])
    if key == "devices":
        keys = rows.values("session_key")
        Session.objects.filter(session_key__in=keys).delete()
        Session.objects.filter(expire_date__lt=timezone.now()).delete()
    return rows.delete()[0]


def _record(place: Region, terms: Mapping[str, Term], counts: Counts) -> None:
    said = "、".join(f"{terms[key].label} {n}" for key, n in counts.items() if n)
    audit.record(
        Action.SYSTEM, region=place.code, by=None, subject=SUBJECT, reason=said
    )
