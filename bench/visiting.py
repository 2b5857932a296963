"""The night's flags over the whole city, and recording a visit."""

import datetime as dt
import time
import uuid
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.audit import system_scope
from bench.city import City, few, many
from bench.jobs import Figure, job
from bench.stage import Stage
from bench.watch import ROUNDS, WARM, p95, signed_in, watched
from regions.models import Region
from regions.scoping import narrowed
from visits.models import Duty, OverdueFlag
from visits.services.flags import flag_overdue

MOST_SECONDS = 30
MOST_MS = 100


@job("nightly")
def nightly(stage: Stage) -> Iterator[Figure]:
    """Flag the whole city, township by township; then once more, and a day later."""
    with few(stage) as city:
        yield from _nights(city)
    with many(stage) as city:
        yield from _nights(city)


@job("record")
def record(stage: Stage) -> Iterator[Figure]:
    """Store a visit from a phone, with its due date, flags and history."""
    with few(stage) as city:
        yield _recording(city)
    with many(stage) as city:
        yield _recording(city)


def _nights(city: City) -> Iterator[Figure]:
    today = timezone.localdate()
    for title, on in (
        ("夜间标记：全市", today),
        ("夜间标记：再跑一遍", today),
    ):
        started = time.perf_counter()
        late, flagged = _flag(on)
        seconds = time.perf_counter() - started
        yield Figure(
            title, city.size, f"{seconds:.1f} s", f"到期 {late:,} 户，新标记 {flagged:,} 个",
            f"{seconds / max(1, late) * 1000:.2f} ms/户", f"≤ {MOST_SECONDS} s",
            seconds <= MOST_SECONDS,
        )  # fmt: skip
    with system_scope("性能测量"), transaction.atomic():
        OverdueFlag.objects.all().delete()


def _flag(on: dt.date) -> tuple[int, int]:
    late = flagged = 0
    with system_scope("性能测量"):
        with transaction.atomic():
            townships = list(Region.objects.current().townships().order_by("code"))
        for township in townships:
            with narrowed(township.code):
                counts = flag_overdue(on)
            late += counts["overdue"]
            flagged += counts["flagged"]
    return late, flagged


def _recording(city: City) -> Figure:
    post = city.posts["rep"]
    client = signed_in(post)
    with system_scope("性能测量"), transaction.atomic():
        homes = Duty.objects.filter(representative=post.narrowed_to)
        ids = list(homes.values_list("pk", flat=True))
    bodies = (
        {"household": ids[n % len(ids)], "captured_at": timezone.now().isoformat()}
        for n in range(ROUNDS + WARM)
    )

    def put() -> Any:
        return client.put(
            f"/api/v1/visits/{uuid.uuid4()}/",
            next(bodies),
            content_type="application/json",
        )

    seen = watched(put)
    return Figure(
        "记一次走访", city.size, seen.words, "", "", f"整个请求 p95 ≤ {MOST_MS} ms",
        p95(seen.wall) <= MOST_MS,
    )  # fmt: skip
