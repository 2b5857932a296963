"""催办: a township or the city asks villages to see to what is overdue.

One for each village and day, whoever sends it. Which households it was about is kept,
so that the overdue list can say how often each was asked for.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Q
from django.urls import reverse

from accounts import audit
from accounts.desks import VILLAGE, desks
from accounts.models import Action, Post
from accounts.services import Refused
from inbox.services import Letter, send_all
from regions.models import Region
from visits.models import DutyQuerySet, Urging
from visits.standings import State, all_duties, wanted

KIND = "visits.urge"
PLACE, HOUSEHOLDS, DAYS = "【村】", "【户数】", "【天数】"
TEMPLATE = (
    f"{PLACE}还有 {HOUSEHOLDS} 户超期没有走访，最长的已经超期 {DAYS} 天。"
    "请安排代表尽快上门，走访后在系统里记上；去不了的，请登记免访并写明原因。"
)
MOST_CHOSEN = 2000
"""Villages or households that are chosen at once."""


@dataclass(frozen=True)
class Ask:
    """One village that could be asked: its overdue households that were chosen.

    `today` says whether it was asked today, `before` how often so far.
    """

    village: Region
    households: tuple[int, ...]
    longest: int
    keepers: tuple[Post, ...]
    today: bool
    before: int

    @property
    def can_be_sent(self) -> bool:
        """Whether there is somebody to tell who has not been told today."""
        return bool(self.keepers) and not self.today

    def text(self, template: str) -> str:
        """Return the words to this village."""
        return (
            template.replace(PLACE, self.village.name)
            .replace(HOUSEHOLDS, str(len(self.households)))
            .replace(DAYS, str(self.longest))
        )


def asks(
    on: dt.date,
    *,
    households: Sequence[int] = (),
    villages: Sequence[int] = (),
    every: bool = False,
) -> list[Ask]:
    """Return whom to ask about these overdue households, or all of these villages.

    Only what is overdue today counts, by the query of the overdue list; a household
    that was seen meanwhile drops out. `every` takes all of the open scope.
    """
    duties = all_duties()
    if not every:
        chosen = duties.filter(household_id__in=households)
        duties = chosen | duties.filter(region_id__in=villages)
    late = _overdue(duties, on)
    places = Region.objects.select_related("parent").in_bulk(list(late))
    keepers, sent = desks(on, *VILLAGE), _sent(list(late), on)
    return [
        Ask(
            places[code],
            tuple(home for home, _ in found),
            max((on - due_on).days for _, due_on in found),
            tuple(keepers[code]),
            *sent.get(code, (False, 0)),
        )
        for code, found in sorted(late.items())
    ]


@transaction.atomic
def urge(*, asked: Sequence[Ask], template: str, by: Post, on: dt.date) -> int:
    """Tell the villages; return how many were told.

    A village that was told today, or where nobody has an account, is left out. Raises
    Refused for an empty text, or if nobody is left to tell.
    """
    if not template.strip():
        raise Refused("请写催办的内容。")
    told = [one for one in asked if one.can_be_sent and _keep(one, template, by, on)]
    if not told:
        raise Refused("这些村今天都已经催过，或者还没有书记、文书账号，没有发出。")
    send_all([_letter(one, template, on) for one in told], by=by, on=on)
    for one in told:
        audit.record(
            Action.URGED,
            region=one.village.code,
            by=by.user,
            subject=f"{one.village.full_name}：{len(one.households)} 户超期",
        )
    return len(told)


def _overdue(duties: DutyQuerySet, on: dt.date) -> dict[int, list[tuple[int, dt.date]]]:
    found: dict[int, list[tuple[int, dt.date]]] = defaultdict(list)
    rows = wanted(duties, on, State.OVERDUE).order_by("due_on", "pk")
    for village, home, due_on in rows.values_list("region_id", "pk", "due_on"):
        if due_on is not None:
            found[village].append((home, due_on))
    return found


def _sent(villages: Sequence[int], on: dt.date) -> dict[int, tuple[bool, int]]:
    """Return of villages whether they were asked on a day, and how often by then."""
    rows = Urging.objects.filter(region_id__in=villages).values_list("region_id")
    counted = rows.annotate(today=Count("pk", filter=Q(on=on)), sent=Count("pk"))
    return {code: (bool(today), sent) for code, today, sent in counted.order_by()}


def _keep(one: Ask, template: str, by: Post, on: dt.date) -> bool:
    """Write the row unless another desk was quicker; return whether it was written."""
    _, created = Urging.objects.get_or_create(
        region=one.village,
        on=on,
        defaults={
            "households": list(one.households),
            "longest": one.longest,
            "text": one.text(template)[:1000],
            "urged_by": by.user,
        },
    )
    return created


def _letter(one: Ask, template: str, on: dt.date) -> Letter:
    return Letter(
        to=one.keepers,
        kind=KIND,
        title=f"催办：{len(one.households)} 户超期没有走访",
        body=one.text(template),
        url=reverse("visits:overdue"),
        region=one.village.code,
        unique_key=f"{KIND}:{one.village.code}:{on}",
    )
