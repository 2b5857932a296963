"""Many lines of books at once: what an import brings in, and taking it back.

As in `funding.services.books`, the database is the judge; here it is asked in a constant
number of statements. What it refuses is raised as it comes: the import finds the line.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils import timezone

from accounts.models import Post, User
from funding.models import EntryKind, FundEntry
from funding.rules import NOUGHT
from ui.asked import told_on
from workbooks import loading

COLUMNS = (
    "id", "region_code", "fund_id", "kind", "booked_on", "amount", "purpose", "voucher",
    "handled_by", "approved_by", "reverses_id", "entered_by_id", "entered_at",
)  # fmt: skip
LONGEST, LONGEST_REASON = 100, 60


@dataclass(frozen=True, slots=True)
class Booking:
    """A line to be booked in a fund; the amount is signed: what comes in is above nought."""

    fund: int
    region: int
    kind: str
    booked_on: dt.date
    amount: Decimal
    purpose: str
    voucher: str = ""
    handled_by: str = ""
    approved_by: str = ""
    reverses: uuid.UUID | None = None


@transaction.atomic
def book_many(*, bookings: Sequence[Booking], by: Post) -> None:
    """Book lines in the order given. Raises IntegrityError for what cannot stand.

    That is what the database refuses, and a voucher that was booked before.
    """
    _insert(bookings, by.user)
    _refuse_second_vouchers(bookings)


@transaction.atomic
def take_back_many(
    *, entries: Iterable[FundEntry], reason: str, on: dt.date, by: User
) -> None:
    """冲销: a counter-entry over the whole of each, with the reason.

    Each names its entry; it is dated as `funding.services.take_back` does. Payments come
    back first, so that no line of the book shows less than nothing. Raises IntegrityError
    where a fund holds less than what would go out of it again.
    """
    payments_first = sorted(entries, key=lambda entry: entry.amount > NOUGHT)
    _insert([_counter(entry, reason, on) for entry in payments_first], by)


def _counter(entry: FundEntry, reason: str, on: dt.date) -> Booking:
    return Booking(
        fund=entry.fund_id,
        region=entry.region_id,
        kind=EntryKind.REVERSAL.value,
        booked_on=told_on(entry.fund.year, on),
        amount=-entry.amount,
        purpose=f"冲销：{reason[:LONGEST_REASON]}（{entry.purpose}）"[:LONGEST],
        voucher=entry.voucher,
        reverses=entry.pk,
    )


def _insert(bookings: Sequence[Booking], user: User) -> None:
    """Insert lines, what comes in before what goes out: no order of rows overdraws then.

    The moments of entry keep the order given, in which a book lists lines of one day.
    """
    now = timezone.now()
    moments = (now + dt.timedelta(microseconds=nth) for nth in range(len(bookings)))
    rows = [
        (one, _columns(one, user, at))
        for one, at in zip(bookings, moments, strict=True)
    ]
    for comes_in in (True, False):
        side = [row for one, row in rows if (one.amount > NOUGHT) is comes_in]
        loading.insert_many(FundEntry, COLUMNS, side)


def _columns(one: Booking, user: User, at: dt.datetime) -> tuple[Any, ...]:
    return (
        uuid.uuid4(), one.region, one.fund, one.kind, one.booked_on, one.amount,
        one.purpose, one.voucher, one.handled_by, one.approved_by, one.reverses,
        user.pk, at,
    )  # fmt: skip


def _refuse_second_vouchers(bookings: Sequence[Booking]) -> None:
    """Refuse vouchers that stand twice by now; the funds are locked, nobody races."""
    vouchers = {one.voucher for one in bookings if one.kind == EntryKind.SPENT}
    twice = (
        FundEntry.objects.standing()
        .filter(
            kind=EntryKind.SPENT,
            voucher__in=vouchers,
            fund__in={one.fund for one in bookings},
        )
        .values("fund", "voucher")
        .annotate(times=Count("pk"))
        .filter(times__gt=1)
    )
    if twice.exists():
        raise IntegrityError("a voucher is booked once")
