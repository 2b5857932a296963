"""The night (due dates verified, overdue flagged) and the morning (reminders)."""

import datetime as dt

from celery import shared_task
from django.utils import timezone

from jobs import services as jobs
from jobs.models import Job
from visits.services import drift, flags, planning, reminding

KIND = "visits.flag_overdue"
REMIND = "visits.remind"
FLAGGING = "核对走访期限，标记超期"


@jobs.handles(KIND)
def night_of_township(job: Job) -> str:
    """Verify a township's stored dates as of now, then flag as of the business date."""
    found = drift.verify_township(job.region_id)
    counts = flags.flag_overdue(job.business_date)
    return (
        f"{found.words}超期 {counts['overdue']} 户，新标记 {counts['flagged']} 个周期。"
    )


@jobs.handles(planning.RECOMPUTE)
def recompute_township(job: Job) -> str:
    """Judge a township anew because settings came or went."""
    return f"{drift.recompute():,} 户的走访期限有变化。"


jobs.handles(planning.PREVIEW)(planning.preview)


@jobs.each_morning(REMIND)
def remind_township(on: dt.date) -> str:
    """Send a township's reminders of the day."""
    return jobs.reminded(reminding.remind(on))


@shared_task
def ask_for_reminders() -> int:
    """Ask for today's reminders, one job per township; asking twice asks once."""
    return len(ask(timezone.localdate(), REMIND, "走访提醒"))


@shared_task
def ask_for_flags() -> int:
    """Ask for tonight's work, one job per township; asking twice asks once.

    A job that could not run is still in the outbox; a night when nothing asked is
    caught up by the next, because flags cover every period missed until then, and
    verifying knows no date but the present.
    """
    return len(ask(timezone.localdate()))


def ask(on: dt.date, kind: str = KIND, title: str = FLAGGING) -> list[Job]:
    """Write the jobs of the day `on` for every township."""
    return jobs.ask_townships(kind=kind, title=title, on=on)
