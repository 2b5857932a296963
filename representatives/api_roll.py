"""The roll of representatives for other programs: read, entered, corrected as on the page."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    extend_schema,
    extend_schema_view,
)
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import Access
from accounts.answers import REFUSED, Problem, acting_with, answer, told_once
from accounts.api_people import InitialPassword
from accounts.asking import BIGGEST, Masked, filters_of, in_order, read, sent_file
from accounts.permissions import Permission
from accounts.places import acting
from attachments.examining import Examined, examine
from attachments.rules import Kind
from regions.models import Region, ScopedModel
from representatives import services
from representatives.assembly import term_of, vacant_seats
from representatives.forms.people import (
    EnrolForm,
    PersonForm,
    RevealForm,
    RosterFilter,
    SignInForm,
    groups_of,
)
from representatives.listing import (
    SORTS,
    matching,
    sign_in_state,
    sorted_by,
    standing,
    with_mandates,
)
from representatives.loads import with_load
from representatives.models import (
    Education,
    Mandate,
    Mode,
    Politics,
    Representative,
    Seat,
    Sex,
)
from representatives.models.people import RepresentativeQuerySet
from representatives.services.revealing import sealed_value

# --- what is answered -------------------------------------------------------------------


class MandateSerializer(serializers.ModelSerializer[Mandate]):
    """A time in a seat: `ended_on` is the first day without it."""

    constituency = serializers.IntegerField(
        source="seat.constituency_id", read_only=True
    )

    class Meta:
        model = Mandate
        fields: ClassVar[tuple[str, ...]] = (
            "id", "seat", "constituency", "mode", "is_by_election", "started_on",
            "until", "ended_on", "end_cause", "end_evidence",
        )  # fmt: skip
        read_only_fields = fields


class RepresentativeSerializer(serializers.ModelSerializer[Representative]):
    """A line of the roll; ID number and phone without their middle."""

    group_number = serializers.IntegerField(
        source="group.number", read_only=True, allow_null=True, default=None
    )
    id_number = Masked()
    phone = Masked()
    households = serializers.IntegerField(
        source="load", read_only=True, help_text="现在联系几户"
    )
    state = serializers.SerializerMethodField(help_text="和名册页上的说法一样")
    mandate = serializers.SerializerMethodField(help_text="最近一次任职")

    class Meta:
        model = Representative
        fields: ClassVar[tuple[str, ...]] = (
            "id", "version", "region", "name", "sex", "nation", "birth_year",
            "id_number", "phone", "education", "politics", "group_number", "offices",
            "draws_allowance", "remark", "households", "state", "mandate",
        )  # fmt: skip
        read_only_fields = fields

    def get_state(self, person: Representative) -> str:
        """Return how the person stands today."""
        return standing(latest(person), timezone.localdate())[1]

    @extend_schema(responses=MandateSerializer(allow_null=True))
    def get_mandate(self, person: Representative) -> Any:
        """Return the latest mandate."""
        found = latest(person)
        return MandateSerializer(found).data if found else None


class RepresentativeDetailSerializer(RepresentativeSerializer):
    """A person with all mandates, the latest first, and whether he can sign in."""

    mandates = MandateSerializer(many=True, read_only=True)
    sign_in = serializers.SerializerMethodField(
        help_text="none 没有账号，open 可以登录，closed 账号已停用，ended 离任时停止"
    )

    class Meta(RepresentativeSerializer.Meta):
        fields: ClassVar[tuple[str, ...]] = (
            *RepresentativeSerializer.Meta.fields, "photo", "mandates", "sign_in",
        )  # fmt: skip
        read_only_fields = fields

    def get_sign_in(self, person: Representative) -> str:
        """Return it."""
        return sign_in_state(person, timezone.localdate())


class Revealed(serializers.Serializer[Any]):
    """A whole number, told once."""

    value = serializers.CharField(allow_null=True)


def latest(person: Representative) -> Mandate | None:
    """Return the latest of the mandates that were fetched along."""
    return next(iter(person.mandates.all()), None)


# --- what is sent -----------------------------------------------------------------------


class SentPerson(serializers.Serializer[Any]):
    """What the roll keeps of a person. An empty ID number or phone: none, or not known."""

    name = serializers.CharField(max_length=30)
    sex = serializers.ChoiceField(choices=Sex.choices, allow_blank=True, default="")
    nation = serializers.CharField(max_length=20, default="汉族")
    birth_year = serializers.IntegerField(
        min_value=1900, max_value=2100, allow_null=True, default=None
    )
    id_number = serializers.CharField(max_length=18, allow_blank=True, default="")
    phone = serializers.CharField(max_length=20, allow_blank=True, default="")
    education = serializers.ChoiceField(
        choices=Education.choices, allow_blank=True, default=""
    )
    politics = serializers.ChoiceField(
        choices=Politics.choices, allow_blank=True, default=""
    )
    group_number = serializers.IntegerField(
        min_value=1, max_value=99, allow_null=True, default=None, help_text="几组"
    )
    offices = serializers.ListField(
        child=serializers.CharField(max_length=20), default=list, max_length=10
    )
    draws_allowance = serializers.BooleanField(default=False)
    remark = serializers.CharField(max_length=200, allow_blank=True, default="")


class SentEnrolment(SentPerson):
    """A person for a vacant seat. Without `until` the mandate ends with the term (L06)."""

    seat = serializers.IntegerField(min_value=1, max_value=BIGGEST)
    mode = serializers.ChoiceField(choices=Mode.choices)
    is_by_election = serializers.BooleanField(default=False)
    started_on = serializers.DateField()
    until = serializers.DateField(allow_null=True, default=None)


class SentPersonEdit(SentPerson):
    """What is to be corrected; what is left out stays.

    `version` is that of the row as it was read; without it `If-Match` alone protects.
    """

    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1, required=False)


class SentSignIn(serializers.Serializer[Any]):
    """The user name of a new account; who has one already keeps it."""

    username = serializers.CharField(max_length=30)
    with_phone = serializers.BooleanField(
        default=True, help_text="也可以用名册上的手机号登录"
    )


class SentReveal(serializers.Serializer[Any]):
    """Which number, and why; both stand in the log with who asked."""

    field = serializers.ChoiceField(
        choices=[("id_number", "身份证号"), ("phone", "电话")]
    )
    reason = serializers.CharField(min_length=2, max_length=100)


def with_group(given: Mapping[str, Any], village: Region) -> dict[str, Any]:
    """Return what was sent with the group itself in the place of its number.

    Raises ValidationError if the village has no such group.
    """
    told = dict(given)
    if "group_number" not in told:
        return told
    number = told.pop("group_number")
    group = groups_of(village).filter(number=number).first() if number else None
    if number and group is None:
        words = f"{village.name}没有 {number} 组，请核对组号。"
        raise serializers.ValidationError({"group_number": [words]})
    return told | {"group": group}


# --- endpoints --------------------------------------------------------------------------


@extend_schema_view(get=extend_schema(parameters=filters_of(RosterFilter, SORTS)))
class RepresentativeList(generics.ListAPIView[Representative]):
    """The roll in the caller's scope: those in office, unless another `state` is asked for."""

    access = Access(permission=Permission.REPRESENTATIVE_VIEW)
    serializer_class = RepresentativeSerializer
    queryset = Representative.objects.none()

    def get_queryset(self) -> RepresentativeQuerySet:
        """Return whom the filters of the page describe, in the order asked for."""
        asked, today = self.request.query_params, timezone.localdate()
        wanted = in_order(RosterFilter(asked, one_village=False)).cleaned_data
        found = sorted_by(matching(wanted, today), asked.get("sort", ""), today)
        return with_mandates(with_load(found, today)).select_related("group")

    @extend_schema(
        request=SentEnrolment, responses={201: RepresentativeDetailSerializer} | REFUSED
    )
    def post(self, request: Request) -> Response:
        """Enter a person for a vacant seat; 422 if seat or person are taken (L08)."""
        acting_with(request, Permission.REPRESENTATIVE_EDIT)
        sent = read(SentEnrolment, request)
        seats = Seat.objects.open().select_related("region")
        seat = get_object_or_404(seats, pk=sent["seat"])
        mandate = enrolment(sent, seat.region).enrol()
        return shown(mandate.representative_id, status.HTTP_201_CREATED)


