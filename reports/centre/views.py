"""报表中心: two clicks from what one needs to the file."""

import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.models import Post
from accounts.permissions import Permission
from accounts.places import acting
from accounts.services import NotYours, Refused
from regions.forms import named
from regions.models import Region
from reports import exports
from reports.centre import presets, schedules
from reports.centre.choosing import Choice
from reports.centre.entries import Entry, entry_of, offered_to
from reports.centre.files import KEPT_DAYS
from reports.centre.forms import EntryForm
from reports.centre.periods import resolved
from reports.models import Approval, Preset, Schedule
from reports.views_exports import REASONS, part_of, place_of, second_of
from ui.asked import asked_words

RECENT = 5


@requires(Permission.ROLL_EXPORT)
@require_safe
def centre(request: PostRequest) -> HttpResponse:
    """Show all that can be exported by purpose, and what is asked for again and again."""
    post, today = acting(request), timezone.localdate()
    recent, least = exports.own(post.user_id)[:RECENT], schedules.closed_after(today)
    context = {
        "groups": offered_to(post),
        "token": uuid.uuid4(),
        "presets": _offered(post, today),
        "schedules": [
            (one, entry_of(one.entry), schedules.next_day(one, today, least))
            for one in Schedule.objects.of(post).order_by("pk")
        ],
        "recent": [(job, part_of(job)) for job in recent],
        "waiting": _waiting_for(post),
        "may_archive": post.may(Permission.TENANT_EXPORT),
    }
    return render(request, "reports/centre.html", context)


def _offered(post: Post, on: dt.date) -> list[tuple[Preset, Entry, bool]]:
    """Return the presets whose entry this post may have, and whether it may remove it."""
    rows = list(Preset.objects.offered_to(post).select_related("owner"))
    gone = presets.removable(rows, post, on)
    pairs = [(preset, entry_of(preset.entry)) for preset in rows]
    return [
        (preset, entry, preset.pk in gone)
        for preset, entry in pairs
        if entry and entry.is_for(post)
    ]


def _waiting_for(post: Post) -> int:
    """Return how many requests wait for this person's word."""
    if not post.may(Permission.ROLL_EXPORT_FULL):
        return 0
    return Approval.objects.waiting().exclude(asked_by=post.user_id).count()


@requires(Permission.ROLL_EXPORT)
def entry(request: PostRequest, key: str) -> HttpResponse:
    """Ask which place, period and file; make it, print it, or keep the answers."""
    post, today = acting(request), timezone.localdate()
    found = _entry_or_404(key, post)
    form = EntryForm(
        request.POST or None,
        entry=found,
        post=post,
        today=today,
        initial={"token": uuid.uuid4(), "numbers": "masked"} | _asked(request),
    )
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(_done(request, form, post))
        except Refused as refused:
            form.add_error(None, str(refused))
    context = {
        "entry": found,
        "form": form,
        "reasons": REASONS,
        "second": second_of(form, post),
        "days": KEPT_DAYS,
        "is_scheduled": Schedule.objects.of(post).filter(entry=found.key).exists(),
    }
    status = 422 if form.is_bound else 200
    return render(request, "reports/centre_entry.html", context, status=status)


def _entry_or_404(key: str, post: Post) -> Entry:
    found = entry_of(key)
    if found is None:
        raise Http404
    if not found.is_for(post):
        raise PermissionDenied("您的职务不能导出这份报表。")
    return found


def _asked(request: PostRequest) -> dict[str, Any]:
    """Return what an address fills in: links from pages name place and period."""
    names = ("place", "period", "order", "form")
    asked: dict[str, Any] = {
        name: request.GET[name] for name in names if request.GET.get(name)
    }
    if asked.get("place", "").isdigit():  # a link has the code, people read the name
        asked["place"] = named(asked["place"]).first() or asked["place"]
    return asked


def _done(request: PostRequest, form: EntryForm, post: Post) -> str:
    """Do what the pressed button says; return where to go on."""
    do = request.POST.get("do", "export")
    if do in KEPT:
        messages.success(request, KEPT[do](form, post))
        return "reports:centre"
    today, found, choice = timezone.localdate(), form.entry, form.choice()
    if form.is_print:
        place = form.cleaned_data.get("place") or post.region
        return found.print_url(place, resolved(choice.period, today), choice.order)
    token = str(form.cleaned_data["token"])
    return place_of(
        exports.ask(choice.request(found, today), by=post, on=today, token=token)
    )


def _save(form: EntryForm, post: Post) -> str:
    """Keep the answers as a preset; return what is said."""
    name = form.cleaned_data["name"].strip()
    if not name:
        raise Refused("请给这个常用报表起个名字，例如“上月汇总表”。")
    shared = form.cleaned_data["is_shared"]
    presets.save(
        by=post, entry=form.entry, name=name, choice=form.choice(), is_shared=shared
    )
    return f"已存为常用报表“{name}”。"


def _schedule(form: EntryForm, post: Post) -> str:
    """Have the same made after each period; return what is said."""
    today = timezone.localdate()
    schedules.begin(by=post, entry=form.entry, choice=form.choice(), on=today)
    return "定好了。每期关账后自动做好，在消息里通知您。"


KEPT = {"save": _save, "schedule": _schedule}
"""What a button keeps for later, by its value."""


@requires(Permission.ROLL_EXPORT)
@require_POST
def preset_use(request: PostRequest, pk: int) -> HttpResponse:
    """Make a preset's file at once, or open what it prints."""
    post, today = acting(request), timezone.localdate()
    preset = _preset_or_404(post, pk)
    found, choice = _entry_or_404(preset.entry, post), Choice.read(preset.data)
    if not choice.form and found.page:
        place = _place_of(choice, post)
        seen = resolved(choice.period, today)
        return redirect(found.print_url(place, seen, choice.order))
    try:
        token = asked_words(request.POST.get("token", ""), 40) or uuid.uuid4().hex
        wanted = choice.request(found, today)
        return redirect(place_of(exports.ask(wanted, by=post, on=today, token=token)))
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("reports:centre-entry", key=found.key)


def _preset_or_404(post: Post, pk: int) -> Preset:
    return get_object_or_404(Preset.objects.offered_to(post), pk=pk)


def _place_of(choice: Choice, post: Post) -> Region:
    """Return the place of a choice; one that is out of range now is one's own."""
    if choice.place and int(choice.place) in post.scope():
        found = Region.objects.filter(pk=int(choice.place)).first()
        return found or post.region
    return post.region


@requires(Permission.ROLL_EXPORT)
@require_POST
def preset_remove(request: PostRequest, pk: int) -> HttpResponse:
    """Remove a preset of one's own, or of somebody who left the office."""
    post, today = acting(request), timezone.localdate()
    try:
        presets.remove(preset=_preset_or_404(post, pk), by=post, on=today)
    except NotYours as refused:
        raise PermissionDenied(str(refused)) from refused
    messages.success(request, "已删去。")
    return redirect("reports:centre")


@requires(Permission.ROLL_EXPORT)
@require_POST
def schedule_stop(request: PostRequest, pk: int) -> HttpResponse:
    """Stop a schedule of one's own; anybody else's is not there."""
    post = acting(request)
    found = get_object_or_404(Schedule.objects.of(post), pk=pk)
    schedules.stop(schedule=found, by=post, on=timezone.localdate())
    messages.success(request, "已停用，以后不再自动做。")
    return redirect("reports:centre")
