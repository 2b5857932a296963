"""The access log: one call writes one line, in the transaction of what it records."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from ipaddress import ip_address

from django.conf import settings
from django.core.management.base import CommandError
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import AccessEntry, Action, User
from regions.models import Level, Region
from regions.scoping import EVERYWHERE_HI, Scope, current_scope, scope, span

_answered: ContextVar[HttpRequest | None] = ContextVar("answered", default=None)


@contextmanager
def answering(request: HttpRequest) -> Iterator[None]:
    """Note which request the block answers: each line then says where it came from."""
    token = _answered.set(request)
    try:
        yield
    finally:
        _answered.reset(token)


def record(
    action: Action,
    *,
    region: int,
    by: User | None,
    subject: str = "",
    reason: str = "",
    request: HttpRequest | None = None,
) -> None:
    """Write one line of the access log under the division `region`.

    Runs in the caller's transaction where there is one. It opens the narrow scope of
    its own row, so that a refused or anonymous request can be recorded too.
    """
    request = request or _answered.get()
    opened = current_scope() or span(region)
    inner = span(region)
    with scope(replace(opened, lo=inner.lo, hi=inner.hi)), transaction.atomic():
        AccessEntry.objects.create(
            region_id=region,
            at=timezone.now(),
            action=action,
            user=by,
            subject=subject[:120],
            reason=reason[:200],
            path=request.path[:200] if request else "",
            address=client_address(request) if request else None,
            request=opened.request or getattr(request, "number", ""),
        )


def client_address(request: HttpRequest) -> str | None:
    """Return the address the request came from.

    The proxy's word counts only where there is one (settings.TLS), and only its own
    last entry: everything before it was written by the client.
    """
    told = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")[-1].strip()
    seen: str = request.META.get("REMOTE_ADDR", "")
    for address in (told, seen) if settings.TLS else (seen,):
        try:
            return str(ip_address(address))
        except ValueError:
            continue
    return None


def city_code() -> int:
    """Return the code of the city: where what belongs to no division is recorded."""
    city = Region.objects.filter(level=Level.CITY).values_list("code", flat=True)
    return city.first() or 0


class NoDivisions(CommandError):
    """Nothing is loaded yet that work could be recorded at. Commands print the sentence."""

    def __init__(self) -> None:
        super().__init__("还没有载入区划，请先运行 manage.py load_regions。")


@contextmanager
def system_scope(why: str, *, merging: bool = False) -> Iterator[Scope]:
    """Open the scope of everything for code that no person runs, and record why.

    `why` is a sentence for the auditor; it is written to the access log and to the
    history of every row that changes meanwhile. Raises NoDivisions on a new database.
    """
    if not why.strip():
        raise ValueError("system_scope needs a reason that an auditor understands")
    if not (city := city_code()):
        raise NoDivisions
    everywhere = Scope(0, EVERYWHERE_HI, why=why, merging=merging)
    with scope(everywhere):
        record(Action.SYSTEM, region=city, by=None, reason=why)
        yield everywhere
