"""Figures for Prometheus: how pages answer, how work behind them stands.

No label names a person, a household or an address typed in: a page is known by its
name in the URLconf. Gunicorn's processes share their counters by files in
`PROMETHEUS_MULTIPROC_DIR`; without it each process knows only its own.
"""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import Count, Min
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from prometheus_client import (
    CollectorRegistry,
    Histogram,
    generate_latest,
    multiprocess,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from jobs.models import Job, Pulse, State
from operations.checking.server import newest_age
from regions.scoping import EVERYWHERE_HI, Scope, scope

BOUNDS = (0.01, 0.025, 0.05, 0.1, 0.15, 0.3, 0.5, 1, 2.5, 5, 10, 30)
UNKNOWN = "unknown"
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"}
if shared := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
    Path(shared).mkdir(parents=True, exist_ok=True)  # the library does not
ANSWERED = Histogram(
    "lianhu_request_seconds",
    "Seconds until a page was answered, by page, method and status.",
    ("page", "method", "status"),
    buckets=BOUNDS,
)


class MetricsMiddleware:
    """Counts and times every answer, the failed ones too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and note how long it took."""
        started = time.perf_counter()
        response = self.get_response(request)
        method = request.method if request.method in METHODS else UNKNOWN
        labels = (page_of(request), method, str(response.status_code))
        ANSWERED.labels(*labels).observe(time.perf_counter() - started)
        return response


def page_of(request: HttpRequest) -> str:
    """Return the page's name in the URLconf, never what was typed into its address."""
    match = request.resolver_match
    return (match.view_name or UNKNOWN) if match else UNKNOWN


class Work(Collector):
    """What is asked at the moment of asking: jobs, pulse, disk, the last backup."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield the gauges; `lianhu_database_up` alone while the database is away."""
        up = GaugeMetricFamily("lianhu_database_up", "Whether the database answers.")
        try:
            with scope(Scope(0, EVERYWHERE_HI, why="metrics")), transaction.atomic():
                gauges = [jobs(), waiting(), pulse()]
        except DatabaseError:
            gauges = []
        up.add_metric([], 1.0 if gauges else 0.0)
        yield up
        yield from gauges
        yield disk()
        yield backup()


def jobs() -> GaugeMetricFamily:
    """Return the jobs by kind and state."""
    gauge = GaugeMetricFamily(
        "lianhu_jobs", "Jobs by kind and state.", labels=("kind", "state")
    )
    counts = Job.objects.exclude(state__in=(State.DONE, State.CANCELLED))
    for kind, state, number in counts.values_list("kind", "state").annotate(
        number=Count("pk")
    ):
        gauge.add_metric([kind, state], number)
    return gauge


def waiting() -> GaugeMetricFamily:
    """Return how long the oldest job that could run has waited."""
    now = timezone.now()
    oldest = Job.objects.waiting(now).aggregate(at=Min("not_before"))["at"]
    seconds = (now - oldest).total_seconds() if oldest else 0.0
    return GaugeMetricFamily(
        "lianhu_oldest_job_seconds", "Age of the oldest waiting job.", value=seconds
    )


def pulse() -> GaugeMetricFamily:
    """Return the age of the worker's last sign of life."""
    found = Pulse.objects.filter(name="worker").first()
    seconds = (timezone.now() - found.at).total_seconds() if found else float("inf")
    return GaugeMetricFamily(
        "lianhu_worker_pulse_seconds", "Age of the worker's pulse.", value=seconds
    )


def disk() -> GaugeMetricFamily:
    """Return the free bytes beside exports and uploads."""
    place = Path(settings.RUN_DIR)
    free = shutil.disk_usage(place).free if place.exists() else 0
    return GaugeMetricFamily("lianhu_disk_free_bytes", "Free bytes.", value=free)


def backup() -> GaugeMetricFamily:
    """Return the age of the newest backup; infinite where none is seen."""
    age = newest_age(Path(settings.BACKUP_DIR)) if settings.BACKUP_DIR else None
    seconds = age.total_seconds() if age else float("inf")
    return GaugeMetricFamily(
        "lianhu_backup_age_seconds", "Age of the newest backup.", value=seconds
    )


def exposition() -> bytes:
    """Return all figures in Prometheus' text format."""
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(ANSWERED)
    registry.register(Work())
    return generate_latest(registry)
