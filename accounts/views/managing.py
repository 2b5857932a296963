"""What a superior does with an account: opening, posts, passwords, locks, closing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts import services
from accounts.access import requires
from accounts.forms.managing import (
    AccountForm,
    CorrectForm,
    GrantForm,
    grantable,
)
from accounts.listing import held_row, own_range, person_in_range, standing
from accounts.locks import locked_until, minutes_until
from accounts.middleware import PostRequest
from accounts.models import Post, User
from accounts.once import once, shown_once
from accounts.permissions import Permission
from accounts.places import acting
from accounts.services import NotYours, Refused


@requires(Permission.ACCOUNT_VIEW)
def account_detail(request: PostRequest, pk: int) -> HttpResponse:
    """Show an account: its posts in one's range, its state, what may be done."""
    person, by = person_in_range(pk), acting(request)
    now, today = timezone.now(), timezone.localdate()
    until = locked_until(person.username, now)
    posts = Post.objects.within(own_range()).filter(user=person)
    related = posts.select_related("region__parent", "granted_by", "ended_by")
    held = [
        held_row(post, by, today) for post in related.order_by("-started_on", "-id")
    ]
    in_office = any(row.state != "已免去" for row in held)
    tone, state = standing(person, locked=until is not None, in_office=in_office)
    manages = by.may(Permission.ACCOUNT_MANAGE)
    context = {
        "person": person,
        "held": held,
        "tone": tone,
        "state": state,
        "minutes": minutes_until(until, now) if until else None,
        "second_factor": services.has_second_factor(person),
        "is_me": person.pk == request.user.pk,
        "may_manage": manages and services.may_manage(person, by),
        "may_grant": manages and bool(grantable(by)) and person.pk != request.user.pk,
    }
    return render(request, "accounts/detail.html", context)


