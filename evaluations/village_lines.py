"""The lines of a village's rating, each with what it rests on.

A computed line leads to the list that it was counted from; a line that the township
marked by hand says why, who marked it, and leads to the file that shows it.
"""

import datetime as dt
from collections.abc import Mapping

from django.urls import reverse

from evaluations.counting import counts_of, evidence_url
from evaluations.models import ManualPoints, VillageRating
from evaluations.rules import villages as rules
from evaluations.rules.schemes import Edition
from evaluations.rules.villages import Line

Kept = dict[str, str]
"""One line as it is shown, and as it is frozen: words, most, points, counted, url (of the
list), said, by, file (address of the evidence)."""


def counted(
    rating: VillageRating, edition: Edition, on: dt.date
) -> tuple[tuple[Line, ...], list[Kept]]:
    """Return the lines of a rating that is scored, counted now, and how they are shown."""
    marks = {one.item_id: one for one in rating.manual.select_related("given_by")}
    given = {item: one.points for item, one in marks.items()}
    lines = rules.lines(edition, counts_of(rating.region, rating.year, on), given)
    return lines, [_kept(line, rating, marks) for line in lines]


def _kept(line: Line, rating: VillageRating, marks: Mapping[int, ManualPoints]) -> Kept:
    item = line.item
    found = {
        "words": item.words,
        "most": str(item.most),
        "points": str(line.points),
        "counted": line.count.words if line.count else "",
        "url": evidence_url(item.measure, rating.region),
    }
    if mark := marks.get(item.key):
        found |= {"said": mark.words, "by": mark.given_by.name}
        if mark.evidence_id:
            found["file"] = file_url(rating, item.key)
    return found


def file_url(rating: VillageRating, item: int) -> str:
    """Return the address of the file behind points that were given by hand."""
    return reverse("evaluations:village-rating-evidence", args=[rating.pk, item])
