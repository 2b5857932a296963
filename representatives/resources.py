"""代表花名册 (ledger 1): its columns, and how its rows become people, seats and mandates."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Max

from accounts.models import Post
from accounts.permissions import Permission
from accounts.sealing import Sealed, blind_index
from regions.places import Places, group_number
from representatives.models import (
    CommitteeTerm,
    Constituency,
    Education,
    Mandate,
    Mode,
    Politics,
    Representative,
    Seat,
    Sex,
)
from representatives.names import initials
from workbooks.declaration import Column, Declaration, Kind
from workbooks.findings import Finding
from workbooks.importing import Change, Checked, Verdict, refusal, register
from workbooks.ledger import Row, Table

TERM_YEARS = 5  # 村民委员会组织法 art. 11

DECLARATION = Declaration(
    title="村（居）民代表花名册",
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
            ("村(居)民小组", "组别", "小组", "组", "所在组"),
            Kind.CODE,
            required=True,
            example="3组",
        ),
        Column(
            "name",
            ("姓名", "代表姓名"),
            Kind.NAME,
            required=True,
            group="基本情况",
            example="张顺民",
        ),
        Column(
            "sex",
            ("性别",),
            Kind.CHOICE,
            group="基本情况",
            choices=tuple(Sex.labels),
            width=6,
            example="男",
        ),
        Column(
            "nation", ("民族",), group="基本情况", longest=20, width=8, example="汉族"
        ),
        Column(
            "birth_year",
            ("出生年份", "出生年月", "出生年"),
            Kind.YEAR,
            group="基本情况",
        ),
        Column(
            "id_number",
            ("身份证号", "身份证号码", "证件号码", "公民身份号码"),
            Kind.ID_NUMBER,
            group="基本情况",
            width=22,
            accept_masked=True,
            note="整列设为文本格式再填，18 位。",
        ),
        Column(
            "education",
            ("文化程度", "学历"),
            Kind.CHOICE,
            group="基本情况",
            choices=tuple(Education.labels),
            synonyms=(
                ("初级中学", "初中"),
                ("高级中学", "高中"),
                ("中技", "中专"),
                ("专科", "大专"),
                ("大学", "本科"),
                ("大学本科", "本科"),
                ("硕士", "研究生"),
                ("文盲", "文盲或半文盲"),
            ),
        ),
        Column(
            "politics",
            ("政治面貌",),
            Kind.CHOICE,
            group="基本情况",
            choices=tuple(Politics.labels),
            synonyms=(
                ("党员", "中共党员"),
                ("中共预备党员", "预备党员"),
                ("团员", "共青团员"),
            ),
        ),
        Column(
            "offices", ("职业/兼任", "职业", "兼任", "兼职"), group="基本情况", width=16
        ),
        Column(
            "phone",
            ("联系电话", "电话", "手机", "手机号"),
            Kind.PHONE,
            group="基本情况",
            width=16,
            accept_masked=True,
        ),
        Column(
            "mode",
            ("推选方式",),
            Kind.CHOICE,
            group="任职情况",
            choices=tuple(Mode.labels),
            synonyms=(("按户", "按户推选"), ("按组", "按组推选")),
        ),
        Column("constituency", ("推选单元", "选区"), group="任职情况", longest=40),
        Column(
            "started_on",
            ("当选时间", "当选日期", "任职时间"),
            Kind.DATE,
            required=True,
            group="任职情况",
            width=14,
            past_only=True,
        ),
        Column(
            "until",
            ("任期至", "任期截止"),
            Kind.DATE,
            required=True,
            group="任职情况",
            width=14,
        ),
        Column("is_by_election", ("是否补选", "补选"), Kind.BOOLEAN, group="任职情况"),
        Column("remark", ("备注",), longest=200, width=18),
    ),
    unique=(("id_number", "village"),),
)
LABELS = {column.key: column.title for column in DECLARATION.columns}
CODES: dict[str, dict[str, str]] = {
    "sex": {label: value for value, label in Sex.choices},
    "education": {label: value for value, label in Education.choices},
    "politics": {label: value for value, label in Politics.choices},
    "mode": {label: value for value, label in Mode.choices},
}
PERSON = ("name", "sex", "nation", "birth_year", "education", "politics", "remark")
TENURE = ("mode", "started_on", "until", "is_by_election")


@dataclass(frozen=True, slots=True)
class Present:
    """A person of the roll as he is now, with his unended mandate."""

    person: Representative
    mandate: Mandate | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What one row wants."""

    village: int
    group: int
    row: Row
    person: dict[str, Any]
    tenure: dict[str, Any]
    present: Present | None


