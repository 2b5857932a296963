"""Accounts of one's range for other programs: opened, closed, their posts, as on the pages.

A password is told once, in the answer that made it; only its hash is kept.
"""

from abc import ABC, abstractmethod
from dataclasses import replace
from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import exceptions, generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import services
from accounts.access import Access
from accounts.answers import BARRED, REFUSED, Problem, acting_with, told_once
from accounts.asking import BIGGEST, Masked, filters_of, in_order
from accounts.forms.managing import (
    AccountFilter,
    AccountForm,
    CorrectForm,
    GrantForm,
)
from accounts.listing import Listed, listed, matching, own_range, person_in_range
from accounts.models import Post, User
from accounts.permissions import Permission
from accounts.places import acting
from accounts.roles import ROLES

MANAGING = Access(permission=Permission.ACCOUNT_MANAGE)
ROLE_CHOICES = [(role.code, role.label) for role in ROLES.values()]

# --- what is answered -------------------------------------------------------------------


class PostSerializer(serializers.ModelSerializer[Post]):
    """A role in a division, from one day until another (not included)."""

    class Meta:
        model = Post
        fields: ClassVar[tuple[str, ...]] = (
            "id", "role", "region", "started_on", "ended_on",
        )  # fmt: skip
        read_only_fields = fields


class AccountSerializer(serializers.Serializer[Any]):
    """Somebody who signs in, with the posts that he holds in the caller's range."""

    id = serializers.IntegerField(source="person.pk")
    username = serializers.CharField(source="person.username")
    name = serializers.CharField(source="person.name")
    phone = Masked(source="person.phone")
    is_active = serializers.BooleanField(source="person.is_active")
    must_change_password = serializers.BooleanField(
        source="person.must_change_password"
    )
    state = serializers.CharField(help_text="和账号页上的说法一样")
    posts = PostSerializer(many=True)


class AccountDetailSerializer(AccountSerializer):
    """An account with all posts of the range, the latest first."""

    second_factor = serializers.SerializerMethodField(help_text="设了二次验证")

    def get_second_factor(self, row: Listed) -> bool:
        """Return whether there is one."""
        return services.has_second_factor(row.person)


class InitialPassword(serializers.Serializer[Any]):
    """What a person signs in with first; the password is told once and never again."""

    username = serializers.CharField()
    initial_password = serializers.CharField(allow_null=True)


class OpenedAccount(InitialPassword):
    """A new account, by its number."""

    id = serializers.IntegerField()


# --- what is sent -----------------------------------------------------------------------


class SentPost(serializers.Serializer[Any]):
    """A post: a role that the caller may fill, in a division of his range."""

    role = serializers.ChoiceField(choices=ROLE_CHOICES)
    region = serializers.IntegerField(
        min_value=1, max_value=BIGGEST, help_text="12 位区划代码"
    )

    def data_of_form(self) -> dict[str, Any]:
        """Return what was sent as the page's form has it."""
        self.is_valid(raise_exception=True)
        data = dict(self.validated_data)
        return data | {"place": str(data.pop("region"))}


class SentAccount(SentPost):
    """An account with its first post. Without a user name it is made of the name."""

    name = serializers.CharField(max_length=30)
    phone = serializers.CharField(max_length=20, allow_blank=True, default="")
    username = serializers.CharField(max_length=30, allow_blank=True, default="")


class SentGrant(SentPost):
    """A further post of somebody, from a day on."""

    on = serializers.DateField()


# --- endpoints --------------------------------------------------------------------------


@extend_schema_view(get=extend_schema(parameters=filters_of(AccountFilter)))
class AccountList(generics.ListAPIView[User]):
    """The people who hold posts in the caller's range; in office, unless asked."""

    access = Access(permission=Permission.ACCOUNT_VIEW)
    serializer_class = AccountSerializer
    queryset = User.objects.none()

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return a page of them; the statements do not grow with it."""
        wanted = in_order(AccountFilter(request.query_params)).cleaned_data
        people = self.paginate_queryset(matching(wanted, own_range())) or []
        rows = listed(list(people), own_range(), timezone.now())
        return self.get_paginated_response(AccountSerializer(rows, many=True).data)

    @extend_schema(request=SentAccount, responses={201: OpenedAccount} | REFUSED)
    def post(self, request: Request) -> Response:
        """201 opened, with the initial password, told once · 422 the name is taken."""
        by = acting_with(request, Permission.ACCOUNT_MANAGE)
        form = in_order(AccountForm(SentAccount(data=request.data).data_of_form(), by=by))  # fmt: skip
        user, password = form.open(by=by, on=timezone.localdate())
        told = {
            "id": user.pk,
            "username": user.username,
            "initial_password": password,
        }
        answer = Response(told, status=status.HTTP_201_CREATED)
        return told_once(answer, "initial_password")


class SentCorrection(serializers.Serializer[Any]):
    """Name and phone as they are; what is not said stays as it is."""

    name = serializers.CharField(max_length=30, required=False)
    phone = serializers.CharField(max_length=20, allow_blank=True, default="")


class AccountDetail(APIView):
    """One account."""

    access = Access(permission=Permission.ACCOUNT_VIEW)

    @extend_schema(
        request=SentCorrection, responses={200: AccountDetailSerializer} | REFUSED
    )
    def patch(self, request: Request, pk: int) -> Response:
        """200 corrected · 422 the phone is somebody else's."""
        by = acting_with(request, Permission.ACCOUNT_MANAGE)
        person = person_in_range(pk)
        sent = SentCorrection(data=request.data)
        sent.is_valid(raise_exception=True)
        given = {"name": person.name} | sent.validated_data
        form = in_order(CorrectForm(given, person=person))
        services.correct_account(user=person, by=by, **form.cleaned_data)
        return shown(pk)

    @extend_schema(responses={200: AccountDetailSerializer, 404: Problem})
    def get(self, request: Request, pk: int) -> Response:
        """Return it with all posts that it has or had in the range."""
        return shown(pk)


