"""Checks of what happens behind the pages: broker, worker, queue, last night."""

import datetime as dt
from collections.abc import Iterator

from django.db import transaction
from django.utils import timezone

from jobs.models import Job, State
from operations import vitals
from operations.checking.finding import Trouble, check
from regions.models import Region
from visits.models import Duty
from visits.tasks import KIND as NIGHT

LATE = dt.timedelta(minutes=15)
MANY = 200
NIGHT_IS_OVER = 6  # o'clock: it starts at half past one and takes minutes


@check("消息队列", alone=True)
def broker() -> Iterator[Trouble]:
    """Whether Redis answers."""
    if vitals.broker_trouble():
        yield Trouble(
            "连不上 Redis，后台任务都在等它；网页不受影响，任务也不会丢。",
            "docker compose restart redis，再核对 REDIS_URL。",
        )


@check("后台任务进程")
def worker() -> Iterator[Trouble]:
    """Whether beat, broker and worker showed a pulse lately."""
    if vitals.worker_trouble():
        yield Trouble(
            "两分钟没有心跳：导入、导出、夜间核对都不会进行。",
            "docker compose restart worker beat，再看 docker compose logs worker。",
        )


@check("任务积压")
def queue() -> Iterator[Trouble]:
    """Whether jobs wait for long, or were given up."""
    now = timezone.now()
    with transaction.atomic():
        late = Job.objects.waiting(now - LATE).count()
        failed = Job.objects.filter(
            state=State.FAILED, finished_at__gte=now - dt.timedelta(days=1)
        ).count()
    if late:
        yield Trouble(
            f"{late} 项任务等了 15 分钟以上还没有人做。",
            "看 worker 是否在运行；任务多时把 worker 的 --concurrency 加大。",
            urgent=late > MANY,
        )
    if failed:
        yield Trouble(
            f"一天内有 {failed} 项任务多次尝试后放弃。",
            "看 docker compose logs worker 里的原因；修好后请提出人重新提交。",
            urgent=False,
        )


@check("昨夜的核对")
def last_night() -> Iterator[Trouble]:
    """Whether the last night's due dates were judged, once there is one to judge."""
    night = last_expected(timezone.localtime())
    with transaction.atomic():
        if not Duty.objects.exists():
            return
        wanted = Region.objects.current().townships().count()
        jobs = Job.objects.filter(kind=NIGHT, business_date=night)
        done = jobs.filter(state=State.DONE).count()
    if done < wanted:
        yield Trouble(
            f"{night} 夜里的走访期限核对只做完 {done} 个乡镇（街道），应为 {wanted} 个。",
            "看 beat 和 worker 的日志，修好后下一夜自动补上，这一条随之消失；"
            f"等不到的，先做 manage.py flag_overdue --on {night}。",
        )


def last_expected(now: dt.datetime) -> dt.date:
    """Return the date of the last night whose work should be over by `now`."""
    return (
        now.date() if now.hour >= NIGHT_IS_OVER else now.date() - dt.timedelta(days=1)
    )
