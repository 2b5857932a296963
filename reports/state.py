"""Whether the parts of the system that nobody sees are well, in plain words."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Max, Sum

from accounts.models import AuditSeal
from jobs.models import JobQuerySet, Pulse
from ui.parts import Tone
from visits.models import DutyCheck

SILENT = dt.timedelta(minutes=2)
SLOW = dt.timedelta(minutes=10)
LATE_CHECKS = 2  # days, likewise
LATE_SEALS = 2  # days: last night's seal may still be to come


@dataclass(frozen=True)
class Light:
    """One part: whether it is well, since when it is known, and what to do if not."""

    part: str
    tone: Tone
    words: str
    advice: str = ""
    at: dt.datetime | None = None


def worker_light(pulse: Pulse | None, now: dt.datetime) -> Light:
    """Return whether the worker gave a sign of life in the last two minutes."""
    part = "后台任务进程"
    if pulse is None:
        advice = "请检查后台任务进程（worker）和定时进程（beat）是否启动。"
        return Light(part, "bad", "从来没有心跳", advice)
    if now - pulse.at > SILENT:
        advice = "导入、导出会排队等候，网页照常能用。请检查后台任务进程和 Redis。"
        return Light(part, "bad", "心跳停了", advice, pulse.at)
    return Light(part, "ok", "正常", at=pulse.at)


def job_light(waiting: JobQuerySet, now: dt.datetime) -> Light:
    """Return whether jobs wait for long."""
    part = "排队的任务"
    count = waiting.count()
    late = waiting.filter(not_before__lt=now - SLOW).count()
    if late:
        advice = "多半是后台任务进程停了，恢复后会自动接着办。"
        return Light(part, "warn", f"{late} 个等了 10 分钟以上", advice)
    return Light(part, "ok", f"{count} 个在排队" if count else "没有积压")


def audit_light(seal: AuditSeal | None, today: dt.date) -> Light:
    """Return whether the audit log was sealed each night."""
    part = "操作日志封存"
    advice = "每天凌晨 2:10 自动封存前一天的日志；请检查后台任务进程。"
    if seal is None:
        return Light(part, "off", "还没有封存过", advice)
    words = f"已封存到 {seal.day}"
    late = (today - seal.day).days > LATE_SEALS
    return Light(part, "warn" if late else "ok", words, advice if late else "")


def duty_light(today: dt.date) -> Light:
    """Return whether the stored due dates were what the rule says, last night."""
    part = "走访期限核对"
    advice = "每天凌晨 1:30 自动核对、改正；请检查后台任务进程和定时进程。"
    last = DutyCheck.objects.aggregate(on=Max("on"), at=Max("checked_at"))
    if last["on"] is None:
        return Light(part, "off", "还没有核对过", advice)
    if (today - last["on"]).days > LATE_CHECKS:
        return Light(part, "warn", f"只核对到 {last['on']}", advice, last["at"])
    night = DutyCheck.objects.filter(on=last["on"])
    found = night.aggregate(households=Sum("households"), drifted=Sum("drifted"))
    if found["drifted"]:
        words = f"{found['drifted']:,} 户不一致，已改正"
        trouble = "走访期限不该自己走样，请把这一天告诉开发人员。"
        return Light(part, "warn", words, trouble, last["at"])
    return Light(part, "ok", f"{found['households']:,} 户，全部一致", at=last["at"])
