"""What a place without rolls does first: two workbooks in, then everybody looked after."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.urls import reverse

from accounts.permissions import Permission
from regions.models import Level
from reports.figures.domain import View
from reports.figures.seats import SEATS, Seats
from reports.figures.standings import Sums
from reports.figures.visiting import Visiting


@dataclass(frozen=True)
class FirstStep:
    """One step: what, why, whether it is done, and the one click for each part of it."""

    title: str
    words: str
    is_done: bool
    template: str = ""
    """Address of the empty form to download."""
    action: str = ""
    url: str = ""


def first_steps(views: Mapping[str, View]) -> tuple[FirstStep, ...]:
    """Return the steps of a place that has no rolls yet, from the figures of its page.

    None for the city, for whoever may not import there, and once both rolls are in.
    """
    view = views[Visiting.key]
    seats, households = views[Seats.key].counts[SEATS], Sums(view.counts).households
    if (seats and households) or not _imports_here(view):
        return ()
    return tuple(_steps(view, has_people=bool(seats), has_homes=bool(households)))


def _imports_here(view: View) -> bool:
    place = view.asked.place
    is_own = view.post is not None and view.post.region_id == place.code
    return is_own and place.level != Level.CITY and view.may(Permission.WORKBOOK_IMPORT)


def _steps(view: View, *, has_people: bool, has_homes: bool) -> Iterable[FirstStep]:
    yield _roll(
        "representatives",
        "导入代表花名册",
        "先有代表，户才有人联系。手里有 Excel 花名册的直接上传，没有的下载模板来填。",
        is_done=has_people,
    )
    yield _roll(
        "households",
        "导入联系户花名册",
        "每户一行，写上联系代表的姓名。每一行都先检查、再由您确认，不会直接改动名册。",
        is_done=has_homes,
    )
    yield FirstStep(
        "给没有人联系的户分配代表",
        "名册导入以后，系统按小组和户数给出建议，您看过再定。",
        is_done=False,
        action="去分配" if has_people and has_homes else "",
        url=reverse("households:links-home"),
    )


def _roll(kind: str, title: str, words: str, *, is_done: bool) -> FirstStep:
    return FirstStep(
        title,
        words,
        is_done,
        template=reverse("workbooks:template", args=[kind]),
        action="导入",
        url=f"{reverse('workbooks:new')}?kind={kind}",
    )
