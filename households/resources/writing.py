"""Writing the rows of a 联系户花名册: a few statements, whatever their number."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from django.db.models import Max
from django.db.models.functions import Greatest

from accounts.models import Post
from accounts.sealing import Sealed, blind_index
from households.models import CategoryTag, ContactLink, Household, LinkEnd
from households.resources.columns import FIELDS
from households.resources.rows import Plan, linked_on, sealed, stored
from regions.places import Places
from representatives.names import initials
from workbooks import loading
from workbooks.loading import Batch

KNOWN = (
    *("group_id", "head", "initials", "id_number", "id_index", "phone", "phone_index"),
    *FIELDS,
)
"""What a roll says of a household."""
NEW = (
    *("id", "region_code", *KNOWN),
    *("is_away", "status", "registered_on", "version"),
)
CHANGED = ("id", *KNOWN)
TAGGED = ("region_code", "household_id", "category_id", "started_on", "source")
LINKED = (
    *("region_code", "household_id", "representative_id", "started_on", "end_reason"),
    *("party_member", "patch", "neighbourhood", "grid", "entered_by_id"),
)


class HouseholdWriter:
    """Writes what changed and what ended, then all that is new by one statement."""

    def __init__(self, places: Places) -> None:
        self.places = places

    def write(self, plans: Sequence[Plan], *, on: dt.date, by: Post) -> None:
        """Write households with their categories and links."""
        self.places.ensure_groups((plan.village, plan.group) for plan in plans)
        new = [plan for plan in plans if plan.present is None]
        ids = loading.reserve_ids(Household, len(new))
        added = list(zip(ids, new, strict=True))
        changed = [(p.present.pk, p) for p in plans if p.present]
        self._update([plan for _, plan in changed])
        everyone = [*added, *changed]
        moving = [(pk, plan) for pk, plan in everyone if _moves(plan)]
        free = free_since(pk for pk, plan in moving if plan.present)
        self._end_tags(everyone, on)
        self._end_links(moving, on)
        loading.insert_together(
            Batch(
                ContactLink,
                LINKED,
                (_link_row(pk, p, on, by, free.get(pk)) for pk, p in moving),
            ),
            Batch(CategoryTag, TAGGED, _tag_rows(everyone, on)),
            # Last: its trigger judges what a household is owed when all of it is there.
            Batch(Household, NEW, (self._new_row(pk, p, on) for pk, p in added)),
        )

    def _new_row(self, pk: int, plan: Plan, on: dt.date) -> Sequence[object]:
        """Return a household's row, in the order of `NEW`."""
        values = plan.row.values
        head, number = str(values["head"]), values.get("id_number")
        return (
            *(pk, plan.village, self.places.group(plan.village, plan.group)),
            *(head, initials(head)),
            *sealed(number, "id_number", None, plan.id_index),
            *sealed(values.get("phone"), "phone", ""),
            *(stored(values, key) for key in FIELDS),
            *(False, "living", linked_on(plan, on), 1),
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
        written = (_changed_row(household) for household in rows)
        loading.update_many(Household, CHANGED, written, bump="version")

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

    def _end_tags(self, everyone: list[tuple[int, Plan]], on: dt.date) -> None:
        CategoryTag.objects.filter(
            pk__in=self._ended_tags(everyone), ended_on=None
        ).update(ended_on=on)

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

    @staticmethod
    def _end_links(moving: list[tuple[int, Plan]], on: dt.date) -> None:
        end_links(
            [p.present.link.pk for _, p in moving if p.present and p.present.link.pk],
            on,
        )


def _moves(plan: Plan) -> bool:
    """Return whether the row gives its household to somebody else than has it now."""
    now = plan.present.representative if plan.present else None
    return bool(plan.representative) and plan.representative != now


def _tag_rows(
    everyone: list[tuple[int, Plan]], on: dt.date
) -> Iterator[Sequence[object]]:
    """Yield the rows of categories that are new to a household, in order of `TAGGED`."""
    for pk, plan in everyone:
        if plan.categories is None:
            continue
        had = plan.present.categories if plan.present else frozenset()
        since = linked_on(plan, on) if plan.present is None else on
        for code in plan.categories - had:
            yield plan.village, pk, code, since, "名册导入"


def _link_row(
    pk: int, plan: Plan, on: dt.date, by: Post, free: dt.date | None
) -> Sequence[object]:
    """Return a link's row, in the order of `LINKED`.

    Taken from somebody it begins today, else no sooner than the last one ended (`free`).
    """
    is_second = plan.present is not None and plan.present.link.pk
    since = on if is_second else linked_on(plan, on)
    since = max(since, free or since)
    party_member = plan.row.values.get("party_member") or ""
    return (
        *(plan.village, pk, plan.representative, since, ""),
        *(party_member, "", "", "", by.user_id),
    )


def _changed_row(household: Household) -> Sequence[object]:
    """Return a household's row as it is to be, in the order of `CHANGED`."""
    number, phone = household.id_number, household.phone
    return (
        *(household.pk, household.group_id, household.head, household.initials),
        *(number and number.token, household.id_index),
        *(phone and phone.token, household.phone_index),
        *(getattr(household, key) for key in FIELDS),
    )


def free_since(households: Iterable[int]) -> dict[int, dt.date]:
    """Return since when nobody looks after households that somebody did before."""
    ended = ContactLink.objects.filter(household__in=list(households))
    ended = ended.filter(ended_on__isnull=False).order_by()
    return dict(ended.values_list("household_id").annotate(last=Max("ended_on")))


def end_links(links: Sequence[int], on: dt.date) -> None:
    """End contact links because the roll names somebody else."""
    if links:
        ContactLink.objects.filter(pk__in=links).update(
            ended_on=Greatest("started_on", on), end_reason=LinkEnd.REASSIGNED
        )
