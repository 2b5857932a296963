"""The page on which a rating's notice is written: days, whom to tell, the ready words."""

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts.middleware import PostRequest
from accounts.places import sent
from evaluations.announcing import notice_days
from evaluations.models import RatingRound, VillageRating
from notices.forms import TermsForm, contact_before
from notices.models import PublicNotice
from notices.rules import Content, Kind
from notices.services import Terms


def written(
    request: PostRequest,
    row: RatingRound | VillageRating,
    content: Content,
    draft: Callable[[Terms], PublicNotice],
) -> HttpResponse:
    """Ask for the terms of a notice and let `draft` write it; it is published on its own page."""
    least, basis = notice_days(row.scheme)
    contact = contact_before(row.region_id, Kind.RATING, row.notice)
    form = TermsForm(sent(request), least=least, basis=basis, initial=contact)
    if made := form.made(draft):
        return redirect(made)
    context = {
        "form": form,
        "row": row,
        "content": content,
        "least": least,
        "basis": basis,
    }
    status = 422 if form.errors else 200
    return render(request, "evaluations/rating_notice.html", context, status=status)
