"""走访记录表 (ledger 3): its columns, and how its rows become visits."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, models
from django.utils import timezone

from accounts.models import Post
from accounts.permissions import Permission
from accounts.sealing import blind_index
from households.models import ContactLink, Household, Status
from regions.places import group_number
from regions.scoping import current_scope
from representatives.importing import Objection, PlanningChecker
from visits import rules
from visits.facts import policies
from visits.models import Duty, OverdueFlag, Visit, VisitQuerySet, Way
from visits.services import Content
from visits.services.flags import settle
from workbooks import loading
from workbooks.declaration import Column, Declaration, Kind
from workbooks.importing import Checked, Ledger, Verdict, register
from workbooks.ledger import Row, Table
from workbooks.undoing import Undoing, derived

QUIET = frozenset({"", "一切正常", "正常", "平安", "无"})
# A paper's row has no id of its own. The first half of the one it gets says which import
# brought it, so that an undo finds its visits; the second half is the content's.
NAMESPACE = uuid.UUID("6f0f3c6e-6a5d-5b0e-9f4e-430582000000")

WRITTEN = (
    *("id", "region_code", "household_id", "representative_id"),
    *("visited_on", "way", "counts"),
    *("has_matter", "topics", "words", "answer", "satisfaction", "for_village"),
    *("entered_by_id", "on_behalf", "captured_at", "received_at", "fingerprint"),
    "withdrawal",
)
"""The columns of a visit that an import writes."""

DECLARATION = Declaration(
    title="走访记录表",
    columns=(
        Column("township", ("乡镇(街道)", "乡镇", "街道", "镇")),
        Column("village", ("村(社区)", "村", "村名", "社区", "所在村"), required=True),
        Column("group", ("组别", "村(居)民小组", "组", "小组"), Kind.CODE),
        Column(
            "representative", ("走访代表", "代表", "代表姓名", "走访人"), longest=30
        ),
        Column(
            "visited_on",
            ("走访时间", "走访日期", "时间", "日期"),
            Kind.DATE,
            required=True,
            width=14,
            past_only=True,
        ),
        Column(
            "head",
            ("走访对象(户主)", "走访对象", "户主", "户主姓名"),
            Kind.NAME,
            required=True,
        ),
        Column(
            "id_number",
            ("户主身份证号", "身份证号"),
            Kind.ID_NUMBER,
            width=22,
            accept_masked=True,
            lookup=True,
        ),
        Column("kind", ("户类型",), longest=10),
        Column(
            "way",
            ("走访方式", "方式"),
            Kind.CHOICE,
            choices=tuple(Way.labels),
            synonyms=(
                ("入户", "上门"),
                ("上门走访", "上门"),
                ("电话联系", "电话"),
                ("屋场会", "院落会"),
                ("板凳会", "院落会"),
            ),
        ),
        Column(
            "words",
            ("反映问题/诉求", "反映问题", "诉求", "家庭近况"),
            longest=500,
            width=30,
        ),
        Column("answer", ("现场答复或处理", "现场答复", "处理"), longest=300, width=24),
    ),
)
WAYS = {label: value for value, label in Way.choices}


@dataclass(frozen=True, slots=True)
class Home:
    """A household as a visit finds it: who looked after it, and when.

    One that has left the roll is found too: what was visited before comes in late.
    """

    pk: int
    village: int
    is_living: bool
    is_away: bool
    registered_on: dt.date
    links: tuple[tuple[dt.date, dt.date | None, int], ...]

    def representative_on(self, day: dt.date) -> int | None:
        """Return who looked after the household on `day`, or None."""
        for first, end, representative in self.links:
            if first <= day and (end is None or day < end):
                return representative
        return None


@dataclass(frozen=True, slots=True)
class Plan:
    """A visit to be stored."""

    home: Home
    representative: int
    content: Content


class VisitChecker(PlanningChecker):
    """Verdicts on paper visits: the household must be known, and linked that day."""

    labels = ("head",)

    def __init__(self, table: Table, on: dt.date) -> None:
        super().__init__(table, on)
        self.policies = policies()
        self.by_id, self.by_name = homes()
        self.stored = known_already()

    def _plan(self, row: Row) -> Plan:
        """Find the household and who looked after it that day."""
        found = self._homes(row, self._village(row).code)
        if len(found) != 1:
            raise self._not_one(row, found)
        day = row.values["visited_on"]
        assert isinstance(day, dt.date)  # noqa: S101 - a required date
        representative = found[0].representative_on(day)
        if representative is None:
            raise self._objection(
                row,
                "visited_on",
                "not_linked",
                "当天这一户没有联系代表",
                "请核对日期，或联系的起止日期",
            )
        content = self._content(row, found[0], day)
        return Plan(found[0], representative, content)

    def _compare(self, row: Row, plan: Plan) -> Verdict:
        print_ = plan.content.fingerprint()
        verdict = Verdict.SAME if print_ in self.stored else Verdict.NEW
        self.stored.add(print_)
        return verdict

    def _homes(self, row: Row, village: int) -> list[Home]:
        given = row.values.get("id_number")
        if isinstance(given, str):
            known = self.by_id.get((village, blind_index(given)))
            return [known] if known else []
        found = self.by_name.get((village, str(row.values["head"])), [])
        number = group_number(str(row.values.get("group") or ""))
        if number is not None:
            group = self.places.group(village, number)
            found = [one for one in found if one[0] == group]
        living = [home for _, home in found if home.is_living]
        return living or [home for _, home in found]

    def _not_one(self, row: Row, found: list[Home]) -> Objection:
        if found:
            return self._objection(
                row,
                "head",
                "ambiguous_household",
                f"本村有 {len(found)} 户户主同名",
                "请填上身份证号或组别来区分",
            )
        return self._objection(
            row,
            "head",
            "unknown_household",
            "本村名册上没有这一户",
            "请先导入或登记联系户，或核对姓名和身份证号",
        )

    def _content(self, row: Row, home: Home, day: dt.date) -> Content:
        words = str(row.values.get("words") or "").strip()
        quiet = words in QUIET
        return Content(
            household=home.pk,
            visited_on=day,
            way=WAYS.get(str(row.values.get("way") or ""), Way.DOOR.value),
            has_matter=not quiet,
            words="" if quiet else words,
            answer=str(row.values.get("answer") or "").strip(),
        )

    def apply(self, rows: Sequence[Checked], *, on: dt.date, by: Post) -> None:
        """Store the visits, entered by `by` on behalf of the representatives."""
        now, opened = timezone.now(), current_scope()
        first, _ = id_range(opened.request if opened else "")
        written = (self._written(row.plan, first, by, now) for row in rows)
        loading.insert_many(Visit, WRITTEN, written)
        settle(row.plan.home.pk for row in rows)

    def _written(
        self, plan: Plan, first: uuid.UUID, by: Post, now: dt.datetime
    ) -> Sequence[object]:
        """Return the row of a visit, in the order of `WRITTEN`."""
        content = plan.content
        return (
            visit_id(first, content),
            *(plan.home.village, plan.home.pk, plan.representative),
            *(content.visited_on, content.way, self._counts(plan)),
            *(content.has_matter, [], content.words, content.answer, "", False),
            *(by.user_id, True, now, now, content.fingerprint(), ""),
        )

    def _counts(self, plan: Plan) -> bool:
        away = (rules.Span(plan.home.registered_on),) if plan.home.is_away else ()
        contact = rules.Contact(plan.content.visited_on, plan.content.way)
        return bool(rules.counted_days([contact], self.policies, away))


KNOWN = """
WITH RECURSIVE known AS (
    SELECT corrects_id, fingerprint FROM visits_visit WHERE withdrawn_at IS NULL
    UNION ALL
    SELECT before.corrects_id, before.fingerprint
    FROM known JOIN visits_visit before ON before.id = known.corrects_id
)
SELECT fingerprint FROM known
"""


def known_already() -> set[str]:
    """Return the fingerprints of visits that stand, and of what those correct.

    One that was withdrawn by mistake is none of them: its paper brings it back.
    """
    with connection.cursor() as cursor:
        cursor.execute(KNOWN)
        return {print_ for (print_,) in cursor.fetchall()}


def id_range(request: str) -> tuple[uuid.UUID, uuid.UUID]:
    """Return the first and last id that visits of one import can have."""
    half = uuid.uuid5(NAMESPACE, request).int >> 64 << 64
    return uuid.UUID(int=half), uuid.UUID(int=half | (1 << 64) - 1)


def visit_id(first: uuid.UUID, content: Content) -> uuid.UUID:
    """Return the id, in the range that begins at `first`, of a visit that says this."""
    return uuid.UUID(int=first.int | int(content.fingerprint()[:16], 16))


def brought_by(request: str) -> VisitQuerySet:
    """Return the visits that the import which ran as `request` brought."""
    first, last = id_range(request)
    return Visit.objects.filter(pk__gte=first, pk__lte=last)


def homes() -> tuple[
    dict[tuple[int, str], Home], dict[tuple[int, str], list[tuple[int, Home]]]
]:
    """Return the scope's households by (village, ID index) and by (village, head).

    Of one number the one on the roll is meant, before those that have left it.
    """
    links: dict[int, list[tuple[dt.date, dt.date | None, int]]] = defaultdict(list)
    for household, first, end, representative in ContactLink.objects.values_list(
        "household_id", "started_on", "ended_on", "representative_id"
    ):
        links[household].append((first, end, representative))
    by_id: dict[tuple[int, str], Home] = {}
    by_name: dict[tuple[int, str], list[tuple[int, Home]]] = defaultdict(list)
    columns = ("region_id", "group_id", "head", "id_index", "status", "is_away")
    rows = Household.objects.values_list(*columns, "registered_on", "pk")
    for village, group, head, id_index, status, is_away, since, pk in rows:
        is_living = status == Status.LIVING
        home = Home(pk, village, is_living, is_away, since, tuple(links[pk]))
        if id_index and (is_living or (village, id_index) not in by_id):
            by_id[village, id_index] = home
        by_name[village, head].append((group, home))
    return by_id, by_name


class VisitLedger(Ledger):
    """Visits on paper, as a workbook. Rows are added, never changed."""

    kind = "visits"
    declaration = DECLARATION
    checker = VisitChecker
    permission = Permission.WORKBOOK_IMPORT
    note = "一次走访一行。户主要先在联系户花名册里。"

    def undo(self, undoing: Undoing, *, on: dt.date) -> None:
        """Take visits back; flags that only they had made good stand again."""
        homes = list(brought_by(undoing.request).values_list("household", flat=True))
        undoing.take_back()
        settle(homes)

    def untracked(
        self, request: str
    ) -> Iterable[tuple[type[models.Model], Sequence[Any]]]:
        """Yield the visits of an import: their history has no inserts (ADR 0006)."""
        yield Visit, list(brought_by(request).values_list("pk", flat=True))


LEDGER = register(VisitLedger())
# What the due rule computes goes with the household it was computed for.
derived(Duty, deleted=False)
derived(OverdueFlag, deleted=True)
