"""Leaving office in three steps on one page: why, who takes over, check; then what is left."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.permissions import Permission
from accounts.places import acting, sent
from accounts.services import Refused
from households import services
from households.forms.links import EndingForm, HeirsForm
from households.models import ContactLink, Household, LinkEnd
from households.succession import left_by
from representatives.models import Mandate, MandateEnd, Representative
from representatives.views.roster import representative_or_404
from ui.parts import Step

TITLES = ("原因和日期", "联系户交给谁", "核对")


@requires(Permission.REPRESENTATIVE_EDIT)
def leave(request: PostRequest, pk: int) -> HttpResponse:
    """End a mandate: each step sends what was answered before along with it."""
    person = representative_or_404(request, pk)
    mandate = unended_mandate(person)
    ending = EndingForm(sent(request), mandate=mandate)
    go = request.POST.get("go", "")
    if request.method != "POST" or go == "start" or not ending.is_valid():
        answered = heirs_form(request, person) if "heirs" in request.POST else None
        return step(request, 1, person, ending, answered)
    heirs = heirs_form(request, person)
    if go == "heirs" or not heirs.is_valid():
        return step(request, 2, person, ending, heirs)
    if go != "done":
        return step(request, 3, person, ending, heirs)
    try:
        end(request, mandate, ending, heirs)
    except Refused as refused:
        ending.add_error(None, str(refused))
        return step(request, 3, person, ending, heirs)
    messages.success(request, f"{person.name}已离任。")
    return redirect("households:left", person.pk)


def unended_mandate(person: Representative) -> Mandate:
    """Return the mandate to end; Http404 where it has ended already."""
    found = (
        Mandate.objects.unended()
        .filter(representative=person)
        .select_related("seat__constituency")
    )
    mandate = found.first()
    if mandate is None:
        raise Http404
    return mandate


def heirs_form(request: PostRequest, person: Representative) -> HeirsForm:
    """Return the form of step 2, with a proposal until it has been sent once."""
    sent = "heirs" in request.POST
    left = left_by(person, timezone.localdate(), propose=not sent)
    return HeirsForm(
        request.POST if sent else None,
        households=left.households,
        people=left.people,
        proposed=left.proposed,
    )


def step(
    request: PostRequest,
    number: int,
    person: Representative,
    ending: EndingForm,
    heirs: HeirsForm | None,
) -> HttpResponse:
    """Show one of the three steps."""
    rows = rows_of(heirs)
    context: dict[str, Any] = {
        "person": person,
        "number": number,
        "steps": [step_part(title, n, number) for n, title in enumerate(TITLES, 1)],
        "form": ending if number != 2 else heirs,
        "ending": ending,
        "sent": bool(heirs and heirs.is_bound),
        "rows": rows,
        "alone": sum(heir is None for _, _, heir in rows),
    }
    wrong = bool(context["form"].errors) and request.POST.get("go") != "start"
    template = f"households/leave_{number}.html"
    return render(request, template, context, status=422 if wrong else 200)


def step_part(title: str, number: int, current: int) -> Step:
    """Return how a step stands."""
    if number < current:
        return Step(title, state="done")
    return Step(title, state="now" if number == current else "todo")


def rows_of(
    heirs: HeirsForm | None,
) -> list[tuple[Household, Any, Representative | None]]:
    """Return each household with its field and the heir that was chosen."""
    if heirs is None:
        return []
    chosen = heirs.heirs() if heirs.is_bound and heirs.is_valid() else {}
    return [
        (household, heirs[heirs.key(household)], chosen.get(household.pk))
        for household in heirs.households
    ]


def end(
    request: PostRequest, mandate: Mandate, ending: EndingForm, heirs: HeirsForm
) -> None:
    """End the mandate and hand over, as the two forms say."""
    given = ending.cleaned_data
    services.leave_office(
        mandate=mandate,
        on=given["on"],
        cause=MandateEnd(given["cause"]),
        evidence=given["evidence"],
        heirs=heirs.heirs(),
        by=acting(request),
    )


@requires(Permission.REPRESENTATIVE_VIEW)
def left(request: PostRequest, pk: int) -> HttpResponse:
    """Name who took over the households of somebody who left, and what has nobody."""
    person, today = representative_or_404(request, pk), timezone.localdate()
    ended = Mandate.objects.filter(representative=person, ended_on__isnull=False)
    mandate = ended.select_related("seat").order_by("-ended_on", "-pk").first()
    if mandate is None:
        raise Http404
    links = ContactLink.objects.filter(
        representative=person, end_reason=LinkEnd.MANDATE_ENDED
    ).filter(ended_on__gte=mandate.ended_on)
    rows = Household.objects.filter(pk__in=links.values("household"))
    handed = rows.select_related("group").with_contact(today)
    households = list(handed.order_by("group__number", "head"))
    context = {
        "person": person,
        "mandate": mandate,
        "alone": [h for h in households if h.status == "living" and not holders(h)],
        "handed": [(h, holders(h)[0]) for h in households if holders(h)],
        "may_assign": acting(request).may(Permission.HOUSEHOLD_EDIT),
    }
    return render(request, "households/left.html", context)


def holders(household: Household) -> list[Representative]:
    """Return who looks after a household whose links were fetched along."""
    return [link.representative for link in household.current_links]  # type: ignore[attr-defined]
