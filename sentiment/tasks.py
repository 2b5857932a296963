"""The morning: villages are reminded of the month's 民情分析会; duties judged anew."""

from celery import shared_task
from django.utils import timezone

from jobs import services as jobs
from jobs.models import Job
from sentiment import duties, reminding
from visits.tasks import ask

KIND = "sentiment.remind"


@jobs.handles(KIND)
def morning_of_township(job: Job) -> str:
    """Judge a township's meetings anew, as mandates run out, and send its reminders."""
    if job.business_date != timezone.localdate():
        return "当天没有办成，已由后面一天的提醒代替。"
    changed = duties.recompute()
    sent = reminding.remind(job.business_date)
    return f"会议任务变化 {changed} 个，发出 {sent} 条提醒。"


@shared_task
def ask_for_reminders() -> int:
    """Ask for today's work, one job per township; asking twice asks once."""
    return len(ask(timezone.localdate(), KIND, "会议提醒"))
