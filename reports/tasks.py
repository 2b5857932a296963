"""Reporting jobs of the night."""

import datetime as dt

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from jobs import services as jobs
from jobs.models import Job
from regions.models import Region
from regions.scoping import EVERYWHERE_HI, Scope, scope
from reports import closing, pace
from reports.archive import asking as _archives  # noqa: F401 - registers its job
from reports.centre import files, schedules
from reports.summary import keeping

CLOSING = "reports.close_periods"


@shared_task
def tidy_exports() -> int:
    """Remove exported files after a week."""
    return files.remove_expired()


@jobs.handles(CLOSING)
def close_township(job: Job) -> str:
    """Close a township's periods that are over by the job's business date.

    First their visits, then what the summary has besides; and how the periods that run
    stand until last night.
    """
    township = Region.objects.get(pk=job.region_id)
    closed = closing.close(township, job.business_date)
    keeping.keep(township, job.business_date)
    pace.keep(township, job.business_date)
    return f"关账 {closed} 个村（社区）周期。"


@shared_task
def ask_for_closing() -> int:
    """Ask for the closing of what is over, one job per township; asking twice asks once.

    Asked every night: one that failed, or was missed, is caught up by the next.
    """
    return len(ask(timezone.localdate()))


def ask(on: dt.date) -> list[Job]:
    """Write the closing jobs of the night of `on` for every township."""
    return jobs.ask_townships(kind=CLOSING, title="关账", on=on)


@shared_task
def ask_for_reports() -> int:
    """Ask for the scheduled reports that are due; those of missed days are caught up."""
    with scope(Scope(0, EVERYWHERE_HI, why="reports.schedules")), transaction.atomic():
        return len(schedules.ask_due(timezone.localdate()))
