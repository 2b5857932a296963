"""The morning: vacancies near their limit, by-elections whose turn it is."""

from celery import shared_task
from django.utils import timezone

from jobs import services as jobs
from jobs.models import Job
from representatives import reminding

KIND = "representatives.remind"


@jobs.handles(KIND)
def remind_township(job: Job) -> str:
    """Send a township's reminders of the day; a day that is over reminds nobody."""
    if job.business_date != timezone.localdate():
        return jobs.TOO_LATE
    return f"发出 {reminding.remind(job.business_date)} 条提醒。"


@shared_task
def ask_for_reminders() -> int:
    """Ask for today's reminders, one job per township; asking twice asks once."""
    asked = jobs.ask_townships(
        kind=KIND, title="出缺和补选提醒", on=timezone.localdate()
    )
    return len(asked)
