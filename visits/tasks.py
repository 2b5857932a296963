"""The night: each township's overdue flags, and the nights that were missed."""

import datetime as dt

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from jobs import services as jobs
from jobs.models import Job
from regions.models import Region
from regions.scoping import EVERYWHERE_HI, Scope, scope
from visits import services

KIND = "visits.flag_overdue"


@jobs.handles(KIND)
def flag_township(job: Job) -> str:
    """Flag a township as of the job's business date."""
    counts = services.flag_overdue(job.business_date)
    return f"超期 {counts['overdue']} 户，新标记 {counts['flagged']} 个周期。"


@shared_task
def ask_for_flags() -> int:
    """Ask for tonight's flags, one job per township; asking twice asks once.

    A job that could not run is still in the outbox; a night when nothing asked is
    caught up by the next, because flags cover every period missed until then.
    """
    return len(ask(timezone.localdate()))


def ask(on: dt.date) -> list[Job]:
    """Write the jobs of the night of `on` for every township."""
    with scope(Scope(0, EVERYWHERE_HI, why=KIND)), transaction.atomic():
        return [
            jobs.ask(
                kind=KIND,
                title=f"{township.name}：{on} 超期标记",
                region=township.code,
                on=on,
                unique_key=f"{KIND}:{on}",
            )
            for township in Region.objects.current().townships().order_by("code")
        ]
