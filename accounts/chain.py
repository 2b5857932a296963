"""The audit chain: each day's rows, hashed onto the day before.

A row that is changed, added or removed afterwards, even by the owner of the tables,
breaks the chain from that day on; `manage.py audit_check` says where.
"""

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts import audit
from accounts.models import AccessEntry, Action, AuditSeal, RowChange

GENESIS = "0" * 64
CHECK = "操作日志校验"
HOLDS = "校验通过"
SOURCES = (AccessEntry, RowChange)
SETTLING = dt.timedelta(hours=1)  # longer than any transaction may stay open
ONE_AT_A_TIME = 430582_02  # key of the lock that two sealers share


Sources = Sequence[type[AccessEntry] | type[RowChange]]


class Broken(Exception):
    """A day is not as it was sealed, so nothing of it may be let go."""


def bounds(day: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """Return the moments between which a local day lies."""
    start = timezone.make_aware(dt.datetime.combine(day, dt.time.min))
    return start, start + dt.timedelta(days=1)


def day_lines(day: dt.date, sources: Sources = SOURCES) -> Iterator[bytes]:
    """Yield the audit rows of a day, in order, as PostgreSQL writes them."""
    for model in sources:
        table = model._meta.db_table
        with connection.chunked_cursor() as cursor:
            cursor.execute(
                f"SELECT row_to_json(t)::text FROM {table} t "  # noqa: S608 - our own tables
                "WHERE at >= %s AND at < %s ORDER BY id",
                bounds(day),
            )
            for (line,) in cursor:
                yield line.encode()


def digest(day: dt.date, previous: str, sources: Sources = SOURCES) -> tuple[str, int]:
    """Return the day's digest on top of `previous`, and the number of its rows."""
    running, rows = hashlib.sha256(previous.encode()), 0
    for line in day_lines(day, sources):
        running.update(line)
        rows += 1
    return running.hexdigest(), rows


def settled() -> dt.date:
    """Return the first day that is not yet ready to be sealed.

    A line appears when its transaction commits, which may be after midnight. Sealed
    at once, it would look like a line that somebody added.
    """
    return timezone.localdate(timezone.now() - SETTLING)


@transaction.atomic
def seal_until(today: dt.date) -> int:
    """Seal every day before `today` that is not sealed yet; return how many.

    Must run in the scope of everything. Missed days are caught up in order.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
    last = AuditSeal.objects.order_by("-day").first()
    day = last.day + dt.timedelta(days=1) if last else first_day(today)
    previous, sealed = (last.digest if last else GENESIS), 0
    while day < today:
        found, rows = digest(day, previous)
        AuditSeal.objects.create(
            day=day,
            rows=rows,
            digest=found,
            previous=previous,
            sealed_at=timezone.now(),
        )
        previous, sealed, day = found, sealed + 1, day + dt.timedelta(days=1)
    return sealed


def first_day(today: dt.date) -> dt.date:
    """Return the local day of the oldest audit row, or `today` if there is none."""
    oldest = [
        at
        for model in SOURCES
        if (at := model.objects.order_by("at").values_list("at", flat=True).first())
    ]
    return timezone.localdate(min(oldest)) if oldest else today


@transaction.atomic
def broken_day(since: dt.date = dt.date.min) -> dt.date | None:
    """Return the first day whose seal or rows are not what they were, or None.

    That no day is missing, and no row older than the first seal, is checked from the
    first day on, like the links between the seals; the rows behind them from `since`.
    """
    previous, expected = GENESIS, None
    for seal in AuditSeal.objects.order_by("day"):
        expected = expected or min(first_day(seal.day), seal.day)
        if seal.day != expected:
            return expected
        if seal.previous != previous:
            return seal.day
        if seal.day >= since and not is_as_sealed(seal):
            return seal.day
        previous, expected = seal.digest, seal.day + dt.timedelta(days=1)
    return None


def is_as_sealed(seal: AuditSeal) -> bool:
    """Say whether a day's rows are those that were sealed.

    Where the row history was let go of, the access log must be what stayed, and no
    history may have come back.
    """
    if not seal.kept:
        return digest(seal.day, seal.previous) == (seal.digest, seal.rows)
    start, end = bounds(seal.day)
    came_back = RowChange.objects.filter(at__gte=start, at__lt=end).exists()
    return not came_back and remains(seal) == seal.kept


def remains(seal: AuditSeal) -> str:
    """Return the digest of what stays of a day without its row history."""
    return digest(seal.day, seal.digest, (AccessEntry,))[0]


def expired(before: dt.date) -> QuerySet[RowChange]:
    """Return the row history of sealed days up to and with `before`."""
    last = AuditSeal.objects.filter(day__lte=before).order_by("-day").first()
    if last is None:
        return RowChange.objects.none()
    return RowChange.objects.filter(at__lt=bounds(last.day)[1])


def let_go(before: dt.date) -> int:
    """Remove the row history of sealed days up to and with `before`; return how many.

    A transaction for each day, the oldest first; the access log stays and stays sealed.
    Runs in the scope of everything, as the owner of the tables: nobody else may remove
    history. Raises Broken at a day that is not as it was sealed.
    """
    removed = 0
    seals = AuditSeal.objects.filter(day__lte=before, kept="").order_by("day")
    with transaction.atomic():
        days = list(seals.values_list("day", flat=True))
    for day in days:
        with transaction.atomic():
            removed += _let_go_of(AuditSeal.objects.get(pk=day))
    return removed


def _let_go_of(seal: AuditSeal) -> int:
    if not is_as_sealed(seal):
        raise Broken(f"{seal.day} 的日志和封存时不一样，没有清理。请先查明原因。")
    start, end = bounds(seal.day)
    removed, _ = RowChange.objects.filter(at__gte=start, at__lt=end).delete()
    seal.kept = remains(seal)
    seal.save(update_fields=["kept"])
    return removed


@dataclass(frozen=True)
class ChainState:
    """What the audit page says of the chain: how far it goes, and the last check.

    `note` is the outcome of the check in words; None where there was none yet.
    """

    sealed_until: dt.date | None
    checked_at: dt.datetime | None
    note: str | None

    @property
    def holds(self) -> bool:
        """Whether the last check found every row as it was sealed."""
        return self.note == HOLDS


def state() -> ChainState:
    """Return the state of the chain as the last nightly check left it."""
    checks = AccessEntry.objects.filter(action=Action.SYSTEM, subject=CHECK)
    last = checks.order_by("-at").first()
    seal = AuditSeal.objects.order_by("-day").first()
    return ChainState(
        seal.day if seal else None,
        last.at if last else None,
        last.reason if last else None,
    )


def record_check(broken: dt.date | None) -> None:
    """Write the outcome of a check to the access log, where the audit page finds it."""
    reason = f"校验不通过：{broken} 的日志被改动过" if broken else HOLDS
    audit.record(
        Action.SYSTEM, region=audit.city_code(), by=None, subject=CHECK, reason=reason
    )