class RepresentativeLedger:
    """The roll of representatives as a workbook."""

    kind = "representatives"
    declaration = DECLARATION
    permission = Permission.WORKBOOK_IMPORT

    def checker(self, table: Table, on: dt.date) -> "RepresentativeChecker":
        """Load the villages, terms and people of the open scope."""
        return RepresentativeChecker(table, on)


class RepresentativeChecker:
    """Verdicts: same village and ID number is the same person, else same name."""

    def __init__(self, table: Table, on: dt.date) -> None:
        self.table = table
        self.on = on
        self.places = Places()
        self.terms = {
            term.region_id: term.ends_on
            for term in CommitteeTerm.objects.filter(
                started_on__lte=on, ends_on__gte=on
            )
        }
        self.by_id: dict[tuple[int, str], Present] = {}
        self.by_name: dict[tuple[int, str], list[Present]] = defaultdict(list)
        mandates = {m.representative_id: m for m in Mandate.objects.unended()}
        for person in Representative.objects.all():
            present = Present(person, mandates.get(person.pk))
            if person.id_index:
                self.by_id[person.region_id, person.id_index] = present
            self.by_name[person.region_id, person.name].append(present)

    # --- verdicts ------------------------------------------------------------

    def check(self, row: Row) -> Checked:
        """Resolve village, group and person, then compare with the roll."""
        label = str(row.values.get("name") or "")
        found = self._plan(row)
        if not isinstance(found, Plan):
            return Checked(row.number, Verdict.REFUSED, label, found)
        if found.present is None or found.present.mandate is None:
            return Checked(row.number, Verdict.NEW, label, plan=found)
        changes = tuple(self._changes(found))
        verdict = Verdict.CHANGED if changes else Verdict.SAME
        return Checked(row.number, verdict, label, changes=changes, plan=found)

    def _plan(self, row: Row) -> "Plan | tuple[Finding, ...]":
        values = row.values
        village = self.places.village(
            str(values["village"]), str(values.get("township") or "")
        )
        if village is None:
            return (
                self._refuse(
                    row,
                    "village",
                    "unknown_village",
                    "没有找到这个村（社区）",
                    "请核对村名；只能导入自己管理范围内的村，有同名村的要填乡镇",
                ),
            )
        number = group_number(str(values["group"]))
        if number is None:
            return (
                self._refuse(
                    row, "group", "bad_group", "看不出是第几组", "请填“3组”这样的组别"
                ),
            )
        if finding := self._tenure_problem(row, village.code):
            return (finding,)
        present = self._present(row, village.code)
        if isinstance(present, Finding):
            return (present,)
        return Plan(
            village.code, number, row, _person(values), _tenure(values), present
        )

    def _tenure_problem(self, row: Row, village: int) -> Finding | None:
        values = row.values
        until, started = values["until"], values["started_on"]
        if (
            isinstance(until, dt.date)
            and isinstance(started, dt.date)
            and until < started
        ):
            return self._refuse(
                row,
                "until",
                "until_before_start",
                "任期截止早于当选时间",
                "请核对两个日期",
            )
        term = self.terms.get(village)
        if term and until != term:
            return self._refuse(
                row,
                "until",
                "term_mismatch",
                f"与本村村（居）委会届期不一致，应为 {term}",
                "代表任期与村（居）委会相同（村民委员会组织法第二十五条）",
            )
        return None

    def _present(self, row: Row, village: int) -> "Present | Finding | None":
        given = row.values.get("id_number")
        same_name = self.by_name.get((village, str(row.values["name"])), [])
        if isinstance(given, str):
            known = self.by_id.get((village, blind_index(given)))
            unknown = [p for p in same_name if p.person.id_index is None]
            return known or (unknown[0] if len(unknown) == 1 else None)
        phone = row.values.get("phone")
        if len(same_name) > 1 and isinstance(phone, str):
            index = blind_index(phone)
            same_name = [p for p in same_name if p.person.phone_index == index]
        if len(same_name) > 1:
            return self._refuse(
                row,
                "name",
                "ambiguous_person",
                f"本村有 {len(same_name)} 位{row.values['name']}",
                "请填上身份证号来区分",
            )
        return same_name[0] if same_name else None

    def _changes(self, plan: Plan) -> list[Change]:
        present = plan.present
        if present is None or present.mandate is None:
            raise ValueError("only a serving person has changes")
        person, mandate = present.person, present.mandate
        changes = [
            Change(
                LABELS[key], _shown(person, key), str(plan.row.values.get(key) or "")
            )
            for key, value in plan.person.items()
            if key in LABELS and getattr(person, key) != value
        ]
        for key in ("id", "phone"):
            given = plan.row.values.get("id_number" if key == "id" else "phone")
            if isinstance(given, str) and blind_index(given) != getattr(
                person, f"{key}_index"
            ):
                title = LABELS["id_number" if key == "id" else "phone"]
                changes.append(Change(title, "", "新号码"))
        if self.places.group(plan.village, plan.group) != person.group_id:
            changes.append(Change(LABELS["group"], "", f"{plan.group}组"))
        changes += [
            Change(LABELS[key], str(getattr(mandate, key)), str(value))
            for key, value in plan.tenure.items()
            if getattr(mandate, key) != value
        ]
        return changes

    def _refuse(
        self, row: Row, key: str, code: str, message: str, hint: str
    ) -> Finding:
        return refusal(self.table, row, key, code=code, message=message, hint=hint)

    # --- writing -------------------------------------------------------------

    def apply(self, rows: Sequence[Checked], *, on: dt.date, by: Post) -> None:
        """Write people, then give those without a mandate a seat of their group."""
        plans: list[Plan] = [row.plan for row in rows]
        self.places.ensure_groups((plan.village, plan.group) for plan in plans)
        self._ensure_terms(plans)
        people = self._write_people(plans)
        tenured = [
            (p, plan) for p, plan in people if plan.present and plan.present.mandate
        ]
        self._update_mandates(tenured)
        self._give_seats([pair for pair in people if pair not in tenured], on)

    def _ensure_terms(self, plans: list[Plan]) -> None:
        """Take a village's term from its roll, where none is recorded yet."""
        missing = {
            p.village: p.tenure["until"] for p in plans if p.village not in self.terms
        }
        CommitteeTerm.objects.bulk_create(
            CommitteeTerm(
                region_id=village, started_on=_term_start(until), ends_on=until
            )
            for village, until in missing.items()
        )
        self.terms |= missing

    def _write_people(self, plans: list[Plan]) -> list[tuple[Representative, Plan]]:
        people = []
        for plan in plans:
            person = (
                plan.present.person
                if plan.present
                else Representative(region_id=plan.village)
            )
            for key, value in plan.person.items():
                setattr(person, key, value)
            person.group_id = self.places.group(plan.village, plan.group)
            person.initials = initials(person.name)
            _take_numbers(person, plan.row.values)
            people.append((person, plan))
        Representative.objects.bulk_create(
            person for person, plan in people if plan.present is None
        )
        known = [person for person, plan in people if plan.present]
        for person in known:
            person.version += 1
        Representative.objects.bulk_update(
            known,
            [
                *PERSON,
                "offices",
                "draws_allowance",
                "group",
                "initials",
                "version",
                "id_number",
                "id_index",
                "phone",
                "phone_index",
            ],
            batch_size=500,
        )
        return people

    @staticmethod
    def _update_mandates(tenured: list[tuple[Representative, Plan]]) -> None:
        mandates = []
        for person, plan in tenured:
            mandate = plan.present.mandate  # type: ignore[union-attr]
            for key, value in plan.tenure.items():
                setattr(mandate, key, value)
            mandate.person_index = person.id_index  # type: ignore[union-attr]
            mandates.append(mandate)
        Mandate.objects.bulk_update(mandates, [*TENURE, "person_index"], batch_size=500)  # type: ignore[arg-type]

    def _give_seats(
        self, people: list[tuple[Representative, Plan]], on: dt.date
    ) -> None:
        """Seat each in his constituency: a vacant seat first, else one more."""
        units = self._constituencies(people)
        vacant, last = free_seats(on, units.values())
        opening: list[Seat] = []
        seated: list[tuple[Representative, Plan, Seat]] = []
        for person, plan in people:
            unit = units[_unit_key(plan)]
            if vacant[unit.pk]:
                seat = vacant[unit.pk].pop()
            else:
                last[unit.pk] += 1
                seat = Seat(
                    region_id=plan.village,
                    constituency=unit,
                    number=last[unit.pk],
                    opened_on=plan.tenure["started_on"],
                )
                opening.append(seat)
            seated.append((person, plan, seat))
        Seat.objects.bulk_create(opening)
        Mandate.objects.bulk_create(
            Mandate(
                region_id=plan.village,
                representative=person,
                seat=seat,
                person_index=person.id_index,
                **plan.tenure,
            )
            for person, plan, seat in seated
        )

    def _constituencies(
        self, people: list[tuple[Representative, Plan]]
    ) -> dict[tuple[int, str], Constituency]:
        wanted = {_unit_key(plan): plan for _, plan in people}
        villages = {village for village, _ in wanted}
        units = {
            (unit.region_id, unit.name): unit
            for unit in Constituency.objects.current().filter(region__in=villages)
        }
        missing = [
            Constituency(
                region_id=key[0],
                name=key[1],
                mode=plan.tenure["mode"],
                group_id=self.places.group(plan.village, plan.group),
            )
            for key, plan in wanted.items()
            if key not in units
        ]
        for unit in Constituency.objects.bulk_create(missing):
            units[unit.region_id, unit.name] = unit
        return units


