"""The filing of a by-election for other programs: it hands households over."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request

from accounts.access import Access
from accounts.permissions import Permission
from accounts.places import acting
from accounts.services import Refused
from households import services
from households.board import board_of
from households.succession import proposal_of, seat_pairs
from representatives.api import BIGGEST
from representatives.api_steps import StepView, Versioned, step
from representatives.by_elections import Course


class SentHeir(serializers.Serializer[Any]):
    """Which of those elected looks after a household from now on."""

    household = serializers.IntegerField(min_value=1, max_value=BIGGEST)
    candidate = serializers.IntegerField(min_value=1, max_value=BIGGEST)


class SentHandOver(Versioned):
    """备案. Without `heirs` households go as the page proposes; an empty list: none does."""

    archive_number = serializers.CharField(max_length=40, allow_blank=True, default="")
    heirs = SentHeir(many=True, allow_null=True, default=None)


@step(SentHandOver)
class ByElectionFiling(StepView):
    """File a by-election: mandates begin and households are handed over, all at once."""

    access = Access(permission=Permission.BY_ELECTION_REVIEW)

    def act(self, course: Course, sent: Any, request: Request) -> object:
        """File it today."""
        pairs = seat_pairs(course)
        heirs = sent.validated_data["heirs"]
        known = {candidate.pk for _, candidate in pairs}
        if any(one["candidate"] not in known for one in heirs or ()):
            raise Refused("只能把联系户交给这次当选的人，请核对候选人编号。")
        proposed = proposal_of(board_of(course.row.region, course.on), pairs)
        given = {one["household"]: one["candidate"] for one in heirs or ()}
        return services.file_by_election(
            by_election=course.row,
            heirs=proposed if heirs is None else given,
            archive_number=sent.validated_data["archive_number"],
            version=sent.validated_data["version"],
            on=timezone.localdate(),
            by=acting(request),
        )
