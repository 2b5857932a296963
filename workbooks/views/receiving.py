"""The list of imports, a file coming in, and the templates."""

import tempfile
from pathlib import Path

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.permissions import Permission
from accounts.places import acting
from workbooks import services
from workbooks.forms import UploadForm, ledgers_for
from workbooks.importing import LEDGERS
from workbooks.models import Upload
from workbooks.views.standing import listed
from workbooks.views.uploads import sent
from workbooks.writing import write_template

PER_PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@requires(Permission.WORKBOOK_IMPORT)
@require_safe
def upload_list(request: PostRequest) -> HttpResponse:
    """List the imports of one's range, the latest first."""
    post = acting(request)
    ledgers = ledgers_for(post)
    found = Upload.objects.filter(kind__in=[ledger.kind for ledger in ledgers])
    related = found.select_related("user", "job", "region").defer("facts", "mapping")
    ordered = related.order_by("-uploaded_at", "-pk")
    page = Paginator(ordered, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [listed(upload) for upload in page],
        "ledgers": ledgers,
        "one_place": post.kind.level == "village",
    }
    return render(request, "workbooks/list.html", context)


@requires(Permission.WORKBOOK_IMPORT)
def upload_new(request: PostRequest) -> HttpResponse:
    """Take a file in; its check begins at once."""
    post = acting(request)
    ledgers = ledgers_for(post)
    form = UploadForm(
        *sent(request),
        ledgers=ledgers,
        initial={"kind": request.GET.get("kind", "")},
    )
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        upload = services.receive(
            kind=form.cleaned_data["kind"],
            name=file.name,
            chunks=file.chunks(),
            by=post,
            on=timezone.localdate(),
        )
        return redirect(upload)
    status = 422 if form.is_bound else 200
    context = {"form": form, "ledgers": ledgers}
    return render(request, "workbooks/new.html", context, status=status)


@requires(Permission.WORKBOOK_IMPORT)
@require_safe
def template(request: PostRequest, kind: str) -> HttpResponse:
    """Hand out the empty form of a roll."""
    ledger = LEDGERS.get(kind)
    if ledger is None or not acting(request).may(ledger.permission):
        raise Http404
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.xlsx"
        write_template(path, ledger.declaration)
        content = path.read_bytes()
    return workbook_response(content, f"{ledger.declaration.title}（导入模板）.xlsx")


def workbook_response(content: bytes, name: str) -> HttpResponse:
    """Answer with a workbook to be saved under `name`."""
    response = HttpResponse(content, content_type=XLSX)
    disposition = content_disposition_header(as_attachment=True, filename=name)
    response.headers["Content-Disposition"] = disposition or "attachment"
    return response
