"""Whether the parts of the system that nobody sees are well, in plain words."""

import datetime as dt
from dataclasses import dataclass

from accounts.models import AuditSeal
from jobs.models import JobQuerySet, Pulse
from ui.parts import Tone

SILENT = dt.timedelta(minutes=2)
SLOW = dt.timedelta(minutes=10)
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
