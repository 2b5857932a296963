"""The morning: trainings of tomorrow, and those nobody has signed in."""

import datetime as dt

from celery import shared_task
from django.utils import timezone

from jobs import services as jobs
from trainings import reminding
from trainings.tallying import SERVICE

KIND = "trainings.remind"


@jobs.each_morning(KIND)
def remind_township(on: dt.date) -> str:
    """Sum up the counts of a township's mandates (ADR 0019); send its reminders."""
    SERVICE.sum_up()
    return jobs.reminded(reminding.remind(on))


@shared_task
def ask_for_reminders() -> int:
    """Ask for today's reminders, one job per township; asking twice asks once."""
    asked = jobs.ask_townships(kind=KIND, title="培训提醒", on=timezone.localdate())
    return len(asked)
