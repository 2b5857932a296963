"""Who is an 优秀代表: whose households come first among equals (report, domain 1.1)."""

from collections.abc import Collection

from django.db.models import Q

from households.models import Household
from representatives.models import Representative


def outstanding_representatives(village: int, year: int) -> frozenset[int]:
    """Return the ids of a village's representatives honoured as 优秀代表 for `year`.

    The one place at which ratings ask. Honours are not kept yet: until they are, nobody
    is preferred, and equals at the border of a quota are decided by the panel.
    """
    return frozenset()


def households_of(people: Collection[int]) -> frozenset[int]:
    """Return the households that representatives live in.

    A household is somebody's own if its head has his ID number; where that is not known,
    his name and group.
    """
    if not people:
        return frozenset()
    wanted = Q()
    for person in Representative.objects.filter(pk__in=people):
        own = Q(region=person.region_id, head=person.name, group=person.group_id)
        if person.id_index:
            own |= Q(region=person.region_id, id_index=person.id_index)
        wanted |= own
    return frozenset(
        Household.objects.living().filter(wanted).values_list("pk", flat=True)
    )
