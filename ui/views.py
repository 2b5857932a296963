"""The component gallery: only in demo mode, only sample data, so open to anyone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ui.charts import Column, Columns, Pace, Series
from ui.gallery import samples
from ui.gallery.forms import (
    SampleFiles,
    SampleFilters,
    SampleForm,
    SampleSignIn,
    SampleVisit,
)
from ui.parts import Delta, Job
from ui.shell import Crumb, TextSize

PAGES = {slug for _, pages in samples.PAGES for slug, _, _ in pages}
SIZES: tuple[TextSize, ...] = ("m", "l", "xl")


def demo_only() -> None:
    """Raise Http404 outside demo mode, as if the gallery did not exist."""
    if not getattr(settings, "DEMO", False):
        raise Http404


@login_not_required
def gallery(request: HttpRequest, page: str = "figures") -> HttpResponse:
    """One page of the gallery; `?size=xl` shows it in another 字号."""
    demo_only()
    if page not in PAGES:
        raise Http404

    asked = request.GET.get("size")
    size: TextSize = next((one for one in SIZES if one == asked), "m")
    context = CONTEXTS.get(page, _nothing)(request)
    context |= {"shell": samples.sample_shell(page, size)}
    status = 422 if request.method == "POST" else 200

    return render(request, f"ui/{page}.html", context, status=status)


@login_not_required
@require_safe
def job(request: HttpRequest) -> HttpResponse:
    """A job that runs through in 20 seconds, again and again."""
    demo_only()
    done = datetime.now(tz=samples.NOW.tzinfo).second % 20 * 60
    running = Job("导入联系户花名册", "running", done, 1204, poll_url=request.path)
    return render(request, "components/job.html", {"job": running})


@login_not_required
@require_safe
def picker(request: HttpRequest) -> HttpResponse:
    """Places behind the last crumb, filtered by `q`."""
    demo_only()
    query = request.GET.get("q", "").strip()
    names = ["魏家桥镇 长冲口村", "魏家桥镇 石羊村", "廉桥镇 东塘村", "界岭镇 黄草坪村"]
    places = [Crumb(name, None if i == 0 else "?") for i, name in enumerate(names)]
    found = [place for place in places if query in place.label]
    context = {"picker_url": request.path, "query": query, "places": found, "more": 576}
    return render(request, "components/picker.html", context)


@login_not_required
@require_safe
def trouble(request: HttpRequest, status: int) -> HttpResponse:
    """Answer with an error, to see how the page tells it (and the error pages)."""
    demo_only()
    if status not in {400, 403, 404, 409, 413, 500, 503}:
        raise Http404
    return render(
        request, f"{status}.html", {"reference": "20261123-7F3A"}, status=status
    )


def _nothing(request: HttpRequest) -> dict[str, Any]:
    return {}


def _tables(request: HttpRequest) -> dict[str, Any]:
    filters = SampleFilters(request.GET)
    filters.is_valid()
    held = samples.tables()
    page = held["paginator"].get_page(request.GET.get("page"))
    none: list[object] = []
    nothing = Paginator(none, 50).get_page(1)
    return {"filters": filters, "page": page, "nothing": nothing}


def _forms(request: HttpRequest) -> dict[str, Any]:
    wrong = SampleForm(
        {
            "conclusion": "这一句比二十个字还要长，所以不能保存，要改短一点才行。",
            "group": "9",
        }
    )
    if request.method == "POST":
        wrong = SampleForm(request.POST, request.FILES)
    wrong.is_valid()
    filled = SampleForm(
        initial={"name": "刘桂英", "decision": "town", "way": "door", "kinds": ["low"]},
        prefix="f",
    )
    filled.fields["phone"].widget.attrs["readonly"] = True
    filled.initial["phone"] = "138****5678"
    filled.fields["group"].disabled = True
    return {"wrong": wrong, "filled": filled}


def _charts(request: HttpRequest) -> dict[str, Any]:
    empty = Columns("还没有数据的图", (Series("件数", "s-pale"),), ())
    many = tuple(Column(f"{i + 1}日", (i * 37 % 19,)) for i in range(30))
    return {
        "pace": samples.sample_pace(),
        "pace_first": Pace("月初第一天", (4.0,), 30),
        "pace_empty": Pace("还没有数据", (), 30),
        "moods": samples.sample_moods(),
        "months": samples.sample_months(),
        "zeros": samples.sample_months((0, 0, 0, 0, 0, 0)),
        "gaps": samples.sample_months((9, None, 17, None, 8, 1_234_567)),
        "empty": empty,
        "days": Columns("每天件数", (Series("件数", "s-pale"),), many),
        "trend": (3, 5, 4, 8, 7, 12),
    }


def _basics(request: HttpRequest) -> dict[str, Any]:
    points = "个百分点"
    deltas = (
        Delta(0.6, points, decimals=1),
        Delta(-0.9, points, decimals=1),
        Delta(38, "户", "down"),
        Delta(-38, "户", "down"),
        Delta(4, "%", "none"),
        Delta(0, "户"),
        Delta(None),
    )
    icons = sorted({icon for _, pages in samples.PAGES for _, _, icon in pages})
    return {"deltas": deltas, "icons": icons, "now": samples.NOW, **samples.figures()}


CONTEXTS: dict[str, Callable[[HttpRequest], dict[str, Any]]] = {
    "figures": lambda request: samples.figures(),
    "tables": _tables,
    "forms": _forms,
    "process": lambda request: samples.process(),
    "charts": _charts,
    "basics": _basics,
    "words": lambda request: {"statuses": (403, 404, 409, 413, 500)},
    "attachments": lambda request: {
        "files": samples.attached(),
        "removable": samples.attached(removable=True),
        "form": SampleFiles(),
    },
    "phone-form": lambda request: {
        "form": SampleVisit({"matters": ["看病吃药"], "mood": "一般"})
    },
    "sheet": lambda request: {"now": samples.NOW, "lines": range(1, 13)},
    "official": lambda request: {"now": samples.NOW},
    "bare": lambda request: {"form": SampleSignIn()},
}
