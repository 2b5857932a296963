"""Who looks after whom, for other programs: links, the proposal, a hand-over."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import Access
from accounts.answers import REFUSED, Problem
from accounts.asking import BIGGEST, filters_of, in_order, read
from accounts.permissions import Permission
from accounts.places import acting, place_in_range
from accounts.services import Refused
from households import proposal, services
from households.api_roll import EDITING, VIEWING, LinkSerializer
from households.board import board_of, propose_all
from households.forms.links import NOBODY, EndingForm, HeirsForm
from households.models import ContactLink
from households.services import Move, Outdated
from households.succession import Left, left_by
from regions.forms import PlaceFilter
from regions.models import Level, Region
from representatives.models import Mandate, MandateEnd

NOT_HIS = "有的户现在不归这位代表联系，请先取一次名单再办理。"


class LinkFilter(PlaceFilter):
    """Links of a household or of a representative; those in force, or those that ended."""

    household = forms.IntegerField(
        label="联系户的编号", required=False, min_value=1, max_value=BIGGEST
    )
    representative = forms.IntegerField(
        label="代表的编号", required=False, min_value=1, max_value=BIGGEST
    )
    ended = forms.ChoiceField(
        label="已终止的",
        required=False,
        choices=[("no", "现在的"), ("yes", "已终止的"), ("all", "全部")],
    )


@extend_schema_view(get=extend_schema(parameters=filters_of(LinkFilter)))
class LinkList(generics.ListAPIView[ContactLink]):
    """Who looks after whom in the caller's scope: the links in force, unless asked."""

    access = VIEWING
    serializer_class = LinkSerializer
    queryset = ContactLink.objects.none()

    def get_queryset(self) -> "QuerySet[ContactLink]":
        """Return those that are asked for."""
        form = in_order(LinkFilter(self.request.query_params))
        rows, asked = form.narrow(ContactLink.objects.all()), form.cleaned_data
        for name in ("household", "representative"):
            if asked[name]:
                rows = rows.filter(**{name: asked[name]})
        if asked["ended"] != "all":
            rows = rows.filter(ended_on__isnull=asked["ended"] != "yes")
        return rows.order_by("region", "representative", "-started_on", "pk")


# --- assigning --------------------------------------------------------------------------


class MoveField(serializers.Serializer[Any]):
    """A household, who has it (null: nobody), who is to have it (null: nobody)."""

    household = serializers.IntegerField(min_value=1, max_value=BIGGEST)
    held_by = serializers.IntegerField(
        min_value=1, max_value=BIGGEST, allow_null=True, default=None
    )
    to = serializers.IntegerField(min_value=1, max_value=BIGGEST, allow_null=True)


class SentMoves(serializers.Serializer[Any]):
    """Households to be looked after by somebody else from today on."""

    moves = MoveField(many=True, allow_empty=False)


class OutdatedSerializer(serializers.Serializer[Outdated]):
    """A household that was left as it is, because something had changed."""

    head = serializers.CharField()
    words = serializers.CharField()


class MovedSerializer(serializers.Serializer[Any]):
    """How many households moved, and which did not."""

    moved = serializers.IntegerField()
    outdated = OutdatedSerializer(many=True)


class ChangeSerializer(serializers.Serializer[proposal.Change]):
    """One line of a proposal: as `moves` takes it, with the reason."""

    household = serializers.IntegerField()
    held_by = serializers.IntegerField(source="from_", allow_null=True)
    to = serializers.IntegerField()
    reason = serializers.CharField()


class LoadSerializer(serializers.Serializer[proposal.Load]):
    """How many households somebody has before and after, and the bounds (L30)."""

    representative = serializers.IntegerField()
    before = serializers.IntegerField()
    after = serializers.IntegerField()
    least = serializers.IntegerField()
    most = serializers.IntegerField()


class UnmetSerializer(serializers.Serializer[proposal.Unmet]):
    """What could not be had, and why."""

    representative = serializers.IntegerField(allow_null=True)
    message = serializers.CharField()


class ProposalSerializer(serializers.Serializer[proposal.Proposal]):
    """Who should look after whom: what changes, what it leads to, what stays undone."""

    changes = ChangeSerializer(many=True)
    loads = LoadSerializer(many=True)
    unplaced = serializers.ListField(child=serializers.IntegerField())
    unmet = UnmetSerializer(many=True)


class LinkMoves(APIView):
    """Give households of a village to its representatives; the lines of a proposal too."""

    access = EDITING

    @extend_schema(request=SentMoves, responses={200: MovedSerializer} | REFUSED)
    def post(self, request: Request, code: int) -> Response:
        """200 those that are not out of date are made, the others are named."""
        village = village_or_404(code)
        sent = read(SentMoves, request)
        moved, outdated = services.reassign(
            village=village,
            moves=[Move(**one) for one in sent["moves"]],
            on=timezone.localdate(),
            by=acting(request),
        )
        told = {"moved": moved, "outdated": outdated}
        return Response(MovedSerializer(told).data)