@requires(Permission.ACCOUNT_MANAGE)
@once
def account_new(request: PostRequest) -> HttpResponse:
    """Open an account with its first post; show the initial password once."""
    by = acting(request)
    form = AccountForm(request.POST or None, by=by, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        try:
            user, password = form.open(by=by, on=timezone.localdate())
        except Refused as no:
            form.add_error(None, str(no))
        else:
            return show_password(request, user, password, opened=True)
    status = 422 if form.errors else 200
    return render(request, "accounts/new.html", {"form": form}, status=status)


def show_password(
    request: PostRequest, person: User, password: str, *, opened: bool
) -> HttpResponse:
    """Show an initial password, this once: only its hash is kept."""
    context = {"person": person, "password": password, "opened": opened}
    page = render(request, "accounts/initial-password.html", context)
    return shown_once(page, leads=person.get_absolute_url())


@requires(Permission.ACCOUNT_MANAGE)
def account_edit(request: PostRequest, pk: int) -> HttpResponse:
    """Correct the name and the phone of an account."""
    person, by = managed(request, pk)
    form = CorrectForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        try:
            services.correct_account(user=person, by=by, **form.cleaned_data)
        except Refused as no:
            form.add_error("phone", str(no))
        else:
            messages.success(request, "已保存。手机号改了的，以后用新的登录。")
            return redirect(person)
    context = {"form": form, "person": person}
    status = 422 if form.errors else 200
    return render(request, "accounts/edit.html", context, status=status)


@requires(Permission.ACCOUNT_MANAGE)
@once
def post_new(request: PostRequest, pk: int) -> HttpResponse:
    """Give a person a further post."""
    person, by = person_in_range(pk), acting(request)
    if person.pk == by.user_id:
        raise PermissionDenied("不能给自己任命职务。")
    start = {"on": timezone.localdate()}
    form = GrantForm(request.POST or None, by=by, initial=start)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            post = services.grant_post(
                user=person,
                role=given["role"],
                region=given["place"],
                by=by,
                on=given["on"],
            )
        except Refused as no:
            form.add_error(None, str(no))
        else:
            messages.success(request, f"已任命{person.name}为“{post}”。")
            return redirect(person)
    context = {"form": form, "person": person}
    status = 422 if form.errors else 200
    return render(request, "accounts/post-new.html", context, status=status)


@requires(Permission.ACCOUNT_MANAGE)
def post_end(request: PostRequest, pk: int, post: int) -> HttpResponse:
    """Ask whether to end a post, then end it."""
    person, by = person_in_range(pk), acting(request)
    within = Post.objects.within(own_range()).select_related("region__parent", "user")
    ending = get_object_or_404(within, pk=post, user=person)
    if not services.may_end(ending, by) or person.pk == by.user_id:
        raise PermissionDenied("这个职务不归您任免，请联系上一级。")
    asked = Question(
        title=f"免去{person.name}的职务？",
        words=(
            f"职务：{ending}，{ending.started_on} 起。",
            "免去以后，本人下一次点击就不能再用这个职务看资料、办事情。",
            "已经办过的事和记录都保留。",
        ),
        action="免去职务",
    )
    return ask_then(
        request,
        person,
        asked,
        lambda: services.end_post(post=ending, by=by, on=timezone.localdate()),
        f"已免去{person.name}的职务：{ending}。",
    )


@requires(Permission.ACCOUNT_MANAGE)
@once
def password_reset(request: PostRequest, pk: int) -> HttpResponse:
    """Ask whether to reset a password, then show the initial one once."""
    person, by = managed(request, pk)
    if request.method == "POST":
        password = services.reset_password(user=person, by=by)
        return show_password(request, person, password, opened=False)
    asked = Question(
        title=f"重置{person.name}的密码？",
        words=(
            "系统会给出一个新的初始密码，只显示一次，请当面或电话告诉本人。",
            "本人在所有设备上的登录会退出，用初始密码登录后要先改密码。",
        ),
        action="重置密码",
    )
    return ask(request, person, asked)


@requires(Permission.ACCOUNT_MANAGE)
def account_close(request: PostRequest, pk: int) -> HttpResponse:
    """Ask whether to close an account, then close it."""
    person, by = managed(request, pk)
    asked = Question(
        title=f"停用{person.name}的账号？",
        words=(
            "停用以后本人不能登录，正在用的设备马上退出。",
            "职务和办过的事都保留，以后可以重新启用。人已离任的，请免去职务。",
        ),
        action="停用账号",
    )
    return ask_then(
        request,
        person,
        asked,
        lambda: services.close_account(user=person, by=by),
        f"{person.name}的账号已停用。",
    )


@requires(Permission.ACCOUNT_MANAGE)
@require_POST
def account_reopen(request: PostRequest, pk: int) -> HttpResponse:
    """Let a closed account sign in again."""
    person, by = managed(request, pk)
    services.reopen_account(user=person, by=by)
    messages.success(request, f"{person.name}的账号已重新启用。")
    return redirect(person)


@requires(Permission.ACCOUNT_MANAGE)
@require_POST
def unlock(request: PostRequest, pk: int) -> HttpResponse:
    """Let a locked account try again at once."""
    person, by = managed(request, pk)
    services.unlock(user=person, by=by)
    messages.success(request, f"{person.name}的账号已解锁，现在可以登录。")
    return redirect(person)


@requires(Permission.ACCOUNT_MANAGE)
def second_factor_reset(request: PostRequest, pk: int) -> HttpResponse:
    """Ask whether to take the second factor off, for a lost phone; then do."""
    person, by = managed(request, pk)
    asked = Question(
        title=f"取消{person.name}的二次验证？",
        words=(
            "只在本人的手机和恢复码都丢了的时候用。请先当面或打电话确认是本人。",
            "取消以后只用密码就能登录；按规定必须用二次验证的，登录时要重新设置。",
        ),
        action="取消二次验证",
    )
    return ask_then(
        request,
        person,
        asked,
        lambda: services.reset(user=person, by=by),
        f"{person.name}的二次验证已取消。",
    )


@dataclass(frozen=True)
class Question:
    """What a confirmation page asks: the question, what will happen, the button."""

    title: str
    words: tuple[str, ...]
    action: str


def managed(request: PostRequest, pk: int) -> tuple[User, Post]:
    """Return a person in range and the acting post; 403 unless it is over all posts."""
    person, by = person_in_range(pk), acting(request)
    try:
        services.managed_post(person, by)
    except NotYours as no:
        raise PermissionDenied(str(no)) from no
    return person, by


def ask_then(
    request: PostRequest,
    person: User,
    asked: Question,
    act: Callable[[], Any],
    done: str,
) -> HttpResponse:
    """Ask on GET; on POST act, and say what was done or why it was not."""
    if request.method != "POST":
        return ask(request, person, asked)
    try:
        act()
    except Refused as no:
        messages.error(request, str(no))
    else:
        messages.success(request, done)
    return redirect(person)


def ask(request: PostRequest, person: User, asked: Question) -> HttpResponse:
    """Show the confirmation page."""
    context = {"person": person, "asked": asked}
    return render(request, "accounts/confirm.html", context)
