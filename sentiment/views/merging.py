"""Several households saying the same: tick those that go along with one issue."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.permissions import Permission
from accounts.places import acting
from accounts.services import NotYours, Refused
from sentiment import listing, services
from sentiment.likeness import alike
from sentiment.models import Issue
from sentiment.views.issues import issue_or_404
from ui.asked import asked_id, asked_version


@requires(Permission.ISSUE_HANDLE)
def issue_merge(request: PostRequest, pk: int) -> HttpResponse:
    """Choose which issues of the village say the same as this one, the likeliest first."""
    row, by = issue_or_404(request, pk), acting(request)
    if request.method == "POST":
        picked = picked_of(request.POST.getlist("ids"))
        try:
            services.merge(
                issues=picked,
                into=row,
                version=asked_version(request.POST.get("version")),
                on=timezone.localdate(),
                by=by,
            )
        except NotYours as refused:
            raise PermissionDenied(str(refused)) from refused
        except Refused as refused:
            messages.error(request, str(refused))
            return choose(request, row, {issue.pk for issue, _ in picked}, 409)
        messages.success(request, f"已并入 {len(picked)} 件。各户的原话都还在。")
        return redirect(row)
    return choose(request, row, set())


def choose(
    request: PostRequest, row: Issue, picked: set[int], status: int = 200
) -> HttpResponse:
    """Draw the page; what is alike enough is ticked at first."""
    found = alike(row)
    lines = listing.lines(
        [one.pk for one in found], acting(request), timezone.localdate()
    )
    likeness = {one.pk: one for one in found}
    context = {
        "issue": row,
        "choices": [
            (
                line,
                likeness[line.issue.pk],
                line.issue.pk in picked
                or (not picked and likeness[line.issue.pk].is_suggested),
            )
            for line in lines
        ],
    }
    return render(request, "sentiment/issue_merge.html", context, status=status)


def picked_of(sent: list[str]) -> list[tuple[Issue, int]]:
    """Return the issues that were ticked, each with the version that was shown."""
    versions = {}
    for one in sent:
        pk, _, version = one.partition(":")
        if issue := asked_id(pk):
            versions[issue] = asked_version(version)
    found = Issue.objects.in_bulk(versions)
    return [(found[pk], version) for pk, version in versions.items() if pk in found]