def shown(pk: int, code: int = status.HTTP_200_OK) -> Response:
    """Return an account as it is now; Http404 outside the range."""
    within, person = own_range(), person_in_range(pk)
    [row] = listed([person], within, timezone.now())
    posts = Post.objects.within(within).filter(user=person)
    row = replace(row, posts=tuple(posts.order_by("-started_on", "-id")))
    return Response(AccountDetailSerializer(row).data, status=code)


class AccountStep(APIView, ABC):
    """What a superior does with an account; those below say which service does it.

    Who is not over all posts of a person is refused by the service: 403.
    """

    access = MANAGING

    @abstractmethod
    def act(self, person: User, by: Post) -> object:
        """Do it."""

    @extend_schema(request=None, responses={200: AccountDetailSerializer} | BARRED)
    def post(self, request: Request, pk: int) -> Response:
        """200 done · 403 another post would have to do it."""
        self.act(person_in_range(pk), acting(request))
        return shown(pk)


class AccountClose(AccountStep):
    """停用: the person cannot sign in and is signed out everywhere."""

    def act(self, person: User, by: Post) -> object:
        """Close it."""
        return services.close_account(user=person, by=by)


class AccountReopen(AccountStep):
    """重新启用: the person can sign in again."""

    def act(self, person: User, by: Post) -> object:
        """Open it again."""
        return services.reopen_account(user=person, by=by)


class AccountUnlock(AccountStep):
    """解锁: a locked account can be tried again at once."""

    def act(self, person: User, by: Post) -> object:
        """Unlock it."""
        return services.unlock(user=person, by=by)


class AccountSecondFactor(AccountStep):
    """取消二次验证, for a phone that is lost; the person is asked for it anew."""

    def act(self, person: User, by: Post) -> object:
        """Take it off."""
        return services.reset(user=person, by=by)


class AccountPassword(APIView):
    """重置密码: an initial password again; signed out everywhere."""

    access = MANAGING

    @extend_schema(request=None, responses={200: InitialPassword} | BARRED)
    def post(self, request: Request, pk: int) -> Response:
        """200 with the password, told once · 403 another post would have to do it."""
        person = person_in_range(pk)
        password = services.reset_password(user=person, by=acting(request))
        told = {"username": person.username, "initial_password": password}
        return told_once(Response(told), "initial_password")


class AccountPosts(APIView):
    """任命: give somebody a further post."""

    access = MANAGING

    @extend_schema(
        request=SentGrant, responses={201: AccountDetailSerializer} | REFUSED
    )
    def post(self, request: Request, pk: int) -> Response:
        """201 granted · 403 the caller may not fill it · 422 he holds it."""
        person, by = person_in_range(pk), acting(request)
        form = in_order(GrantForm(SentGrant(data=request.data).data_of_form(), by=by))
        services.grant_post(
            user=person,
            role=form.cleaned_data["role"],
            region=form.cleaned_data["place"],
            by=by,
            on=form.cleaned_data["on"],
        )
        return shown(pk, status.HTTP_201_CREATED)


class AccountPostEnd(APIView):
    """免去职务: its access ends with the next request."""

    access = MANAGING

    @extend_schema(request=None, responses={200: AccountDetailSerializer} | REFUSED)
    def post(self, request: Request, pk: int, post: int) -> Response:
        """200 ended · 403 the caller may not · 422 it has ended."""
        person, by = person_in_range(pk), acting(request)
        posts = Post.objects.within(own_range()).select_related("region__parent")
        ending = get_object_or_404(posts.select_related("user"), pk=post, user=person)
        if person.pk == by.user_id:
            raise exceptions.PermissionDenied
        services.end_post(post=ending, by=by, on=timezone.localdate())
        return shown(pk)
