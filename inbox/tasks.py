"""Asking each hour of the day for 站外提醒, where there is a channel."""

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from inbox.channels import channel
from inbox.services import nudge
from jobs import services as jobs
from jobs.models import Job
from regions.models import Level, Region
from regions.scoping import EVERYWHERE_HI, Scope, scope

KIND = "inbox.nudge"


@jobs.handles(KIND)
def nudge_place(job: Job) -> str:
    """Point people to the day's messages about a place; a day that is over is past."""
    now = timezone.now()
    if job.business_date != timezone.localdate(now):
        return "当天没有办成，不再补发。"
    with scope(_own(job.region)):
        told, failed = nudge(now)
    return f"站外提醒发出 {told} 条，没有发成 {failed} 条。"


@shared_task
def ask_for_nudges() -> int:
    """Ask for this hour's work, a job for each township and the city; twice asks once."""
    if channel() is None:
        return 0
    now = timezone.localtime()
    with scope(Scope(0, EVERYWHERE_HI, why=KIND)), transaction.atomic():
        asked = [
            jobs.ask(
                kind=KIND,
                title=f"{place.name}：站外提醒",
                region=place.code,
                on=now.date(),
                unique_key=f"{KIND}:{now:%Y-%m-%d %H}",
            )
            for place in Region.objects.current().exclude(level=Level.VILLAGE)
        ]
    return len(asked)


def _own(place: Region) -> Scope:
    """Return what a place's job sees: of the city its own rows, for townships have jobs."""
    hi = place.code + 1 if place.level == Level.CITY else place.scope.hi
    return Scope(place.code, hi, why=KIND)
