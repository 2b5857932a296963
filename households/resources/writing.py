"""Writing the rows of a 联系户花名册: a few statements, whatever their number."""

import datetime as dt
from collections.abc import Sequence

from django.db.models.functions import Greatest

from accounts.models import Post
from accounts.sealing import Sealed, blind_index
from households.models import CategoryTag, ContactLink, Household, LinkEnd
from households.resources.columns import FIELDS
from households.resources.rows import Plan, linked_on, sealed, stored
from regions.places import Places
from representatives.names import initials
from workbooks import loading


class HouseholdWriter:
    """Writes households first, then what refers to them."""

    def __init__(self, places: Places) -> None:
        self.places = places

    def write(self, plans: Sequence[Plan], *, on: dt.date, by: Post) -> None:
        """Write households, then categories and links."""
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
                    *sealed(
                        plan.row.values.get("id_number"),
                        "id_number",
                        None,
                        plan.id_index,
                    ),
                    *sealed(plan.row.values.get("phone"), "phone", ""),
                    *(stored(plan.row.values, key) for key in FIELDS),
                    False,
                    "living",
                    linked_on(plan, on),
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
                setattr(household, key, stored(values, key))

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
                    linked_on(plan, on) if plan.present is None else on,
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
        ended = [
            p.present.link.pk for _, p in moving if p.present and p.present.link.pk
        ]
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
                    linked_on(plan, on)
                    if not (plan.present and plan.present.link.pk)
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
        ContactLink.objects.filter(pk__in=links).update(
            ended_on=Greatest("started_on", on), end_reason=LinkEnd.REASSIGNED
        )
