"""The morning: whoever has to take a step in ratings, appraisals or payments is told.

One job for the three apps, asked for here because this one stands above the others.
"""

import datetime as dt

from celery import shared_task
from django.utils import timezone

from appraisals import telling as appraisals
from evaluations import telling as evaluations
from funding import telling as funding
from jobs import services as jobs

KIND = "funding.remind"


@jobs.each_morning(KIND)
def morning_of_township(on: dt.date) -> str:
    """Send a township's messages of the day."""
    return jobs.reminded(
        sum(app.remind(on) for app in (evaluations, appraisals, funding))
    )


@shared_task
def ask_for_reminders() -> int:
    """Ask for today's messages, one job per township; asking twice asks once."""
    title = "评定、评议和补贴提醒"
    return len(jobs.ask_townships(kind=KIND, title=title, on=timezone.localdate()))
