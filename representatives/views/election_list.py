"""The list of by-elections: what has to be done first, and whose turn it is."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.middleware import PostRequest
from accounts.models import Post
from accounts.permissions import Permission
from accounts.places import acting
from regions.forms import PlaceField
from regions.models import Level, Region
from representatives.by_elections import idle_vacancies, is_mine, limit_days, listed
from representatives.models import ByElection
from representatives.rules.by_elections import Stage, actor_of
from ui.parts import Segment

PER_PAGE = 50
SEGMENTS = (
    ("", "要办的"),
    ("mine", "轮到我的"),
    ("late", "超过期限的"),
    (Stage.DONE, "已备案"),
    (Stage.VOID, "已作废"),
    ("all", "全部"),
)


@dataclass(frozen=True)
class Line:
    """A by-election on the list: where it stands, and whether it is one's own turn."""

    row: ByElection
    stage: Stage
    mine: bool
    days: int
    """Days since the oldest of its vacancies."""

    @property
    def actor(self) -> str:
        """Who acts next."""
        return actor_of(self.stage).label


@requires(Permission.REPRESENTATIVE_VIEW)
@require_safe
def by_election_list(request: PostRequest) -> HttpResponse:
    """List what has to be done: late vacancies nobody has taken up, then the running ones."""
    post, today = acting(request), timezone.localdate()
    asked = request.GET.get("state", "")
    filters = PlaceFilter(request.GET)
    place = filters.cleaned_data["place"] if filters.is_valid() else None
    page = Paginator(in_segment(asked, today, post, place), PER_PAGE).get_page(
        request.GET.get("page")
    )
    lines = [line_of(row, post, today) for row in page]
    lines.sort(key=lambda line: (not line.mine, not line.stage.is_open))
    waiting = idle_vacancies(today, place) if asked in ("", "late") else []
    narrow = {"place": place.full_name} if place else {}
    context = {
        "page": page,
        "lines": lines,
        "asked": asked,
        "place": place,
        "waiting": [w for w in waiting if w.is_late] if asked == "late" else waiting,
        "limit": limit_days(today),
        "segments": [
            Segment(word, f"?{urlencode({'state': state} | narrow)}", state == asked)
            for state, word in SEGMENTS
        ],
        "one_village": post.region.level == Level.VILLAGE,
        "may_keep": post.may(Permission.BY_ELECTION_KEEP),
        "may_export": post.may(Permission.ROLL_EXPORT),
    }
    return render(request, "representatives/by_elections.html", context)


class PlaceFilter(forms.Form):
    """The place that a number of a dashboard was about."""

    place = PlaceField(required=False)


def in_segment(asked: str, on: dt.date, post: Post, place: Region | None) -> Any:
    """Return the by-elections of a segment, the ones that began first in front."""
    rows = listed(on, place)
    if asked in (Stage.DONE, Stage.VOID):
        return rows.filter(stage=asked).order_by("-filed_on", "-cancelled_on", "-pk")
    if asked == "all":
        return rows.order_by("-started_on", "-pk")
    if asked == "late":
        return rows.none()
    if asked == "mine":
        mine = [stage for stage in Stage if is_mine(stage, post)]
        return rows.filter(today_stage__in=mine).order_by("started_on", "pk")
    return rows.exclude(stage__in=(Stage.DONE, Stage.VOID)).order_by("started_on", "pk")


def line_of(row: ByElection, post: Post, on: dt.date) -> Line:
    """Return a by-election as a line of the list."""
    stage = Stage(row.today_stage)  # type: ignore[attr-defined]
    since = min((v.since for v in row.vacancies.all()), default=row.started_on)
    return Line(row, stage, is_mine(stage, post), max(0, (on - since).days))
