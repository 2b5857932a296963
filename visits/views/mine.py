"""我的: a representative's own month, what waits in the phone, letters, help."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.permissions import Permission
from accounts.places import acting
from visits.rounds import month_of, round_of
from visits.views.phone import phone_page


@requires(Permission.VISIT_RECORD)
@require_safe
def mine(request: PostRequest) -> HttpResponse:
    """Show a representative his own month; nobody is compared with anybody.

    Others who may record have the account's own page.
    """
    post = acting(request)
    if post.role != "representative":
        return redirect("accounts:me")
    today, own = timezone.localdate(), post.narrowed_to
    context = {
        "round": round_of(own, today) if own else None,
        "month": month_of(own, today) if own else None,
        "today": today,
    }
    return phone_page(request, "visits/mine.html", context)