def enrolment(given: Mapping[str, Any], village: Region) -> EnrolForm:
    """Return the page's form of what was sent; raise ValidationError in its words."""
    term = term_of(village, timezone.localdate())
    data = with_group(given, village)
    data["until"] = data["until"] or (term.ends_on if term else None)
    form = EnrolForm(data, village=village, seats=vacant_seats(village), term=term)
    return in_order(form)


class RepresentativeDetail(generics.RetrieveAPIView[Representative]):
    """One person: read him, correct what the roll says."""

    access = Access(permission=Permission.REPRESENTATIVE_VIEW)
    serializer_class = RepresentativeDetailSerializer
    queryset = Representative.objects.none()

    def get_queryset(self) -> RepresentativeQuerySet:
        """Return what the open scope covers."""
        return whole()

    @extend_schema(
        request=SentPersonEdit,
        responses={200: RepresentativeDetailSerializer, 409: Problem} | REFUSED,
    )
    def patch(self, request: Request, pk: int) -> Response:
        """200 corrected · 409 somebody else was first · 422 refused, in words."""
        acting_with(request, Permission.REPRESENTATIVE_EDIT)
        person = get_object_or_404(whole(), pk=pk)
        sent = SentPersonEdit(data=request.data, partial=True)
        sent.is_valid(raise_exception=True)
        given = with_group(sent.validated_data, person.region)
        version = given.pop("version", person.version)
        in_order(PersonForm.amending(person, given, version=version)).save()
        return shown(pk)


