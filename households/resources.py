"""联系户花名册 (ledger 2): its columns, and how its rows become households and links."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from accounts.models import Post
from accounts.permissions import Permission
from accounts.sealing import Sealed, blind_index
from households.models import Category, CategoryTag, ContactLink, Household, LinkEnd
from regions.places import Places, group_number
from representatives.models import Mandate
from representatives.names import initials
from workbooks import loading
from workbooks.declaration import Column, Declaration, Kind
from workbooks.findings import Finding
from workbooks.importing import Change, Checked, Verdict, refusal, register
from workbooks.ledger import Row, Table
from workbooks.values.outcomes import Absent, Masked

DECLARATION = Declaration(
    title="联系户花名册",
    columns=(
        Column("township", ("乡镇(街道)", "乡镇", "街道", "镇"), example="魏家桥镇"),
        Column(
            "village",
            ("村(社区)", "村", "村名", "社区", "所在村", "村(居)"),
            required=True,
            example="长冲口村",
        ),
        Column(
            "group",
            ("组别", "村(居)民小组", "组", "小组", "所在组"),
            Kind.CODE,
            required=True,
            example="3组",
        ),
        Column(
            "head",
            ("户主姓名", "户主", "姓名"),
            Kind.NAME,
            required=True,
            example="刘桂英",
        ),
        Column(
            "id_number",
            ("户主身份证号", "身份证号", "身份证号码", "证件号码", "公民身份号码"),
            Kind.ID_NUMBER,
            width=22,
            accept_masked=True,
            absences=("无", "无户口", "遗失"),
            note="整列设为文本格式再填，18 位。",
        ),
        Column(
            "members",
            ("家庭人口", "人口", "人数", "家庭人数"),
            Kind.INTEGER,
            least=0,
            most=60,
            example="4",
        ),
        Column("residents", ("常住人口", "在家人口"), Kind.INTEGER, least=0, most=60),
        Column("address", ("住址", "家庭住址", "地址"), width=24, longest=60),
        Column(
            "phone",
            ("联系电话", "电话", "手机", "手机号", "联系方式"),
            Kind.PHONE,
            width=16,
            accept_masked=True,
            absences=("无",),
        ),
        Column(
            "kind",
            ("户类型", "户别"),
            Kind.CHOICE,
            group="联系情况",
            choices=("普通", "重点"),
            synonyms=(("普通户", "普通"), ("重点户", "重点"), ("一般户", "普通")),
        ),
        Column("categories", ("重点类别", "类别"), group="联系情况", width=18),
        Column(
            "representative",
            ("联系代表", "代表姓名", "联系人代表", "代表"),
            Kind.TEXT,
            group="联系情况",
            longest=30,
        ),
        Column(
            "representative_phone",
            ("代表电话", "代表联系电话"),
            Kind.PHONE,
            group="联系情况",
            width=16,
            accept_masked=True,
            lookup=True,
        ),
        Column("party_member", ("联系党员",), group="联系情况", longest=30),
        Column(
            "linked_on",
            ("联系起始日期", "联系日期", "起始日期"),
            Kind.DATE,
            group="联系情况",
            width=14,
            past_only=True,
        ),
        Column("situation", ("家庭基本情况", "家庭情况"), longest=200, width=24),
        Column("remark", ("备注",), longest=200, width=18),
    ),
    unique=(("id_number", "village"),),
)

FIELDS = ("members", "residents", "address", "situation", "remark")
LABELS = {column.key: column.title for column in DECLARATION.columns}


@dataclass(frozen=True, slots=True)
class Present:
    """A household as it is on the roll now, with its link and categories."""

    pk: int
    version: int
    group: int
    head: str
    id_index: str | None
    phone_index: str
    fields: tuple[Any, ...]
    link: int | None
    representative: int | None
    representative_name: str
    party_member: str
    categories: frozenset[str]


@dataclass(frozen=True, slots=True)
class Plan:
    """What one row wants: resolved, compared, ready to be written."""

    village: int
    group: int
    row: Row
    representative: int | None
    categories: frozenset[str] | None
    present: Present | None


class HouseholdLedger:
    """The roll of households as a workbook."""

    kind = "households"
    declaration = DECLARATION
    permission = Permission.WORKBOOK_IMPORT

    def checker(self, table: Table, on: dt.date) -> "HouseholdChecker":
        """Load the villages, representatives and households of the open scope."""
        return HouseholdChecker(table, on)


class HouseholdChecker:
    """Verdicts on rows of one file: same village and ID number is the same household,

    else same village, group and head (and phone, where several share a name).
    """

    def __init__(self, table: Table, on: dt.date) -> None:
        self.table = table
        self.on = on
        self.places = Places()
        self.categories = dict(
            Category.objects.filter(retired_on=None)
            .order_by("order")
            .values_list("name", "code")
        )
        self.aliases = {
            alias: category.code
            for category in Category.objects.filter(retired_on=None)
            for alias in category.aliases
        }
        self.people = serving_people(on)
        self.by_id: dict[tuple[int, str], Present] = {}
        self.by_name: dict[tuple[int, int, str], list[Present]] = defaultdict(list)
        for village, present in present_households(on):
            if present.id_index:
                self.by_id[village, present.id_index] = present
            self.by_name[village, present.group, present.head].append(present)

    # --- verdicts ------------------------------------------------------------

    def check(self, row: Row) -> Checked:
        """Resolve the row's references, then compare it with the roll."""
        label = str(row.values.get("head") or "")
        found = self._plan(row)
        if not isinstance(found, Plan):
            return Checked(row.number, Verdict.REFUSED, label, found)
        if found.present is None:
            return Checked(row.number, Verdict.NEW, label, plan=found)
        changes = tuple(self._changes(found, found.present))
        verdict = Verdict.CHANGED if changes else Verdict.SAME
        return Checked(row.number, verdict, label, changes=changes, plan=found)

    def _plan(self, row: Row) -> "Plan | tuple[Finding, ...]":
        values = row.values
        village = self.places.village(
            str(values["village"]), str(values.get("township") or "")
        )
        if village is None:
            return (self._unknown_village(row),)
        number = group_number(str(values["group"]))
        if number is None:
            return (
                self._refuse(
                    row, "group", "bad_group", "看不出是第几组", "请填“3组”这样的组别"
                ),
            )
        problems = []
        person = self._person(row, village.code)
        if isinstance(person, Finding):
            problems.append(person)
        categories = self._categories(row)
        if isinstance(categories, Finding):
            problems.append(categories)
        present = self._present(row, village.code, number)
        if isinstance(present, Finding):
            problems.append(present)
        if problems:
            return tuple(problems)
        return Plan(village.code, number, row, person, categories, present)  # type: ignore[arg-type]

    def _person(self, row: Row, village: int) -> "int | Finding | None":
        name = str(row.values.get("representative") or "").strip()
        if not name:
            return None
        found = self.people.get((village, name), [])
        phone = row.values.get("representative_phone")
        if len(found) > 1 and isinstance(phone, str):
            found = [p for p in found if p[1] == blind_index(phone)]
        if len(found) == 1:
            return found[0][0]
        if found:
            return self._refuse(
                row,
                "representative",
                "ambiguous_representative",
                "本村有几位同名的代表",
                "请填上代表电话来区分",
            )
        return self._refuse(
            row,
            "representative",
            "unknown_representative",
            "本村没有这位在任代表",
            "请先导入或登记代表，或改正姓名",
        )

    def _categories(self, row: Row) -> "frozenset[str] | Finding | None":
        if "categories" not in self.table.header.columns:
            return None
        text = str(row.values.get("categories") or "")
        names = [
            n
            for n in text.replace("，", "、").replace(",", "、").split("、")
            if n.strip()
        ]
        codes = {self._category(name.strip()) for name in names}
        if None in codes:
            unknown = next(n for n in names if self._category(n.strip()) is None)
            return self._refuse(
                row,
                "categories",
                "unknown_category",
                f"没有“{unknown}”这个重点类别",
                "可填：" + "、".join(self.categories),
            )
        if row.values.get("kind") == "重点" and not codes:
            return self._refuse(
                row,
                "categories",
                "missing_category",
                "重点户没有填重点类别",
                "请补填类别",
            )
        return frozenset(code for code in codes if code)

    def _category(self, name: str) -> str | None:
        return self.categories.get(name) or self.aliases.get(name)

    def _present(
        self, row: Row, village: int, number: int
    ) -> "Present | Finding | None":
        values = row.values
        group = self.places.group(village, number)
        same_name = self.by_name.get((village, group or 0, str(values["head"])), [])
        number_given = values.get("id_number")
        if isinstance(number_given, str):
            known = self.by_id.get((village, blind_index(number_given)))
            # Without a number on the roll yet, the name says who it is.
            return known or _only([p for p in same_name if p.id_index is None])
        found = same_name
        phone = values.get("phone")
        if len(found) > 1 and isinstance(phone, str):
            found = [p for p in found if p.phone_index == blind_index(phone)]
        if len(found) > 1:
            return self._refuse(
                row,
                "head",
                "ambiguous_household",
                f"本组有 {len(found)} 户户主都叫{values['head']}",
                "请填上身份证号来区分",
            )
        return found[0] if found else None

    def _changes(self, plan: Plan, present: Present) -> "list[Change]":
        values, changes = plan.row.values, []
        group = self.places.group(plan.village, plan.group)
        if group != present.group:
            changes.append(Change(LABELS["group"], "", f"{plan.group}组"))
        if values["head"] != present.head:
            changes.append(Change(LABELS["head"], present.head, str(values["head"])))
        for key, column in (
            ("id_number", present.id_index),
            ("phone", present.phone_index),
        ):
            given = values.get(key)
            if isinstance(given, str) and blind_index(given) != column:
                changes.append(
                    Change(LABELS[key], "已登记" if column else "", "新号码")
                )
        for key, old in zip(FIELDS, present.fields, strict=True):
            if key in values and self._given(values, key) != old:
                changes.append(Change(LABELS[key], _shown(old), _shown(values[key])))
        if plan.representative and plan.representative != present.representative:
            new = str(values["representative"])
            changes.append(
                Change(LABELS["representative"], present.representative_name, new)
            )
        if plan.categories is not None and plan.categories != present.categories:
            changes.append(
                Change(
                    LABELS["categories"],
                    self._names(present.categories),
                    self._names(plan.categories),
                )
            )
        return changes

    @staticmethod
    def _given(values: Any, key: str) -> Any:
        """Return a cell as the column stores it: a blank text is an empty string."""
        value = values[key]
        if key == "members":
            return value if value is not None else 1
        return value if key == "residents" else (value or "")

    def _names(self, codes: frozenset[str]) -> str:
        return "、".join(
            name for name, code in self.categories.items() if code in codes
        )

    def _refuse(
        self, row: Row, key: str, code: str, message: str, hint: str
    ) -> Finding:
        return refusal(self.table, row, key, code=code, message=message, hint=hint)

    def _unknown_village(self, row: Row) -> Finding:
        return self._refuse(
            row,
            "village",
            "unknown_village",
            "没有找到这个村（社区）",
            "请核对村名；只能导入自己管理范围内的村，有同名村的要填乡镇",
        )

    # --- writing -------------------------------------------------------------

    def apply(self, rows: Sequence[Checked], *, on: dt.date, by: Post) -> None:
        """Write households, then links and categories, in a few statements."""
        plans = [row.plan for row in rows]
        self.places.ensure_groups((plan.village, plan.group) for plan in plans)
        new = [plan for plan in plans if plan.present is None]
        ids = loading.reserve_ids(Household, len(new))
        self._insert(list(zip(ids, new, strict=True)), on)
        changed = [(p.present.pk, p) for p in plans if p.present]
        self._update([plan for _, plan in changed])
        everyone = [*zip(ids, new, strict=True), *changed]
        self._tag(everyone, on)
        self._link(everyone, on, by)

    def _insert(self, new: list[tuple[int, Plan]], on: dt.date) -> None:
        columns = (
            "id",
            "region_code",
            "group_id",
            "head",
            "initials",
            "id_number",
            "id_index",
            "phone",
            "phone_index",
            "members",
            "residents",
            "address",
            "situation",
            "remark",
            "is_away",
            "status",
            "registered_on",
            "version",
        )
        loading.insert_many(
            Household,
            columns,
            (
                (
                    pk,
                    plan.village,
                    self.places.group(plan.village, plan.group),
                    plan.row.values["head"],
                    initials(str(plan.row.values["head"])),
                    *_sealed(plan.row.values.get("id_number"), "id_number", None),
                    *_sealed(plan.row.values.get("phone"), "phone", ""),
                    *(_field(plan, key) for key in FIELDS),
                    False,
                    "living",
                    _linked_on(plan, on),
                    1,
                )
                for pk, plan in new
            ),
        )

    def _update(self, plans: list[Plan]) -> None:
        """Write every column of a changed household; what the file lacks stays."""
        households = Household.objects.in_bulk(
            [p.present.pk for p in plans if p.present]
        )
        rows = []
        for plan in plans:
            household = households[plan.present.pk]  # type: ignore[union-attr]
            self._take_over(household, plan)
            rows.append(household)
        columns = (
            "id",
            "group_id",
            "head",
            "initials",
            "id_number",
            "id_index",
            "phone",
            "phone_index",
            "members",
            "residents",
            "address",
            "situation",
            "remark",
        )
        loading.update_many(
            Household,
            columns,
            (
                (
                    h.pk,
                    h.group_id,
                    h.head,
                    h.initials,
                    h.id_number and h.id_number.token,
                    h.id_index,
                    h.phone and h.phone.token,
                    h.phone_index,
                    *(getattr(h, key) for key in FIELDS),
                )
                for h in rows
            ),
            bump="version",
        )

    def _take_over(self, household: Household, plan: Plan) -> None:
        values = plan.row.values
        household.group_id = self.places.group(plan.village, plan.group) or 0
        household.head = str(values["head"])
        household.initials = initials(household.head)
        for key in ("id_number", "phone"):
            given = values.get(key)
            index = blind_index(given) if isinstance(given, str) else None
            # Sealing anew the same number would be a change that is none.
            if index and index != getattr(household, f"{key.split('_')[0]}_index"):
                setattr(household, key, Sealed.of(str(given), key))
                setattr(household, f"{key.split('_')[0]}_index", index)
        for key in FIELDS:
            if key in values:
                setattr(household, key, self._given(values, key))

    def _tag(self, everyone: list[tuple[int, Plan]], on: dt.date) -> None:
        CategoryTag.objects.filter(
            pk__in=self._ended_tags(everyone), ended_on=None
        ).update(ended_on=on)
        loading.insert_many(
            CategoryTag,
            ("region_code", "household_id", "category_id", "started_on", "source"),
            (
                (
                    plan.village,
                    pk,
                    code,
                    _linked_on(plan, on) if plan.present is None else on,
                    "名册导入",
                )
                for pk, plan in everyone
                if plan.categories is not None
                for code in plan.categories
                - (plan.present.categories if plan.present else frozenset())
            ),
        )

    @staticmethod
    def _ended_tags(everyone: list[tuple[int, Plan]]) -> list[int]:
        gone = {
            (pk, code)
            for pk, plan in everyone
            if plan.present and plan.categories is not None
            for code in plan.present.categories - plan.categories
        }
        if not gone:
            return []
        tags = CategoryTag.objects.filter(
            household__in={pk for pk, _ in gone}, ended_on=None
        )
        return [t.pk for t in tags if (t.household_id, t.category_id) in gone]

    def _link(self, everyone: list[tuple[int, Plan]], on: dt.date, by: Post) -> None:
        moving = [
            (pk, plan)
            for pk, plan in everyone
            if plan.representative
            and (
                plan.present is None
                or plan.representative != plan.present.representative
            )
        ]
        ended = [p.present.link for _, p in moving if p.present and p.present.link]
        end_links(ended, on)
        loading.insert_many(
            ContactLink,
            (
                "region_code",
                "household_id",
                "representative_id",
                "started_on",
                "end_reason",
                "party_member",
                "patch",
                "neighbourhood",
                "grid",
                "entered_by_id",
            ),
            (
                (
                    plan.village,
                    pk,
                    plan.representative,
                    _linked_on(plan, on)
                    if not (plan.present and plan.present.link)
                    else on,
                    "",
                    plan.row.values.get("party_member") or "",
                    "",
                    "",
                    "",
                    by.user_id,
                )
                for pk, plan in moving
            ),
        )


