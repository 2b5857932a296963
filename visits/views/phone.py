"""The representative's phone: whom to see, one tap at the door, what there was.

Everything here also works without a script, as plain forms; with one, `visit.js` keeps
what was tapped in the phone first and sends it by the API.
"""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.staticfiles import finders
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts import audit
from accounts.access import public, requires
from accounts.middleware import PostRequest
from accounts.models import AccessEntry, Action, Post
from accounts.permissions import Permission
from accounts.places import acting
from accounts.services import Refused
from households.models import Household
from ui.asked import asked_id, asked_words
from visits import rules, services
from visits.facts import facts_of
from visits.forms import ChangeForm, MatterForm, WithdrawForm
from visits.models import HandedVisit, Topic, Visit
from visits.rounds import phone_key, round_of
from visits.services import enclosing
from visits.views.enclosures import files_of

WHO = "X-Visits-Who"
NUMBERS_SHOWN = "走访名单上联系户的电话"
SHOWN = 30


@requires(Permission.VISIT_RECORD)
@require_safe
def phone(request: PostRequest) -> HttpResponse:
    """Show a representative whom to see, the most pressing first.

    Others who may record have their own pages and are sent to the village's.
    """
    post = acting(request)
    if post.role != "representative":
        return redirect("visits:handed")
    if post.narrowed_to is None:
        return phone_page(request, "visits/phone.html", {"round": None})
    found = round_of(post.narrowed_to, timezone.localdate())
    if found.households:
        note_numbers_shown(post)
    context = {
        "round": found,
        "fresh": uuid.uuid4,
        "just": just_recorded(request.GET.get("done", "")),
    }
    return phone_page(request, "visits/phone.html", context)


