"""Verdicts on the rows of a 联系户花名册."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence

from accounts.models import Post
from accounts.permissions import Permission
from accounts.sealing import blind_index
from households.models import Category, Household, Status
from households.resources.columns import DECLARATION, FIELDS, LABELS
from households.resources.rows import (
    NO_MASKS,
    Plan,
    Present,
    fits,
    masks_of,
    only,
    phones_of,
    present_households,
    serving_people,
    shown,
    stored,
)
from households.resources.writing import HouseholdWriter
from regions.models import Region
from regions.places import Places, group_number
from representatives.names import initials
from workbooks.claims import Claims
from workbooks.findings import Finding
from workbooks.importing import Change, Checked, Checker, Ledger, Verdict
from workbooks.ledger import Row, Table
from workbooks.undoing import Undoing
from workbooks.values.outcomes import Masked

NONE: frozenset[str] = frozenset()


class HouseholdChecker(Checker):
    """Verdicts on rows of one file: same village and ID number is the same household,

    else same village, group and head (and phone, where several share a name).
    """

    def __init__(self, table: Table, on: dt.date) -> None:
        super().__init__(table, on)
        self.places = Places()
        self.claims = Claims()
        self.villages: dict[tuple[str, str], Region | None] = {}
        every = list(Category.objects.order_by("order"))
        self.names = {one.code: one.name for one in every}
        offered = [one for one in every if one.retired_on is None]
        self.categories = {one.name: one.code for one in offered}
        self.aliases = {alias: one.code for one in offered for alias in one.aliases}
        self.people = serving_people(on)
        same_names = (same for same in self.people.values() if len(same) > 1)
        self.phones = phones_of([pk for same in same_names for pk, _ in same])
        self.by_id: dict[tuple[int, str], Present] = {}
        self.by_name: dict[tuple[int, int, str], list[Present]] = defaultdict(list)
        for village, present in present_households(on):
            if present.id_index:
                self.by_id[village, present.id_index] = present
            self.by_name[village, present.group, present.head].append(present)
        shared = (same for same in self.by_name.values() if len(same) > 1)
        self.masks = masks_of([present.pk for same in shared for present in same])

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
        village = self._village(
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
        given = values.get("id_number")
        # Hashed once a row: here it finds the household, later it is written.
        index = blind_index(given) if isinstance(given, str) else None
        present = self._present(row, village.code, number, index)
        if not isinstance(present, Finding):
            present = self._twin(row, (village.code, number), present) or present
        known = present if isinstance(present, Present) else None
        person = self._person(row, village.code, known)
        categories = self._categories(row, known)
        found = (person, categories, present)
        if problems := tuple(one for one in found if isinstance(one, Finding)):
            return problems
        return Plan(village.code, number, row, index, *found)  # type: ignore[arg-type]

    def _village(self, name: str, township: str) -> Region | None:
        """Return the village, looked up once for all rows that name it so."""
        key = (name, township)
        if key not in self.villages:
            self.villages[key] = self.places.village(name, township)
        return self.villages[key]

    def _person(
        self, row: Row, village: int, present: Present | None
    ) -> "int | Finding | None":
        name = str(row.values.get("representative") or "").strip()
        if not name:
            return None
        found = self.people.get((village, name), [])
        phone = row.values.get("representative_phone")
        if len(found) > 1 and isinstance(phone, str):
            found = [p for p in found if p[1] == blind_index(phone)]
        if len(found) > 1 and present:
            # An exported roll shows the phone masked: whoever has it now is meant.
            found = [p for p in found if p[0] == present.representative] or found
        if len(found) == 1:
            return found[0][0]
        if found:
            return self._refuse(
                row,
                "representative",
                "ambiguous_representative",
                f"本村有 {len(found)} 位{name}："
                + "；".join(self.phones[pk] for pk, _ in sorted(found)),
                "请填上代表电话来区分",
            )
        return self._refuse(
            row,
            "representative",
            "unknown_representative",
            "本村没有这位在任代表",
            "请先导入或登记代表，或改正姓名",
        )

    def _categories(
        self, row: Row, present: Present | None
    ) -> "frozenset[str] | Finding | None":
        if "categories" not in self.table.header.columns:
            return None
        text = str(row.values.get("categories") or "")
        if not text and row.values.get("kind") != "重点":
            return NONE
        names = [
            n
            for n in text.replace("，", "、").replace(",", "、").split("、")
            if n.strip()
        ]
        held = present.categories if present else NONE
        found = {name: self._category(name.strip(), held) for name in names}
        codes = set(found.values())
        if None in codes:
            unknown = next(name for name, code in found.items() if code is None)
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

    def _category(self, name: str, held: frozenset[str]) -> str | None:
        """Return the code of a category in use, or of one that the household has."""
        kept = (code for code in held if self.names.get(code) == name)
        return self.categories.get(name) or self.aliases.get(name) or next(kept, None)

    def _present(
        self, row: Row, village: int, number: int, index: str | None
    ) -> "Present | Finding | None":
        values = row.values
        group = self.places.group(village, number)
        same_name = self.by_name.get((village, group or 0, str(values["head"])), [])
        without = [present for present in same_name if present.id_index is None]
        if index is not None:
            known = self.by_id.get((village, index))
            # Without a number on the roll yet, the name says who it is.
            return known or only([p for p in without if not self.claims.is_taken(p.pk)])
        # A cell left blank means the one without a number, if there is one.
        asked = "id_number" in self.table.header.columns
        asked = asked and not isinstance(values.get("id_number"), Masked)
        found = without if asked and without else same_name
        phone = values.get("phone")
        if len(found) > 1 and isinstance(phone, str):
            found = [p for p in found if p.phone_index == blind_index(phone)]
        if len(found) > 1:
            found = self._fitting(found, values)
        if len(found) > 1:
            return self._refuse(
                row,
                "head",
                "ambiguous_household",
                f"本组有 {len(found)} 户户主都叫{values['head']}："
                + "；".join(_known_by(self.masks.get(p.pk, NO_MASKS)) for p in found),
                "请填上身份证号来区分",
            )
        return found[0] if found else None

    def _fitting(
        self, found: list[Present], values: Mapping[str, object]
    ) -> list[Present]:
        """Return those of one name whom the masked numbers of an exported roll fit."""
        given = (values.get("id_number"), values.get("phone"))
        return [p for p in found if fits(self.masks.get(p.pk, NO_MASKS), given)]

    def _twin(
        self, row: Row, place: tuple[int, int], present: Present | None
    ) -> Finding | None:
        """Refuse a row that another row of the file cannot be told from."""
        phone, other = row.values.get("phone"), None
        if present is not None:
            other = self.claims.known(present.pk, row.number)
        elif not isinstance(row.values.get("id_number"), str):
            known = phone if isinstance(phone, str) else None
            name = (*place, row.values["head"])
            other = self.claims.named(name, known, row.number)
        if other is None:
            return None
        return self._refuse(
            row,
            "head",
            "duplicate_in_file",
            f"和第 {other} 行分不清是不是同一户",
            "请填上身份证号；确实是同一户的，只留一行",
        )

    def _changes(self, plan: Plan, present: Present) -> "list[Change]":
        values, changes = plan.row.values, []
        group = self.places.group(plan.village, plan.group)
        if group != present.group:
            changes.append(self._regrouped(present.group, plan.group))
        if values["head"] != present.head:
            changes.append(Change(LABELS["head"], present.head, str(values["head"])))
        phone = values.get("phone")
        for key, index, column in (
            ("id_number", plan.id_index, present.id_index),
            (
                "phone",
                blind_index(phone) if isinstance(phone, str) else None,
                present.phone_index,
            ),
        ):
            if index and index != column:
                changes.append(
                    Change(LABELS[key], "已登记" if column else "", "新号码")
                )
        for key, old in zip(FIELDS, present.fields, strict=True):
            if key in values and stored(values, key) != old:
                changes.append(Change(LABELS[key], shown(old), shown(values[key])))
        if plan.representative and plan.representative != present.representative:
            new = str(values["representative"])
            changes.append(Change(LABELS["representative"], present.link.name, new))
        if plan.categories is not None and plan.categories != present.categories:
            changes.append(
                Change(
                    LABELS["categories"],
                    self._names(present.categories),
                    self._names(plan.categories),
                )
            )
        return changes

    def _names(self, codes: frozenset[str]) -> str:
        return "、".join(name for code, name in self.names.items() if code in codes)

    def _regrouped(self, old: int | None, new: int) -> Change:
        before = self.places.number(old)
        return Change(LABELS["group"], f"{before}组" if before else "", f"{new}组")

    def _unknown_village(self, row: Row) -> Finding:
        return self._refuse(
            row,
            "village",
            "unknown_village",
            "没有找到这个村（社区）",
            "请核对村名；只能导入自己管理范围内的村，有同名村的要填乡镇",
        )

    def apply(self, rows: Sequence[Checked], *, on: dt.date, by: Post) -> None:
        """Write new and changed households, their links and categories."""
        HouseholdWriter(self.places).write([row.plan for row in rows], on=on, by=by)


def _known_by(masks: tuple[str, str]) -> str:
    """Return how a household of a shared name is told from the others."""
    number, phone = masks
    known = [number or "没有身份证号", f"电话 {phone}" if phone else "没有电话"]
    return "，".join(known)


class HouseholdLedger(Ledger):
    """The roll of households as a workbook."""

    kind = "households"
    declaration = DECLARATION
    checker = HouseholdChecker
    permission = Permission.WORKBOOK_IMPORT
    note = "一户一行。“联系代表”一列填的人要先在代表花名册里。"

    def undo(self, undoing: Undoing, *, on: dt.date) -> None:
        """Take households back; those that go are ended first.

        What is computed from living households is dropped when they end: by triggers
        of an app above, which a delete would come too early for.
        """
        added = Household.objects.filter(pk__in=undoing.inserted(Household))
        added.update(status=Status.DISSOLVED, ended_on=on)
        renamed = undoing.restored(Household, "head")
        undoing.take_back()
        households = list(Household.objects.filter(pk__in=renamed))
        for household in households:
            household.initials = initials(household.head)
        Household.objects.bulk_update(households, ["initials"], batch_size=500)