def free_seats(on: dt.date, units: Any) -> tuple[dict[int, list[Seat]], dict[int, int]]:
    """Return each constituency's vacant seats, and its highest seat number."""
    ids = [unit.pk for unit in units]
    vacant: dict[int, list[Seat]] = defaultdict(list)
    filled = Mandate.objects.unended().filter(seat__constituency__in=ids)
    held = set(filled.values_list("seat_id", flat=True))
    for seat in Seat.objects.open().filter(constituency__in=ids).order_by("-number"):
        if seat.pk not in held:
            vacant[seat.constituency_id].append(seat)
    last: dict[int, int] = defaultdict(int)
    numbers = Seat.objects.filter(constituency__in=ids).values("constituency_id")
    for row in numbers.annotate(last=Max("number")):
        last[row["constituency_id"]] = row["last"]
    return vacant, last


def _unit_key(plan: Plan) -> tuple[int, str]:
    """Return (village, name) of the constituency a row means.

    Most rolls name none: then it is the group's, and in groups that elect both ways
    the households' units are told apart from the group's.
    """
    given = str(plan.row.values.get("constituency") or "").strip()
    suffix = "" if plan.tenure["mode"] == Mode.GROUP else "（按户）"
    return plan.village, given or f"{plan.group}组{suffix}"


