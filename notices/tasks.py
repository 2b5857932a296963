"""The night: notices whose time is over are ended."""

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from jobs import services as jobs
from jobs.models import Job
from notices import services
from regions.models import Region
from regions.scoping import EVERYWHERE_HI, Scope, scope

KIND = "notices.end_due"


@jobs.handles(KIND)
@transaction.atomic
def end_township(job: Job) -> str:
    """End the notices of a township that are over on the job's business date."""
    return f"结束 {services.end_due(job.business_date)} 份公示。"


@shared_task
def ask_to_end() -> int:
    """Ask once a day, one job for each township; asking twice asks once."""
    on = timezone.localdate()
    with scope(Scope(0, EVERYWHERE_HI, why=KIND)), transaction.atomic():
        return len(
            [
                jobs.ask(
                    kind=KIND,
                    title=f"{township.name}：{on} 公示到期",
                    region=township.code,
                    on=on,
                    unique_key=f"{KIND}:{on}",
                )
                for township in Region.objects.current().townships().order_by("code")
            ]
        )
