"""Asking each hour of the day for 站外提醒, where there is a channel."""

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from inbox.channels import channel
from inbox.services import nudge
from jobs import services as jobs
from jobs.models import Job
from regions.models import Region
from regions.scoping import EVERYWHERE_HI, Scope, scope

KIND = "inbox.nudge"


@jobs.handles(KIND)
def nudge_township(job: Job) -> str:
    """Point a township's people to the day's messages; a day that is over is past."""
    now = timezone.now()
    if job.business_date != timezone.localdate(now):
        return "当天没有办成，不再补发。"
    told, failed = nudge(now)
    return f"站外提醒发出 {told} 条，没有发成 {failed} 条。"


@shared_task
def ask_for_nudges() -> int:
    """Ask for this hour's work, one job per township; asking twice asks once."""
    if channel() is None:
        return 0
    now = timezone.localtime()
    with scope(Scope(0, EVERYWHERE_HI, why=KIND)), transaction.atomic():
        asked = [
            jobs.ask(
                kind=KIND,
                title=f"{township.name}：站外提醒",
                region=township.code,
                on=now.date(),
                unique_key=f"{KIND}:{now:%Y-%m-%d %H}",
            )
            for township in Region.objects.current().townships().order_by("code")
        ]
    return len(asked)
