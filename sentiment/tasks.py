"""The morning's reminders of meetings, and early signs on the day they appear."""

import datetime as dt

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from jobs import services as jobs
from jobs.models import Job
from regions.scoping import EVERYWHERE_HI, Scope, scope
from sentiment import duties, early, reminding, signalling

KIND, SIGNS = "sentiment.remind", "sentiment.tell_signs"


@jobs.each_morning(KIND)
def morning_of_township(on: dt.date) -> str:
    """Judge a township's meetings anew, as mandates run out, and send its reminders."""
    changed, sent = duties.recompute(), reminding.remind(on)
    return f"会议任务变化 {changed} 个，{jobs.reminded(sent)}"


@jobs.handles(SIGNS)
def tell_signs(job: Job) -> str:
    """Tell villages and the township of the signs that have appeared since."""
    return f"发出 {signalling.tell(job.region, job.business_date)} 条苗头提醒。"


@shared_task
def ask_for_reminders() -> int:
    """Ask for today's work, one job per township; asking twice asks once."""
    asked = jobs.ask_townships(kind=KIND, title="会议提醒", on=timezone.localdate())
    return len(asked)


@shared_task
def ask_for_signs() -> int:
    """Ask for a look at each township where something was entered today, once an hour."""
    now = timezone.localtime()
    with scope(Scope(0, EVERYWHERE_HI, why=SIGNS)), transaction.atomic():
        among = early.townships_of(now.date())
    asked = jobs.ask_townships(
        kind=SIGNS, title="民情苗头", on=now.date(), key=f":{now:%H}", among=among
    )
    return len(asked)
