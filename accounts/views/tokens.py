"""接口令牌: which programs may read, until when, and when they last did."""

from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts import services
from accounts.access import requires
from accounts.forms.tokens import TokenForm
from accounts.listing import own_range
from accounts.middleware import PostRequest
from accounts.models import Post, Token
from accounts.once import once, shown_once
from accounts.permissions import Permission
from accounts.places import acting
from accounts.services import Refused

SHOWN = 100
"""Those in use, then the latest that were ended; older ones are in the log."""


@requires(Permission.TOKEN_MANAGE)
@once
def tokens(request: PostRequest) -> HttpResponse:
    """List the tokens of one's range; make one, whose secret is shown once."""
    by, today = acting(request), timezone.localdate()
    form = TokenForm(request.POST or None, by=by, today=today)
    if request.method == "POST" and form.is_valid():
        try:
            token, secret = services.tokens.issue(by=by, on=today, **form.cleaned_data)
            context = {"token": token, "secret": secret}
            page = render(request, "accounts/token-made.html", context)
            return shown_once(page, leads=reverse("accounts:tokens"))
        except Refused as refused:
            form.add_error(None, str(refused))
    posts = Post.objects.within(own_range())
    rows = Token.objects.filter(post__in=posts)
    rows = rows.select_related("user", "post", "place__parent").order_by(
        F("ended_at").desc(nulls_first=True), "-expires_on", "-pk"
    )
    context = {"form": form, "tokens": rows[:SHOWN], "today": today}
    status = 422 if form.is_bound else 200
    return render(request, "accounts/tokens.html", context, status=status)


@requires(Permission.TOKEN_MANAGE)
@require_POST
def token_end(request: PostRequest, pk: int) -> HttpResponse:
    """End a token of one's range; anybody else's is not there."""
    posts = Post.objects.within(own_range())
    token = get_object_or_404(Token.objects.filter(post__in=posts), pk=pk)
    services.tokens.end(token=token, by=acting(request), at=timezone.now())
    return redirect("accounts:tokens")