def _person(values: Any) -> dict[str, Any]:
    """Return the person's columns that the file has; blank text is empty."""
    person: dict[str, Any] = {}
    for key in PERSON:
        if key not in values:
            continue
        value = values[key]
        if key in CODES:
            value = CODES[key].get(str(value or ""), "")
        person[key] = value if key == "birth_year" else (value or "")
    if "nation" in person:
        person["nation"] = person["nation"] or "汉族"
    if "offices" in values:
        person["offices"] = _offices(str(values["offices"] or ""))
    return person


def _offices(text: str) -> list[str]:
    """Return what a cell like 村民小组长、护林员 lists."""
    parts = text.replace("，", "、").replace(",", "、").replace(";", "、").split("、")
    return [part.strip()[:20] for part in parts if part.strip()]


def _tenure(values: Any) -> dict[str, Any]:
    return {
        "mode": CODES["mode"].get(str(values.get("mode") or ""), Mode.GROUP.value),
        "started_on": values["started_on"],
        "until": values["until"],
        "is_by_election": bool(values.get("is_by_election")),
    }


def _take_numbers(person: Representative, values: Any) -> None:
    """Seal ID number and phone where the file brings new ones."""
    for key, index in (("id_number", "id_index"), ("phone", "phone_index")):
        given = values.get(key)
        if isinstance(given, str) and blind_index(given) != getattr(person, index):
            setattr(person, key, Sealed.of(given, key))
            setattr(person, index, blind_index(given))


def _term_start(until: dt.date) -> dt.date:
    """Return the first day of a five-year term that ends on `until`."""
    following = until + dt.timedelta(days=1)
    return following.replace(year=following.year - TERM_YEARS)


def _shown(person: Representative, key: str) -> str:
    if key == "offices":
        return "、".join(person.offices)
    display = getattr(person, f"get_{key}_display", None)
    value = display() if display else getattr(person, key)
    return "" if value is None else str(value)


LEDGER = register(RepresentativeLedger())
