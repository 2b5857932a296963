"""The list of accounts: the people who hold posts in one's range."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.access import requires
from accounts.forms.managing import AccountFilter
from accounts.listing import listed, matching, own_range
from accounts.middleware import PostRequest
from accounts.models import User
from accounts.permissions import Permission

PER_PAGE = 50


@requires(Permission.ACCOUNT_VIEW)
def account_list(request: PostRequest) -> HttpResponse:
    """List the people who hold posts in one's range."""
    now, within = timezone.now(), own_range()
    filters = AccountFilter(request.GET)
    wanted = filters.cleaned_data if filters.is_valid() else {}
    found = User.objects.none() if filters.errors else matching(wanted, within)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "filters": filters,
        "filtered": any(wanted.values()),
        "page": page,
        "rows": listed(list(page.object_list), within, now),
        "locked": matching({"status": "locked"}, within).count(),
        "may_open": bool(request.post and request.post.may(Permission.ACCOUNT_MANAGE)),
    }
    return render(request, "accounts/list.html", context)
