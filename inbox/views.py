"""消息: what I was told, and what was sent in my range and who has seen it."""

from urllib.parse import urlsplit

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import Resolver404, resolve
from django.views.decorators.http import require_POST, require_safe

from accounts.access import declared, requires, signed_in
from accounts.middleware import PostRequest
from accounts.models import Post
from accounts.permissions import Permission
from accounts.places import acting
from accounts.views.layout import PHONE, layout
from inbox import services
from inbox.models import Message, MessageQuerySet
from ui.asked import asked_id

PER_PAGE = 50
MOST_UNREAD = 200


@signed_in
@require_safe
def message_list(request: PostRequest) -> HttpResponse:
    """List my messages: the unread ones, then a page of those I have read."""
    if request.post is None:
        return redirect("reports:home")
    mine = Message.objects.to(request.user).select_related("sent_by", "region__parent")
    page = Paginator(mine.exclude(read_at=None), PER_PAGE)
    unread = list(mine.unread()[:MOST_UNREAD])
    frame = layout(request)
    context = {
        "layout": frame,
        "on_phone": frame == PHONE,
        "unread": unread,
        "up_to": max((one.pk for one in unread), default=None),
        "page": page.get_page(request.GET.get("page")),
        "may_send": request.post.may(Permission.MESSAGE_SEND),
    }
    return render(request, "inbox/list.html", context)


@signed_in
@require_POST
def open_message(request: PostRequest, pk: int) -> HttpResponse:
    """Go where a message leads; it is read then.

    What is for another of one's posts asks to change to that one first.
    """
    rows = mine(request).select_related("region__parent")
    message = get_object_or_404(rows, pk=pk)
    if other := other_post(request, message):
        messages.info(
            request,
            f"这条消息说的是{message.region.full_name}的事，"
            f"请先改用“{other.kind.label}”的职务，再去看。",
        )
        return redirect("accounts:posts")
    services.mark_read(user=request.user, message=message)
    return redirect(message.url or "inbox:list")


@signed_in
@require_POST
def read_all(request: PostRequest) -> HttpResponse:
    """Mark as read all of my messages that were there when the page was drawn."""
    up_to = asked_id(request.POST.get("up_to"))
    if count := services.mark_read(user=request.user, up_to=up_to):
        messages.success(request, f"{count} 条消息已标为看过。")
    return redirect("inbox:list")


@requires(Permission.MESSAGE_SEND)
@require_safe
def sent_list(request: PostRequest) -> HttpResponse:
    """List what people sent to villages of my range, and when it was seen."""
    sent = Message.objects.sent().select_related(
        "recipient", "sent_by", "region__parent"
    )
    page = Paginator(sent, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "inbox/sent.html", {"page": page})


def other_post(request: PostRequest, message: Message) -> Post | None:
    """Return the held post that a message is for, where that is not the present one.

    The place that it is about lies in that post's range, and its page asks for no right
    that the post has not. None where no other post would do better.
    """
    about = [post for post in request.posts if message.region_id in post.scope()]
    able = [post for post in about if may_open(post, message.url)] or about
    is_ours = acting(request).pk in {post.pk for post in able}
    return None if is_ours or not able else able[0]


def may_open(post: Post, url: str) -> bool:
    """Return whether a post has the right that the page behind an address asks for."""
    try:
        access = declared(resolve(urlsplit(url).path).func)
    except Resolver404:  # the page says so itself
        return True
    return access is None or not access.permission or post.may(access.permission)


def mine(request: PostRequest) -> MessageQuerySet:
    """Return the messages of whoever asks; none for a person without a post."""
    if request.post is None:
        return Message.objects.none()
    return Message.objects.filter(recipient=request.user)
