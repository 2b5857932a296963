"""催办: choose villages or households, read what they will be told, send."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.permissions import Permission
from accounts.places import acting
from accounts.services import Refused
from ui.asked import asked_ids
from visits.forms.urging import UrgeForm
from visits.services import urging


@requires(Permission.MESSAGE_SEND)
@require_safe
def urge_list(request: PostRequest) -> HttpResponse:
    """List the villages of my range with overdue households, to tick."""
    asked = urging.asks(timezone.localdate(), every=True)
    return render(request, "visits/urge_list.html", {"asked": asked})


@requires(Permission.MESSAGE_SEND)
@require_POST
def urge(request: PostRequest) -> HttpResponse:
    """Show what the ticked villages, or those of ticked households, will be told.

    The same address sends once `send` is pressed.
    """
    today = timezone.localdate()
    homes = numbers(request.POST.getlist("ids"))
    villages = numbers(request.POST.getlist("villages"))
    asked = urging.asks(today, households=homes, villages=villages)
    if not asked:
        messages.error(request, "没有选中超期的村或户，请勾选以后再点催办。")
        return redirect("visits:urge-list")
    is_sent = "send" in request.POST
    form = UrgeForm(request.POST if "text" in request.POST else None)
    if is_sent and form.is_valid():
        try:
            told = urging.urge(
                asked=asked,
                template=form.cleaned_data["text"],
                by=acting(request),
                on=today,
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"已催办 {told} 个村（社区）。谁看过，列在下面。")
            return redirect("inbox:sent")
    template = form.data.get("text") or urging.TEMPLATE
    context = {
        "form": form,
        "asked": [(one, one.text(template)) for one in asked],
        "households": homes,
        "villages": villages,
    }
    status = 422 if form.errors else 200
    return render(request, "visits/urge.html", context, status=status)


def numbers(given: Iterable[str]) -> list[int]:
    """Return the ids that a form sent; what is no number is left out."""
    return asked_ids(given)[: urging.MOST_CHOSEN]
