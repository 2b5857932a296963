"""The morning: vacancies near their limit, by-elections whose turn it is."""

import datetime as dt

from celery import shared_task
from django.utils import timezone

from jobs import services as jobs
from representatives import reminding
from representatives.tallying import SEATS

KIND = "representatives.remind"


@jobs.each_morning(KIND)
def remind_township(on: dt.date) -> str:
    """Sum up the counts of a township's seats (ADR 0019); send its reminders."""
    SEATS.sum_up()
    return jobs.reminded(reminding.remind(on))


@shared_task
def ask_for_reminders() -> int:
    """Ask for today's reminders, one job per township; asking twice asks once."""
    asked = jobs.ask_townships(
        kind=KIND, title="出缺和补选提醒", on=timezone.localdate()
    )
    return len(asked)