def whole() -> RepresentativeQuerySet:
    """Return everybody with what an answer tells of each."""
    people = Representative.objects.select_related("region", "group", "user")
    return with_mandates(with_load(people, timezone.localdate()))


def shown(pk: int, code: int = status.HTTP_200_OK) -> Response:
    """Return a person as he stands on the roll now."""
    data = RepresentativeDetailSerializer(whole().get(pk=pk)).data
    return Response(data, status=code)


class RepresentativeReveal(APIView):
    """Show a whole number; asks for a reason, and is logged."""

    access = Access(permission=Permission.SENSITIVE_REVEAL)

    @extend_schema(request=SentReveal, responses={200: Revealed, 404: Problem})
    def post(self, request: Request, pk: int) -> Response:
        """200 with the number · 404 where none is kept."""
        return revealed(request, get_object_or_404(Representative, pk=pk))


def revealed(request: Request, row: ScopedModel) -> Response:
    """Return a sealed value of `row` for the reason that was sent."""
    sent = read(SentReveal, request)
    form = in_order(RevealForm(sent))
    field = sent["field"]
    held = sealed_value(row, field)
    if held is None:
        raise Http404
    value = services.reveal(
        row=row,
        held=held,
        field=field,
        reason=form.cleaned_data["reason"],
        by=acting(request),
    )
    return told_once(Response({"value": value}), "value")


class RepresentativePhoto(APIView):
    """A photo of a person; it is no edit of the roll and raises no `version`."""

    access = Access(permission=Permission.REPRESENTATIVE_EDIT)

    @extend_schema(
        parameters=[OpenApiParameter("name", str, description="文件名")],
        request={"application/octet-stream": OpenApiTypes.BINARY},
        responses={200: RepresentativeDetailSerializer} | REFUSED,
    )
    def put(self, request: Request, pk: int) -> Response:
        """200 kept, in the place of the one before · 422 no photo, in words."""
        person = get_object_or_404(Representative, pk=pk)
        photo = examine(sent_file(request), (Kind.PHOTO,))
        return self._changed(request, person, photo)

    @extend_schema(responses={200: RepresentativeDetailSerializer} | REFUSED)
    def delete(self, request: Request, pk: int) -> Response:
        """200 there is none from now on."""
        person = get_object_or_404(Representative, pk=pk)
        return self._changed(request, person, None)

    def _changed(
        self, request: Request, person: Representative, photo: Examined | None
    ) -> Response:
        services.change_photo(representative=person, photo=photo, by=acting(request))
        return shown(person.pk)


class RepresentativeAccount(APIView):
    """Let a serving representative sign in: an account, or the one he had again."""

    access = Access(permission=Permission.ACCOUNT_MANAGE)

    @extend_schema(
        request=SentSignIn,
        responses={200: InitialPassword, 201: InitialPassword} | REFUSED,
    )
    def post(self, request: Request, pk: int) -> Response:
        """201 opened, with the initial password, told once · 200 it is open again."""
        person, by = get_object_or_404(whole(), pk=pk), acting(request)
        today = timezone.localdate()
        if person.user is not None:
            services.renew_sign_in(representative=person, by=by, on=today)
            told = {"username": person.user.username, "initial_password": None}
            return answer(told, created=False)
        sent = read(SentSignIn, request)
        form = in_order(SignInForm(sent, phone=person.phone))
        username = form.cleaned_data["username"]
        password = services.open_sign_in(
            representative=person,
            username=username,
            phone=form.plain_phone(person.phone),
            by=by,
            on=today,
        )
        told = {"username": username, "initial_password": password}
        return told_once(answer(told, created=True), "initial_password")