def phone_page(
    request: PostRequest, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """Return a page that the phone may keep for this person, and for nobody else."""
    who = phone_key(acting(request))
    response = render(request, template, context | {"who": who}, status=status)
    response.headers[WHO] = who
    return response


def note_numbers_shown(post: Post) -> None:
    """Log once a day that a representative was shown his own households' numbers.

    He must be able to call with one tap, so no reason is asked for; a line for every
    time the list is opened would bury what an auditor looks for. The copy that the
    phone keeps is without numbers.
    """
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    known = AccessEntry.objects.filter(
        region=post.region_id,
        at__gte=today,
        action=Action.REVEALED,
        user=post.user_id,
        subject=NUMBERS_SHOWN,
    )
    if not known.exists():
        audit.record(
            Action.REVEALED,
            region=post.region_id,
            by=post.user,
            subject=NUMBERS_SHOWN,
            reason="代表联系自己的户",
        )


def just_recorded(asked: str) -> Visit | None:
    """Return the visit that the address speaks of, if it is there and stands."""
    try:
        pk = uuid.UUID(asked)
    except ValueError:
        return None
    return Visit.objects.standing().select_related("household").filter(pk=pk).first()


def to_list(visit: Visit) -> HttpResponse:
    """Return to the list, which says what was recorded and offers to undo it."""
    return HttpResponseRedirect(f"{reverse('visits:phone')}?done={visit.pk}")


@requires(Permission.VISIT_RECORD)
@require_POST
def quick(request: PostRequest, pk: int) -> HttpResponse:
    """已走访，平安, as a plain form: today, at the door, nothing to say."""
    household, now = get_object_or_404(Household, pk=pk), timezone.now()
    try:
        visit_id = uuid.UUID(request.POST.get("id", ""))
    except ValueError:
        visit_id = uuid.uuid4()
    content = services.Content(household.pk, timezone.localdate(now))
    try:
        visit, _ = services.record(
            visit_id=visit_id, content=content, captured_at=now, by=acting(request)
        )
    except (Refused, services.OtherContent) as refused:
        messages.error(request, f"{household.head}家没有记上：{refused}")
        return redirect("visits:phone")
    return to_list(visit)


@requires(Permission.VISIT_RECORD)
def matter(request: PostRequest) -> HttpResponse:
    """有情况: what about, how it was felt, whether the village is to act.

    Without a household in the address the page asks which one: that is the copy the
    phone keeps, for all of his households.
    """
    post = acting(request)
    if post.role != "representative" or post.narrowed_to is None:
        return redirect("visits:phone")
    form = MatterForm(
        request.POST or None, request.FILES or None, representative=post.narrowed_to
    )
    if request.method == "POST" and form.is_valid():
        try:
            visit, _ = services.record(
                visit_id=form.cleaned_data["id"],
                content=form.content(),
                captured_at=timezone.now(),
                by=post,
            )
            enclosing.enclose_all(
                visit=visit, files=form.cleaned_data["enclosed"], by=post
            )
        except (Refused, services.OtherContent) as refused:
            form.add_error(None, str(refused))
        else:
            return to_list(visit)
    context = {"form": form, "home": asked_home(request)}
    status = 422 if form.errors else 200
    return phone_page(request, "visits/matter.html", context, status)


def asked_home(request: PostRequest) -> Household | None:
    """Return the household that the address names; Http404 if it is not his."""
    asked = asked_id(request.GET.get("household"))
    if asked is None:
        return None
    homes = Household.objects.select_related("group")
    homes = homes.with_categories(timezone.localdate())
    return get_object_or_404(homes, pk=asked)


@requires(Permission.VISIT_VIEW)
@require_safe
def door(request: PostRequest, pk: int) -> HttpResponse:
    """Show a household: how its duty stands and why, and who came when."""
    homes = Household.objects.select_related("group", "region__parent")
    today = timezone.localdate()
    home = get_object_or_404(homes.with_categories(today), pk=pk)
    visits = home.visits.select_related("representative", "entered_by")
    shown = list(visits.order_by("-visited_on", "-received_at")[:SHOWN])
    files, said = files_of(shown), Topic.objects.said()
    context = {
        "home": home,
        "why": rules.explain(facts_of([home.pk])[home.pk], today),
        "visits": [
            (
                visit,
                [said.get(name, name) for name in visit.topics],
                files.get(visit.pk),
            )
            for visit in shown
        ],
        "on_phone": acting(request).role == "representative",
    }
    return render(request, "visits/door.html", context)


@requires(Permission.VISIT_RECORD)
def change(request: PostRequest, pk: uuid.UUID) -> HttpResponse:
    """改: correct a visit by a new version, or withdraw it."""
    post = acting(request)
    visit = get_object_or_404(
        Visit.objects.standing().select_related("household__group"), pk=pk
    )
    form = ChangeForm(
        request.POST or None, visit=visit, representative=visit.representative_id
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.correct(
                visit=visit,
                content=form.content(),
                reason=form.cleaned_data["reason"],
                by=post,
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{visit.household}家的走访已改好。")
            return redirect("visits:phone")
    context = {"form": form, "visit": visit, "withdraw": WithdrawForm(prefix="w")}
    status = 422 if form.errors else 200
    return render(request, "visits/change.html", context, status=status)


@requires(Permission.VISIT_RECORD)
@require_POST
def undo(request: PostRequest, pk: uuid.UUID) -> HttpResponse:
    """撤销, 撤回: the visit stays readable and no longer counts."""
    visit = get_object_or_404(Visit.objects.select_related("household"), pk=pk)
    reason = asked_words(request.POST.get("w-reason", ""), 200) or "点错了"
    try:
        services.withdraw(visit=visit, reason=reason, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"{visit.household}家的走访已撤回。")
    return redirect("visits:phone")


@requires(Permission.VISIT_RECORD)
@require_safe
def outbox(request: PostRequest) -> HttpResponse:
    """Show what is still in the phone, and what became of records handed over."""
    handed = HandedVisit.objects.order_by("-handed_at")[:SHOWN]
    return phone_page(request, "visits/outbox.html", {"handed": handed})


@public
@require_safe
def service_worker(request: PostRequest) -> HttpResponse:
    """Serve the service worker from the root: a worker serves what lies below it."""
    found = finders.find("js/sw.js")
    with open(str(found), encoding="utf-8") as source:
        response = HttpResponse(source.read(), content_type="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    return response
