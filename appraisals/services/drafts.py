"""The draft of a yearly appraisal: begun, brought up to date with the roll, taken back."""

import datetime as dt

from django.db import IntegrityError, transaction

from accounts.models import Post
from accounts.services import Refused
from appraisals.models import Appraisal, AppraisalPlan, AppraisalResult
from appraisals.rules.appraisals import roll_day
from appraisals.rules.steps import Stage
from appraisals.services.appraisals import locked, only_at, save_step
from regions.models import Level, Region
from representatives.models import Representative, RepresentativeQuerySet
from ui.words import full_day


@transaction.atomic
def begin(*, village: Region, year: int, on: dt.date, by: Post) -> Appraisal:
    """Begin a village's appraisal of a year, with everybody on its roll (`roll_day`).

    Raises Refused if there is one, the year is to come, or nobody served.
    """
    if village.level != Level.VILLAGE:
        raise Refused("履职评议以村（社区）为单位，请在村里发起。")
    if year > on.year:
        raise Refused(f"{year} 年还没有到，不能评议。")
    begun = f"{village.name} {year} 年的评议已经有了，请接着办。"
    if Appraisal.objects.filter(region=village, year=year).exists():
        raise Refused(begun)
    plan = AppraisalPlan.objects.of_year(year, on)
    if plan is None:
        raise Refused(f"市里还没有定 {year} 年可用的评议方案。请联系市民政局。")
    try:
        with transaction.atomic():
            row = Appraisal.objects.create(
                region=village,
                year=year,
                plan=plan,
                counts_until=roll_day(year, on),
                begun_by=by.user,
            )
    except IntegrityError as taken:
        raise Refused(begun) from taken
    if not _list_people(row, on):
        raise Refused(
            f"{full_day(roll_day(year, on))}本村没有在任代表，不能发起评议。请先登记代表。"
        )
    return row


@transaction.atomic
def relist(*, appraisal: Appraisal, version: int, on: dt.date) -> int:
    """Bring the list of a draft up to date with the roll; return how many are new."""
    now = locked(appraisal, version)
    only_at(now, Stage.DRAFT)
    now.results.exclude(representative__in=_on_the_roll(now, on)).delete()
    added = _list_people(now, on)
    save_step(now)
    return added


@transaction.atomic
def discard(*, appraisal: Appraisal, version: int) -> None:
    """Take back a draft that was begun by mistake, of another year for one.

    Raises Refused once the meeting is convened: then it is taken to its end.
    """
    now = locked(appraisal, version)
    only_at(now, Stage.DRAFT)
    now.results.all().delete()
    now.delete()


def _list_people(row: Appraisal, on: dt.date) -> int:
    people = _on_the_roll(row, on)
    new = people.exclude(appraisal_results__appraisal=row).distinct()
    made = AppraisalResult.objects.bulk_create(
        AppraisalResult(region_id=row.region_id, appraisal=row, representative=person)
        for person in new
    )
    return len(made)


def _on_the_roll(row: Appraisal, on: dt.date) -> RepresentativeQuerySet:
    people = Representative.objects.filter(region_id=row.region_id)
    return people.serving(roll_day(row.year, on))
