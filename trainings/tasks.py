"""The morning: trainings of tomorrow, and those nobody has signed in."""

import datetime as dt

from celery import shared_task
from django.utils import timezone

from jobs import services as jobs
from trainings import reminding
from trainings.tallying import SERVICE

KIND, CITYS = "trainings.remind", "trainings.remind_city"


@jobs.each_morning(KIND)
def remind_township(on: dt.date) -> str:
    """Sum up the counts of a township's mandates (ADR 0019); send its reminders."""
    SERVICE.sum_up()
    return jobs.reminded(reminding.remind(on))


@jobs.each_morning(CITYS)
def remind_city(on: dt.date) -> str:
    """Send the reminders of the city's own trainings."""
    return jobs.reminded(reminding.remind_city(on))


@shared_task
def ask_for_reminders() -> int:
    """Ask for today's reminders, a job for each township and the city; twice asks once."""
    on = timezone.localdate()
    asked = jobs.ask_townships(kind=KIND, title="培训提醒", on=on)
    asked += jobs.ask_city(kind=CITYS, title="培训提醒", on=on)
    return len(asked)