def end_links(links: Sequence[int], on: dt.date) -> None:
    """End contact links because the roll names somebody else."""
    if links:
        from django.db.models.functions import Greatest

        ContactLink.objects.filter(pk__in=links).update(
            ended_on=Greatest("started_on", on), end_reason=LinkEnd.REASSIGNED
        )


def serving_people(on: dt.date) -> dict[tuple[int, str], list[tuple[int, str]]]:
    """Return (id, phone index) of the serving representatives by village and name."""
    people: dict[tuple[int, str], list[tuple[int, str]]] = defaultdict(list)
    serving = Mandate.objects.active(on).values_list(
        "region_id",
        "representative__name",
        "representative_id",
        "representative__phone_index",
    )
    for village, name, pk, phone_index in serving:
        people[village, name].append((pk, phone_index))
    return people


def present_households(on: dt.date) -> "list[tuple[int, Present]]":
    """Return the living households of the scope, with link and categories, by village."""
    links = {
        household: (pk, representative, name, party_member)
        for household, pk, representative, name, party_member in ContactLink.objects.filter(
            ended_on=None
        ).values_list(
            "household_id",
            "pk",
            "representative_id",
            "representative__name",
            "party_member",
        )
    }
    tags: dict[int, set[str]] = defaultdict(set)
    for household, code in CategoryTag.objects.filter(ended_on=None).values_list(
        "household_id", "category_id"
    ):
        tags[household].add(code)
    living = Household.objects.living().values_list(
        "region_id",
        "pk",
        "version",
        "group_id",
        "head",
        "id_index",
        "phone_index",
        *FIELDS,
    )
    none = (None, None, "", "")
    return [
        (
            village,
            Present(
                pk,
                version,
                group,
                head,
                id_index,
                phone_index,
                tuple(fields),
                *links.get(pk, none),
                frozenset(tags.get(pk, ())),
            ),
        )
        for village, pk, version, group, head, id_index, phone_index, *fields in living
    ]


def _field(plan: Plan, key: str) -> Any:
    value = plan.row.values.get(key)
    if key == "members":
        return value if value is not None else 1
    return value if key == "residents" else (value or "")


def _linked_on(plan: Plan, on: dt.date) -> dt.date:
    given = plan.row.values.get("linked_on")
    return given if isinstance(given, dt.date) else on


def _sealed(
    value: Any, kind: str, nothing: str | None
) -> tuple[str | None, str | None]:
    """Return the sealed token and the index of a number; a masked one is not known."""
    if not isinstance(value, str) or isinstance(value, Absent | Masked):
        return None, nothing
    return Sealed.of(value, kind).token, blind_index(value)


def _only(found: list[Present]) -> Present | None:
    return found[0] if len(found) == 1 else None


def _shown(value: Any) -> str:
    return "" if value is None else str(value)


LEDGER = register(HouseholdLedger())
