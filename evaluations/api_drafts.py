"""A draft of a scheme for other programs: its categories, items and grades, its trial.

What is sent goes through the forms of the pages: the same is refused, in the same words.
"""

from typing import Any

from django.forms import model_to_dict
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import Access
from accounts.answers import Problem, answer
from accounts.permissions import Permission
from accounts.places import acting
from accounts.services import Refused
from evaluations.api_schemes import (
    SchemeCategorySerializer,
    SchemeItemSerializer,
    SchemeTierSerializer,
    readable,
)
from evaluations.forms.schemes import PARTS
from evaluations.ledgers import is_inside
from evaluations.models import RatingRound, Scheme, SchemeState
from evaluations.models.schemes import MEASURES
from evaluations.rules.schemes import Scope
from evaluations.services import schemes as services
from evaluations.trials import Trial, rounds_to_try, tried
from evaluations.village_trials import VillageTrial, villages_tried

SMALL: dict[str, Any] = {"min_value": -1000, "max_value": 1000}


class SentPartCategory(serializers.Serializer[Any]):
    """A category: where a household's score in it begins, and its two ends."""

    name = serializers.CharField(max_length=30)
    base = serializers.IntegerField(**SMALL)
    cap = serializers.IntegerField(**SMALL)
    floor = serializers.IntegerField(default=0, **SMALL)


class SentItem(serializers.Serializer[Any]):
    """An item of a category; fixed points are sent twice, as `least` and `most`."""

    category = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    words = serializers.CharField(max_length=60)
    least = serializers.IntegerField(default=0, **SMALL)
    most = serializers.IntegerField(default=0, **SMALL)
    cap = serializers.IntegerField(
        min_value=0, max_value=1000, allow_null=True, default=None
    )
    is_veto = serializers.BooleanField(default=False)
    needs_evidence = serializers.BooleanField(default=False)
    measure = serializers.ChoiceField(choices=MEASURES, allow_blank=True, default="")


class SentTier(serializers.Serializer[Any]):
    """A grade; the last one has no line, no quota, and is never put on view."""

    name = serializers.CharField(max_length=20)
    threshold = serializers.IntegerField(allow_null=True, default=None, **SMALL)
    quota = serializers.IntegerField(
        min_value=1, max_value=100, allow_null=True, default=None
    )
    is_public = serializers.BooleanField(default=False)


SENT: dict[str, type[serializers.Serializer[Any]]] = {
    "category": SentPartCategory,
    "item": SentItem,
    "tier": SentTier,
}
SHOWN: dict[str, type[serializers.ModelSerializer[Any]]] = {
    "category": SchemeCategorySerializer,
    "item": SchemeItemSerializer,
    "tier": SchemeTierSerializer,
}


def draft_or_404(request: Request, pk: int) -> Scheme:
    """Return an edition that the caller may read; the service says who may change it."""
    return get_object_or_404(readable(request).whole(), pk=pk)


def saved(request: Request, draft: Scheme, kind: str, part: Any = None) -> Any:
    """Save a new part of a draft, or what was sent of one; return it.

    Raises ValidationError as the page's form would, Refused as the service does.
    """
    model, form, _ = PARTS[kind]
    sent = SENT[kind](data=request.data, partial=part is not None)
    sent.is_valid(raise_exception=True)
    held = model_to_dict(part, fields=form._meta.fields) if part else {}
    given = {**held, **sent.validated_data}
    more: dict[str, Any] = {"scheme": draft} if kind == "item" else {}
    row = part or (model() if kind == "item" else model(scheme=draft))
    built = form(given, instance=row, **more)
    if not built.is_valid():
        raise serializers.ValidationError(built.errors)
    changed = built.save(commit=False)
    services.save_part(scheme=draft, part=changed, by=acting(request))
    return changed


class NewPart(APIView):
    """Add a part to a draft of one's own."""

    access = Access(permission=Permission.SCHEME_MANAGE)
    kind = ""

    def post(self, request: Request, pk: int) -> Response:
        """Add it; it goes to the end of those it stands with."""
        made = saved(request, draft_or_404(request, pk), self.kind)
        return answer(SHOWN[self.kind](made).data, created=True)


class OnePart(APIView):
    """Change a part of a draft of one's own, or take it out."""

    access = Access(permission=Permission.SCHEME_MANAGE)
    kind = ""

    def patch(self, request: Request, pk: int, part: int) -> Response:
        """Change what was sent of it; the rest stays."""
        draft = draft_or_404(request, pk)
        done = saved(request, draft, self.kind, self._found(draft, part))
        return Response(SHOWN[self.kind](done).data)

    def delete(self, request: Request, pk: int, part: int) -> Response:
        """Take it out; 422 while a rating uses it."""
        draft = draft_or_404(request, pk)
        found = self._found(draft, part)
        services.drop_part(scheme=draft, part=found, by=acting(request))
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _found(self, draft: Scheme, part: int) -> Any:
        owner = "category__scheme" if self.kind == "item" else "scheme"
        return get_object_or_404(PARTS[self.kind][0], pk=part, **{owner: draft})


def adding(kind: str) -> Any:
    """Return the description of adding a part."""
    return extend_schema_view(
        post=extend_schema(
            request=SENT[kind],
            responses={201: SHOWN[kind], 400: Problem, 404: Problem, 422: Problem},
        )
    )


