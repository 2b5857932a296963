"""The morning: whoever has to take a step in ratings, appraisals or payments is told.

One job for the three apps, asked for here because this one stands above the others.
"""

from celery import shared_task
from django.utils import timezone

from appraisals import telling as appraisals
from evaluations import telling as evaluations
from funding import telling as funding
from jobs import services as jobs
from jobs.models import Job
from visits.tasks import ask

KIND = "funding.remind"


@jobs.handles(KIND)
def morning_of_township(job: Job) -> str:
    """Send a township's messages of the day; a day that is over tells nobody."""
    on = job.business_date
    if on != timezone.localdate():
        return "当天没有办成，已由后面一天的提醒代替。"
    sent = sum(app.remind(on) for app in (evaluations, appraisals, funding))
    return f"发出 {sent} 条提醒。"


@shared_task
def ask_for_reminders() -> int:
    """Ask for today's messages, one job per township; asking twice asks once."""
    return len(ask(timezone.localdate(), KIND, "评定、评议和补贴提醒"))
