"""整个乡镇的资料: asked for with a reason, made once somebody else agrees."""

import uuid

from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.permissions import Permission
from accounts.services import Refused
from reports.archive import asking
from reports.archive.forms import ArchiveForm
from reports.centre.deciders import second_for
from reports.centre.files import KEPT_DAYS
from representatives.places import acting, sent


@requires(Permission.TENANT_EXPORT)
def archive(request: PostRequest) -> HttpResponse:
    """Say what is in an archive, and take the request for one."""
    post = acting(request)
    form = ArchiveForm(sent(request), post=post, initial={"token": uuid.uuid4()})
    if request.method == "POST" and form.is_valid():
        token, reason = str(form.cleaned_data["token"]), form.cleaned_data["reason"]
        try:
            asked = asking.ask(form.place(), reason=reason, by=post, token=token)
            return redirect("reports:approval", pk=asked.pk)
        except Refused as refused:
            form.add_error(None, str(refused))
    second = second_for(post, Permission.TENANT_EXPORT)
    context = {"form": form, "post": post, "second": second, "days": KEPT_DAYS}
    status = 422 if form.is_bound else 200
    return render(request, "reports/archive.html", context, status=status)
