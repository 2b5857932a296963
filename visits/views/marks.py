"""五必访、五必记: the city's two lists, offered with each visit once there is one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.once import once
from accounts.permissions import Permission
from accounts.places import sent
from accounts.services import Refused
from visits import services
from visits.forms.marks import MarkForm
from visits.models import Mark


@requires(Permission.CATEGORY_MANAGE)
@require_safe
def mark_list(request: PostRequest) -> HttpResponse:
    """Show both lists, what is on and what is off."""
    marks = Mark.objects.order_by("-kind", "order", "pk")
    return render(request, "visits/marks.html", {"marks": marks})


@requires(Permission.CATEGORY_MANAGE)
@once
def mark_new(request: PostRequest) -> HttpResponse:
    """Add an item."""
    return edit(request, Mark(order=Mark.objects.count() + 1, is_on=True))


@requires(Permission.CATEGORY_MANAGE)
def mark_edit(request: PostRequest, pk: int) -> HttpResponse:
    """Change an item's words, place or state; visits keep the words they were given."""
    return edit(request, get_object_or_404(Mark, pk=pk))


def edit(request: PostRequest, mark: Mark) -> HttpResponse:
    """Show the form of an item, and save it."""
    form = MarkForm(sent(request), mark=mark)
    if request.method == "POST" and form.is_valid():
        try:
            services.keep_mark(mark=mark, **form.cleaned_data)
        except Refused as refused:
            form.add_error("name", str(refused))
        else:
            messages.success(request, f"“{mark.name}”已保存。")
            return redirect("visits:marks")
    status = 422 if form.errors else 200
    return render(request, "visits/mark_edit.html", {"form": form}, status=status)
