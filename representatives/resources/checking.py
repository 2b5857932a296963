"""Verdicts on the rows of a 代表花名册."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.db.models import QuerySet

from accounts.models import Post
from accounts.permissions import Permission
from accounts.sealing import blind_index
from regions.places import Places, group_number
from representatives.models import (
    CommitteeTerm,
    Mandate,
    MandateEnd,
    Representative,
)
from representatives.names import initials
from representatives.resources.columns import DECLARATION, LABELS
from representatives.resources.rows import Plan, Present, person_of, shown, tenure_of
from representatives.resources.writing import RepresentativeWriter
from workbooks.claims import Claims
from workbooks.findings import Finding
from workbooks.importing import Change, Checked, Checker, Ledger, Verdict
from workbooks.ledger import Row, Table
from workbooks.undoing import Undoing
from workbooks.values.outcomes import Masked


class RepresentativeChecker(Checker):
    """Verdicts: same village and ID number is the same person, else same name."""

    def __init__(self, table: Table, on: dt.date) -> None:
        super().__init__(table, on)
        self.places = Places()
        self.terms = {
            term.region_id: term.ends_on
            for term in CommitteeTerm.objects.filter(
                started_on__lte=on, ends_on__gte=on
            )
        }
        self.announced: dict[int, object] = {}
        self.claims = Claims()
        self.by_id: dict[tuple[int, str], Present] = {}
        self.by_name: dict[tuple[int, str], list[Present]] = defaultdict(list)
        mandates = {m.representative_id: m for m in Mandate.objects.unended()}
        left = {m.representative_id: m for m in _ended()}
        for person in Representative.objects.all():
            present = Present(person, mandates.get(person.pk), left.get(person.pk))
            if person.id_index:
                self.by_id[person.region_id, person.id_index] = present
            self.by_name[person.region_id, person.name].append(present)

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
        if not isinstance(present, Finding):
            present = self._twin(row, village.code, present) or present
        if isinstance(present, Finding):
            return (present,)
        if finding := self._served_until_later(row, present):
            return (finding,)
        return Plan(
            village.code, number, row, person_of(values), tenure_of(values), present
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
        # Where no term is recorded yet, the first row of the village says it.
        term = self.terms.get(village) or self.announced.setdefault(village, until)
        if until != term:
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
        without = [present for present in same_name if present.person.id_index is None]
        if isinstance(given, str):
            known = self.by_id.get((village, blind_index(given)))
            free = [p for p in without if not self.claims.is_taken(p.person.pk)]
            return known or (free[0] if len(free) == 1 else None)
        # A cell left blank means the one without a number, if there is one.
        asked = "id_number" in row.values and not isinstance(given, Masked)
        same_name = without if asked and without else same_name
        phone = row.values.get("phone")
        if len(same_name) > 1 and isinstance(phone, str):
            index = blind_index(phone)
            same_name = [p for p in same_name if p.person.phone_index == index]
        if len(same_name) > 1:
            same_name = [p for p in same_name if _fits(p, row.values)]
        if len(same_name) > 1:
            return self._refuse(
                row,
                "name",
                "ambiguous_person",
                f"本村有 {len(same_name)} 位{row.values['name']}："
                + "；".join(_known_by(p.person) for p in same_name),
                "请填上身份证号来区分",
            )
        return same_name[0] if same_name else None

    def _served_until_later(self, row: Row, present: Present | None) -> Finding | None:
        """Refuse to bring somebody back by a roll that is older than his leaving."""
        left = present.left if present and present.mandate is None else None
        started = row.values["started_on"]
        if left is None or not isinstance(started, dt.date):
            return None
        if left.ended_on is None or started >= left.ended_on:
            return None
        return self._refuse(
            row,
            "started_on",
            "left_since",
            f"{left.ended_on} 已经离任（{left.get_end_cause_display()}）",
            "没有再当选的，请删去这一行；再当选的，当选时间填离任那天或者以后",
        )

    def _twin(self, row: Row, village: int, present: Present | None) -> Finding | None:
        """Refuse a row that another row of the file cannot be told from."""
        phone, other = row.values.get("phone"), None
        if present is not None:
            other = self.claims.known(present.person.pk, row.number)
        elif not isinstance(row.values.get("id_number"), str):
            known = phone if isinstance(phone, str) else None
            name = (village, row.values["name"])
            other = self.claims.named(name, known, row.number)
        if other is None:
            return None
        return self._refuse(
            row,
            "name",
            "duplicate_in_file",
            f"和第 {other} 行分不清是不是同一个人",
            "请填上身份证号；确实是同一个人的，只留一行",
        )

    def _changes(self, plan: Plan) -> list[Change]:
        present = plan.present
        if present is None or present.mandate is None:
            raise ValueError("only a serving person has changes")
        person, mandate = present.person, present.mandate
        changes = [
            Change(LABELS[key], shown(person, key), str(plan.row.values.get(key) or ""))
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
            changes.append(self._regrouped(person.group_id, plan.group))
        changes += [
            Change(LABELS[key], str(getattr(mandate, key)), str(value))
            for key, value in plan.tenure.items()
            if getattr(mandate, key) != value
        ]
        return changes

    def _regrouped(self, old: int | None, new: int) -> Change:
        before = self.places.number(old)
        return Change(LABELS["group"], f"{before}组" if before else "", f"{new}组")

    def apply(self, rows: Sequence[Checked], *, on: dt.date, by: Post) -> None:
        """Write people, terms, seats and mandates."""
        writer = RepresentativeWriter(self.places, self.terms)
        writer.write([row.plan for row in rows], on=on)


def _ended() -> QuerySet[Mandate]:
    """Return the mandates that have ended, the last one of each person behind."""
    rows = Mandate.objects.filter(ended_on__isnull=False)
    return rows.exclude(end_cause=MandateEnd.ENTRY_ERROR).order_by("ended_on", "pk")


def _fits(present: Present, values: Mapping[str, object]) -> bool:
    """Return whether the masked cells of an exported roll are this person's numbers."""
    person = present.person
    pairs = (
        (values.get("id_number"), person.id_number),
        (values.get("phone"), person.phone),
    )
    return all(
        given.text == str(held or "")
        for given, held in pairs
        if isinstance(given, Masked)
    )


def _known_by(person: Representative) -> str:
    """Return how a person of a shared name is told from the others."""
    number = str(person.id_number) if person.id_number else "没有身份证号"
    return f"{number}，" + (f"电话 {person.phone}" if person.phone else "没有电话")


class RepresentativeLedger(Ledger):
    """The roll of representatives as a workbook.

    One person serves in one seat of the whole city (L08): a key beyond the scope.
    """

    kind = "representatives"
    declaration = DECLARATION
    checker = RepresentativeChecker
    permission = Permission.WORKBOOK_IMPORT
    note = "一人一行。先导入这一份，联系户才能认出自己的代表。"
    beyond = Ledger.beyond | {"conflict"}
    rehearses = True

    def undo(self, undoing: Undoing, *, on: dt.date) -> None:
        """Take people, seats and mandates back; initials follow the old names."""
        renamed = undoing.restored(Representative, "name")
        undoing.take_back()
        people = list(Representative.objects.filter(pk__in=renamed))
        for person in people:
            person.initials = initials(person.name)
        Representative.objects.bulk_update(people, ["initials"], batch_size=500)
