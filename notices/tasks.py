"""The night: notices whose time is over are ended."""

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from jobs import services as jobs
from jobs.models import Job
from notices import services

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
    return len(jobs.ask_townships(kind=KIND, title="公示到期", on=on))
