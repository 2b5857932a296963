"""The end of a by-election: mandates begin and households are handed over, at once."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping

from django.db import transaction

from accounts.models import Post
from households.models import Household
from households.services.links import assign
from representatives import services as representatives
from representatives.models import ByElection
from representatives.services import Filled


@transaction.atomic
def file_by_election(
    *,
    by_election: ByElection,
    heirs: Mapping[int, int],
    archive_number: str,
    version: int,
    on: dt.date,
    by: Post,
) -> list[Filled]:
    """File a by-election: from the day `on` those elected serve and have their households.

    `heirs` maps household ids to the ids of candidates; a household that is not named
    stays with whoever has it. All of it happens, or none. Raises Refused as
    `representatives.services.file_result` and `assign` do.
    """
    filled = representatives.file_result(
        by_election=by_election,
        archive_number=archive_number,
        version=version,
        on=on,
        by=by,
    )
    wanted: dict[int, list[int]] = defaultdict(list)
    for household, candidate in heirs.items():
        wanted[candidate].append(household)
    for one in filled:
        homes = Household.objects.filter(
            region_id=by_election.region_id, pk__in=wanted[one.candidate.pk]
        )
        assign(
            households=list(homes.order_by("pk")),
            representative=one.mandate.representative,
            on=on,
            by=by,
        )
    return filled
