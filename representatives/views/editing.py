"""The page on which a row of a roll is corrected, while others may be at it too."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts.editing import EditedMeanwhile
from accounts.middleware import PostRequest
from accounts.services import Refused
from representatives.forms.editing import EditForm
from representatives.timeline import last_change


def edit_page(
    request: PostRequest, form: EditForm, template: str, *, name: str, whose: str
) -> HttpResponse:
    """Show the form of a row, and keep what was changed.

    The template calls the row `name`; `whose` data was kept is said by a pattern over
    the form's fields. 409 shows what somebody else saved first.
    """
    row: Any = form.row
    if request.method == "POST" and form.is_valid():
        try:
            form.save()
        except EditedMeanwhile as other:
            context = {name: other.current, **clash(form, other)}
            return render(request, template, context, status=409)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            words = "的资料已保存。" if form.changes() else "的资料没有改动。"
            messages.success(request, whose.format(**form.cleaned_data) + words)
            return redirect(row)
    status = 422 if form.errors else 200
    return render(request, template, {"form": form, name: row}, status=status)


def clash(form: EditForm, other: EditedMeanwhile) -> dict[str, Any]:
    """Return what somebody else saved first, and the form as this person left it."""
    return {
        "form": form.rebased(other.current),
        "clashes": form.clashes(other.current),
        "by": last_change(other.current),
    }
