"""Answers with a paper: the page that prints, and the same as a .docx to edit."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header

from papers.blocks import Paper
from papers.docx import printable, to_docx

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def answer(request: HttpRequest, paper: Paper, *, back: str) -> HttpResponse:
    """Return the paper as asked: `?format=docx` a file, otherwise the page to print.

    `back` is the address of the page it came from. The caller has asked for the
    permission and fetched in scope; nothing is read here.
    """
    if request.GET.get("format") == "docx":
        return as_file(paper)
    return render(request, "papers/paper.html", {"paper": paper, "back": back})


def as_file(paper: Paper) -> HttpResponse:
    """Return the paper as a .docx named after its title."""
    name = "".join(c for c in printable(paper.title) if c not in '\n\t/\\:*?"<>|')
    disposition = content_disposition_header(
        as_attachment=True, filename=f"{name[:60]}.docx"
    )
    return HttpResponse(
        to_docx(paper),
        content_type=DOCX,
        headers={"Content-Disposition": disposition or "attachment"},
    )
