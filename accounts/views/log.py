"""The role table and the audit page."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts import chain
from accounts.access import requires
from accounts.forms.log import AuditFilter, start_of
from accounts.middleware import PostRequest
from accounts.models import AccessEntry, Action, RowChange, User
from accounts.permissions import Permission
from accounts.presenting import Entry, lines
from accounts.roles import ROLES
from regions.models import Region, inside
from ui.asked import asked_id

PER_PAGE = 50
MOST_PEOPLE = 200


@requires(Permission.ROLE_VIEW)
def roles(request: PostRequest) -> HttpResponse:
    """Show the table of roles and permissions, and who fills which post."""
    everyone = list(ROLES.values())
    rights = [
        (right.label, [right in role.permissions for role in everyone])
        for right in Permission
    ]
    grants = [
        (role, [other.code in role.grants for other in everyone])
        for role in everyone
        if role.grants
    ]
    context = {
        "roles": everyone,
        "rights": rights,
        "grants": grants,
        "now": timezone.now(),
    }
    return render(request, "accounts/roles.html", context)


@requires(Permission.AUDIT_VIEW)
def audit_log(request: PostRequest) -> HttpResponse:
    """Show who did what, the newest first, page by page without counting."""
    filters = AuditFilter(request.GET)
    page: list[Entry] = []
    if filters.is_valid():
        after = Cursor.read(request.GET.get("after", ""))
        page = newest(filters.cleaned_data, after)
    shown, more = page[:PER_PAGE], len(page) > PER_PAGE
    context = {
        "filters": filters,
        "filtered": any(filters.cleaned_data.values()) if filters.is_valid() else True,
        "lines": lines(shown),
        "after": Cursor.of(shown[-1]).token if more else "",
        "is_first": "after" not in request.GET,
        "chain": chain.state(),
        "now": timezone.now(),
    }
    return render(request, "accounts/audit.html", context)


SOURCES: tuple[type[AccessEntry] | type[RowChange], ...] = (RowChange, AccessEntry)


@dataclass(frozen=True, order=True)
class Cursor:
    """Where a page ends. Newest first: by time, then source, then id, all falling."""

    at: dt.datetime
    source: int
    pk: int

    @classmethod
    def of(cls, entry: Entry) -> "Cursor":
        """Return the place of an entry in the order."""
        return cls(entry.at, SOURCES.index(type(entry)), entry.pk)

    @classmethod
    def read(cls, token: str) -> "Cursor | None":
        """Return the place that a token names; None for no or an unknown one."""
        try:
            at, source, pk = token.split("_")
            moment = dt.datetime.fromisoformat(at)
        except ValueError:
            return None
        if moment.tzinfo is None or asked_id(pk) is None:
            return None
        return cls(moment, asked_id(source) or 0, int(pk))

    @property
    def token(self) -> str:
        """The place as it stands in the address."""
        return f"{self.at.astimezone(dt.UTC).isoformat()}_{self.source}_{self.pk}"

    def further(self, source: int) -> Q:
        """Match the rows of a source that come after this place."""
        if source < self.source:
            return Q(at__lte=self.at)
        if source > self.source:
            return Q(at__lt=self.at)
        return Q(at__lt=self.at) | Q(at=self.at, pk__lt=self.pk)


def newest(wanted: dict[str, Any], after: Cursor | None) -> list[Entry]:
    """Return one page and one entry more, merged from both logs."""
    found: list[Entry] = []
    for source, model in enumerate(SOURCES):
        rows = matching(model, wanted)
        if rows is None:
            continue
        if after:
            rows = rows.filter(after.further(source))
        found += rows.order_by("-at", "-pk")[: PER_PAGE + 1]
    return sorted(found, key=Cursor.of, reverse=True)[: PER_PAGE + 1]


def matching(
    model: type[AccessEntry] | type[RowChange], wanted: dict[str, Any]
) -> QuerySet[Any] | None:
    """Return the rows of one log that the filters describe; None if it has none."""
    rows = model._default_manager.all()
    if what := wanted.get("what"):
        narrowed = by_kind(model, what)
        if narrowed is None:
            return None
        rows = rows.filter(narrowed)
    if who := wanted.get("who"):
        rows = rows.filter(**{f"{USER_COLUMN[model]}__in": people(who)})
    return within(rows, wanted)


def within(rows: QuerySet[Any], wanted: Mapping[str, Any]) -> QuerySet[Any]:
    """Return the rows of a log in the place and on the days that a filter names."""
    if isinstance(place := wanted.get("place"), Region):
        rows = inside(rows, place.scope)
    if since := wanted.get("since"):
        rows = rows.filter(at__gte=start_of(since))
    if until := wanted.get("until"):
        rows = rows.filter(at__lt=start_of(until + dt.timedelta(days=1)))
    return rows


USER_COLUMN = {AccessEntry: "user_id", RowChange: "user"}


def by_kind(model: type[AccessEntry] | type[RowChange], what: str) -> Q | None:
    """Match what was done; None where this log does not record it."""
    if model is AccessEntry:
        return Q(action=what) if what in Action.values else None
    if what in Action.values:
        return None
    return Q() if what == "changes" else Q(table=what)


def people(typed: str) -> Iterable[int]:
    """Return the ids of the people whose name or user name has what was typed."""
    typed = typed.strip()
    wanted = Q(name__contains=typed) | Q(username__contains=typed.lower())
    found = User.objects.filter(wanted).order_by("pk").values_list("pk", flat=True)
    return list(found[:MOST_PEOPLE])
