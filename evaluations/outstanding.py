"""Who is an 优秀代表: whose households come first among equals (report, domain 1.1)."""

from collections.abc import Collection

from django.db.models import Q

from appraisals.models import AppraisalResult
from households.models import Household
from representatives.models import Representative


def outstanding_representatives(village: int, year: int) -> frozenset[int]:
    """Return the ids of a village's 优秀代表 whom a round of `year` prefers.

    Those of the year; until its appraisal is filed, usually at the end, those of the
    year before. The one place at which ratings ask.
    """
    for appraised in (year, year - 1):
        rows = AppraisalResult.objects.excellent(appraised).filter(region=village)
        if people := frozenset(rows.values_list("representative_id", flat=True)):
            return people
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