class LinkProposal(APIView):
    """A proposal who should look after whom in a village; accepting is `moves`."""

    access = EDITING

    @extend_schema(responses={200: ProposalSerializer, 404: Problem, 422: Problem})
    def get(self, request: Request, code: int) -> Response:
        """200 with the proposal; nothing is changed · 422 the village is too large."""
        board = board_of(village_or_404(code), timezone.localdate())
        try:
            found = propose_all(board)
        except ValueError as too_large:
            raise Refused(str(too_large)) from too_large
        return Response(ProposalSerializer(found).data)


def village_or_404(code: int) -> Region:
    """Return a village of the open scope; raise Http404 for anything else."""
    place = place_in_range(code)
    return get_object_or_404(Region, pk=place.pk, level=Level.VILLAGE)


# --- leaving office ---------------------------------------------------------------------


class HeirSerializer(serializers.Serializer[Any]):
    """A household, and who looks after it from then on; null: nobody for now."""

    household = serializers.IntegerField(min_value=1, max_value=BIGGEST)
    representative = serializers.IntegerField(
        min_value=1, max_value=BIGGEST, allow_null=True
    )


class SentEnding(serializers.Serializer[Any]):
    """离任 (L18, L19). Without `heirs` the households go as GET proposes them.

    A household that is not in the list is left without anyone.
    """

    cause = serializers.ChoiceField(choices=MandateEnd.choices)
    on = serializers.DateField()
    evidence = serializers.CharField(max_length=200, allow_blank=True, default="")
    heirs = HeirSerializer(many=True, allow_null=True, default=None)


class LeavingSerializer(serializers.Serializer[Any]):
    """The mandate that would end, and to whom its households would go."""

    mandate = serializers.IntegerField()
    heirs = HeirSerializer(many=True)


class EndedSerializer(serializers.Serializer[Any]):
    """The mandate that ended, and the households that have nobody now."""

    mandate = serializers.IntegerField()
    alone = serializers.ListField(child=serializers.IntegerField())


class RepresentativeLeave(APIView):
    """End a mandate and hand its households over, all at once."""

    access = Access(permission=Permission.REPRESENTATIVE_EDIT)

    @extend_schema(responses={200: LeavingSerializer, 404: Problem})
    def get(self, request: Request, pk: int) -> Response:
        """Return who could take over; nothing is changed."""
        mandate = mandate_or_404(pk)
        left = left_by(mandate.representative, timezone.localdate(), propose=True)
        heirs = [
            {"household": home.pk, "representative": left.proposed.get(home.pk)}
            for home in left.households
        ]
        told = {"mandate": mandate.pk, "heirs": heirs}
        return Response(LeavingSerializer(told).data)

    @extend_schema(request=SentEnding, responses={200: EndedSerializer} | REFUSED)
    def post(self, request: Request, pk: int) -> Response:
        """200 ended and handed over · 422 refused, in words."""
        mandate = mandate_or_404(pk)
        sent = read(SentEnding, request)
        heirs = sent["heirs"]
        ending = in_order(EndingForm(sent, mandate=mandate)).cleaned_data
        left = left_by(
            mandate.representative, timezone.localdate(), propose=heirs is None
        )
        alone = services.leave_office(
            mandate=mandate,
            on=ending["on"],
            cause=MandateEnd(ending["cause"]),
            evidence=ending["evidence"],
            heirs=in_order(heirs_form(left, heirs)).heirs(),
            by=acting(request),
        )
        told = {"mandate": mandate.pk, "alone": [home.pk for home in alone]}
        return Response(EndedSerializer(told).data)


def mandate_or_404(person: int) -> Mandate:
    """Return the mandate of a person in the open scope that nobody has ended."""
    rows = Mandate.objects.unended().select_related(
        "representative__region", "seat__constituency"
    )
    return get_object_or_404(rows, representative=person)


def heirs_form(left: Left, heirs: list[dict[str, Any]] | None) -> HeirsForm:
    """Return the page's form of what was sent; without a list, of the proposal.

    Raises Refused for a household that is not one of those left behind.
    """
    given = {one["household"]: one["representative"] for one in heirs or ()}
    if given.keys() - {home.pk for home in left.households}:
        raise Refused(NOT_HIS)
    chosen = left.proposed if heirs is None else given
    return HeirsForm(
        {
            HeirsForm.key(home): str(chosen.get(home.pk) or NOBODY)
            for home in left.households
        },
        households=left.households,
        people=left.people,
        proposed={},
    )