def changing(kind: str) -> Any:
    """Return the description of changing a part."""
    wrong = {400: Problem, 404: Problem, 422: Problem}
    return extend_schema_view(
        patch=extend_schema(
            request=SENT[kind](partial=True), responses={200: SHOWN[kind], **wrong}
        ),
        delete=extend_schema(request=None, responses={204: None, **wrong}),
    )


@adding("category")
class NewCategory(NewPart):
    """Add a category to a draft of one's own."""

    kind = "category"


@adding("item")
class NewItem(NewPart):
    """Add an item to a draft of one's own."""

    kind = "item"


@adding("tier")
class NewTier(NewPart):
    """Add a grade to a draft of one's own."""

    kind = "tier"


@changing("category")
class OneCategory(OnePart):
    """Change a category of a draft, or take it out with its items."""

    kind = "category"


@changing("item")
class OneItem(OnePart):
    """Change an item of a draft, or take it out."""

    kind = "item"


@changing("tier")
class OneTier(OnePart):
    """Change a grade of a draft, or take it out."""

    kind = "tier"


# --- the trial --------------------------------------------------------------------------


class TierShift(serializers.Serializer[Any]):
    """How many had a grade, and how many would."""

    tier = serializers.CharField()
    was = serializers.IntegerField()
    now = serializers.IntegerField()


class MovedGrade(serializers.Serializer[Any]):
    """A household (village) whose grade would be another."""

    id = serializers.IntegerField(help_text="户的编号；评村的是区划代码")
    was_total = serializers.DecimalField(max_digits=6, decimal_places=1)
    total = serializers.DecimalField(max_digits=6, decimal_places=1)
    was = serializers.CharField()
    now = serializers.CharField()


class SchemeTrialSerializer(serializers.Serializer[Any]):
    """What a draft would make of a round's entries, or of last year's villages."""

    round = serializers.IntegerField(allow_null=True, help_text="拿哪一期试算的")
    rounds = serializers.ListField(
        child=serializers.IntegerField(), help_text="可以拿来试算的各期"
    )
    rated = serializers.IntegerField()
    lost = serializers.IntegerField(help_text="草稿里没有这个项目、没算进去的记录")
    tiers = TierShift(many=True)
    moved = MovedGrade(many=True, help_text="等次会变的；村外只有数字，没有户")


class SchemeTrial(APIView):
    """试算: a draft tried on entries that were made under another edition; writes nothing."""

    access = Access(permission=Permission.SCHEME_MANAGE)

    @extend_schema(
        parameters=[
            OpenApiParameter("round", int, description="哪一期，不写就是最近的")
        ],
        responses={200: SchemeTrialSerializer, 404: Problem, 422: Problem},
    )
    def get(self, request: Request, pk: int) -> Response:
        """Return totals and grades as they were and as they would be."""
        draft, by = draft_or_404(request, pk), acting(request)
        if draft.state != SchemeState.DRAFT or draft.owner_id != by.region_id:
            raise Refused("只有本级还没有施行的方案可以试算。")
        if draft.scope == Scope.VILLAGE:
            found = of_villages(villages_tried(draft, by.region))
        else:
            rounds = rounds_to_try(draft, by.region)
            chosen = asked_round(request, rounds)
            found = of_households(tried(draft, chosen) if chosen else None, rounds)
        return Response(SchemeTrialSerializer(found).data)


def asked_round(request: Request, rounds: list[RatingRound]) -> RatingRound | None:
    """Return the round that was asked for, the latest if none was; Http404 for others."""
    asked = request.query_params.get("round")
    if asked is None:
        return next(iter(rounds), None)
    found = next((one for one in rounds if str(one.pk) == asked), None)
    if found is None:
        raise Http404
    return found


def of_households(trial: Trial | None, rounds: list[RatingRound]) -> dict[str, Any]:
    """Return a trial on a round; outside the village numbers only."""
    moved = trial.moved if trial and is_inside() else []
    return {
        "round": trial.round.pk if trial else None,
        "rounds": [one.pk for one in rounds],
        "rated": len(trial.lines) if trial else 0,
        "lost": trial.lost if trial else 0,
        "tiers": [shift(*one) for one in trial.counted()] if trial else [],
        "moved": [
            {
                "id": home.pk, "was_total": line.was_total, "total": line.total,
                "was": line.was, "now": line.now,
            }
            for home, line in moved
        ],
    }  # fmt: skip


def of_villages(trials: list[VillageTrial]) -> dict[str, Any]:
    """Return a trial on the villages' confirmed ratings."""
    names = dict.fromkeys([t.was for t in trials] + [t.now for t in trials])
    return {
        "round": None,
        "rounds": [],
        "rated": len(trials),
        "lost": 0,
        "tiers": [
            shift(name, sum(t.was == name for t in trials), sum(t.now == name for t in trials))
            for name in names
        ],
        "moved": [
            {
                "id": one.rating.region_id, "was_total": one.rating.total,
                "total": one.total, "was": one.was, "now": one.now,
            }
            for one in trials
            if one.is_moved
        ],
    }  # fmt: skip


def shift(tier: str, was: int, now: int) -> dict[str, Any]:
    """Return how many had a grade and would have it."""
    return {"tier": tier, "was": was, "now": now}
