"""Each ledger as rows for other programs (一表通): masked, page by page, read-only."""

from collections import Counter
from typing import Any

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import Access
from accounts.answers import Problem, acting_post
from accounts.models import Post
from accounts.permissions import Permission
from accounts.services import Refused
from reports import exports
from reports.centre.choosing import Choice, OtherPeriod
from reports.centre.entries import Entry, entries, entry_of
from reports.centre.files import Format
from reports.centre.naming import title_for
from reports.centre.plain import rows_alone
from reports.centre.rolls import Roll
from workbooks.writing import plain_titles
from workbooks.writing.cells import exported

PER_PAGE, MOST = 200, 1_000


class AskedSerializer(serializers.Serializer[Any]):
    """Of which place and period, and which page."""

    place = serializers.RegexField(r"^\d{12}$", required=False)
    period = serializers.RegexField(
        r"^[0-9A-Za-z-]{1,12}$",
        required=False,
        help_text="2026-10、2026-Q3、2026，或 last-month；按年的台账只有 2026 这样的年份",
    )
    page = serializers.IntegerField(min_value=1, max_value=100_000, default=1)
    page_size = serializers.IntegerField(min_value=1, max_value=MOST, default=PER_PAGE)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse `month`: it is read past, and the answer is of another period."""
        if "month" in self.initial_data:
            words = (
                "这里不用 month，请用 period：按年的台账写 2026，其他的可以写 2026-10。"
            )
            raise serializers.ValidationError({"month": [words]})
        return attrs


class ColumnSerializer(serializers.Serializer[Any]):
    """A column: its name in the rows, and the words above it in the ledger."""

    key = serializers.CharField()
    title = serializers.CharField()


class LedgerSerializer(serializers.Serializer[Any]):
    """A ledger that can be read, and whether it is about a period."""

    key = serializers.CharField()
    title = serializers.CharField()
    purpose = serializers.CharField()
    span = serializers.CharField(allow_blank=True)


class FeedSerializer(serializers.Serializer[Any]):
    """A page of a ledger. `rows` are by column; the numbers in them are the page's."""

    key = serializers.CharField()
    title = serializers.CharField()
    place = serializers.IntegerField()
    words = serializers.CharField(allow_blank=True)
    as_of = serializers.DateField()
    count = serializers.IntegerField()
    page = serializers.IntegerField()
    pages = serializers.IntegerField()
    columns = ColumnSerializer(many=True)
    rows = serializers.ListField(child=serializers.DictField())


class LedgerList(APIView):
    """The ledgers that the caller may read."""

    access = Access(permission=Permission.REPORT_VIEW)

    @extend_schema(responses={200: LedgerSerializer(many=True)})
    def get(self, request: Request) -> Response:
        """Return them in the order of the export centre."""
        held = [entry for entry in readable() if entry.is_for(_post(request))]
        return Response([_named(entry) for entry in held])


class LedgerFeed(APIView):
    """One ledger: the rows of the export, for a place and a period."""

    access = Access(permission=Permission.REPORT_VIEW)

    @extend_schema(
        parameters=[AskedSerializer],
        responses={200: FeedSerializer, 400: Problem, 403: Problem, 404: Problem},
    )
    def get(self, request: Request, key: str) -> Response:
        """Return a page of it; numbers are masked, whatever the caller may do."""
        post, entry = _post(request), entry_of(key)
        if entry is None or entry not in readable():
            raise Http404
        if not entry.is_for(post):
            raise exceptions.PermissionDenied
        asked = AskedSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        return Response(_page(entry, post, asked.validated_data))


def readable() -> list[Entry]:
    """Return the entries that are rows: papers in words are no feed."""
    return [entry for entry in entries() if Format.DOCX not in entry.formats[:1]]


def _named(entry: Entry) -> dict[str, str]:
    return {
        "key": entry.key,
        "title": entry.title,
        "purpose": entry.purpose.label,
        "span": entry.span.value if entry.span else "",
    }


def _page(entry: Entry, post: Post, asked: dict[str, Any]) -> dict[str, Any]:
    today = timezone.localdate()
    choice = Choice(place=asked.get("place", ""), period=asked.get("period", ""))
    try:
        found = exports.select(choice.request(entry, today), post, today)
    except OtherPeriod as other:
        raise exceptions.ValidationError({"period": [str(other)]}) from other
    except Refused as refused:
        raise exceptions.ValidationError({"place": [str(refused)]}) from refused
    size, page = asked["page_size"], asked["page"]
    keys = found.keys[(page - 1) * size : page * size]
    rows = found.roll.rows(keys, today, Counter(), full=False) if keys else []
    return {
        "key": entry.key,
        "title": title_for(found.place, found.roll.title),
        "place": found.place.pk,
        "words": found.words,
        "as_of": today,
        "count": len(found.keys),
        "page": page,
        "pages": max(1, -(-len(found.keys) // size)),
        "columns": _columns(found.roll),
        "rows": [
            {
                column.key: exported(value)
                for column, value in zip(found.roll.columns, row, strict=True)
            }
            for row in rows_alone(rows)
        ],
    }


def _columns(roll: Roll) -> list[dict[str, str]]:
    titles = plain_titles(roll.columns)
    return [
        {"key": column.key, "title": title}
        for column, title in zip(roll.columns, titles, strict=True)
    ]


def _post(request: Request) -> Post:
    post = acting_post(request)
    if post is None:
        raise exceptions.PermissionDenied
    return post
