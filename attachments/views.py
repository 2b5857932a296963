"""Serving a file, always by way of its owner.

There is no address for attachments alone: the owner's view fetches its row in scope,
asks for its own permission, and answers with this.
"""

import re
from collections.abc import Callable, Iterable

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from attachments.models import Attachment, KindChoice
from ui.parts import Attached

# Whoever opens the file by itself gets a page that can do nothing at all.
POLICY = "default-src 'none'; img-src 'self'; media-src 'self'; sandbox"
RANGE = re.compile(r"bytes=(\d{1,9})-(\d{0,9})$")
DOWNLOADED = {"application/pdf"}


def answer(
    request: HttpRequest, attachment: Attachment, *, preview: bool = False
) -> HttpResponse:
    """Return the file, or the part of it that a player asks for.

    Raises Http404 for one that was withdrawn. `preview` is the small picture.
    """
    if attachment.withdrawn_at:
        raise Http404
    if preview and (small := attachment.read_preview()):
        response = HttpResponse(small)
    else:
        response = _part(attachment, request.headers.get("Range", ""))
    # The middleware that compresses asks the request: a range counts bytes as stored.
    request.META.pop("HTTP_ACCEPT_ENCODING", None)
    return _safely(response, attachment)


def shown(
    attachments: Iterable[Attachment],
    address: Callable[[Attachment], str],
    remove: Callable[[Attachment], str] | None = None,
) -> tuple[Attached, ...]:
    """Return attachments as `{% attached %}` draws them.

    `address` is the owner's address of the file, `remove` the one that takes it back.
    """
    return tuple(
        Attached(
            kind=one.kind,
            name=one.name,
            label=KindChoice(one.kind).label,
            url=address(one),
            preview_url=f"{address(one)}?preview" if one.mime == "image/jpeg" else "",
            seconds=one.seconds,
            size=one.size,
            remove_url=remove(one) if remove else "",
        )
        for one in attachments
    )


def _part(attachment: Attachment, asked: str) -> HttpResponse:
    found = RANGE.match(asked)
    if not found:
        return HttpResponse(attachment.read())
    start, end = int(found[1]), int(found[2] or attachment.size)
    end = min(end, attachment.size - 1)
    if start > end:
        response = HttpResponse(status=416)
        response.headers["Content-Range"] = f"bytes */{attachment.size}"
        return response
    response = HttpResponse(attachment.read(start, end - start + 1), status=206)
    response.headers["Content-Range"] = f"bytes {start}-{end}/{attachment.size}"
    return response


def _safely(response: HttpResponse, attachment: Attachment) -> HttpResponse:
    as_attachment = attachment.mime in DOWNLOADED
    disposition = content_disposition_header(as_attachment, attachment.name)
    told = {
        "Content-Type": attachment.mime,
        "Content-Disposition": disposition or "inline",
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, no-store",
        "Accept-Ranges": "bytes",
    }
    for header, value in told.items():
        response.headers[header] = value
    return response
