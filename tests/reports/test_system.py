"""The system administrator's page: what is well, and what to do if not."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import AuditSeal
from jobs.models import Job, Pulse
from reports.state import audit_light, job_light, worker_light
from tests.accounts.pages import words
from tests.cast import CITY, TOWNSHIP, Cast, everywhere, signed_in

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 23)


def test_the_page_shows_no_one_s_data(cast: Cast) -> None:
    client = signed_in(cast.system_admin)
    text = words(client.get("/system/"))
    assert "后台任务进程" in text
    assert "先生" not in text.replace("system_admin先生", "")
    for page in (f"/d/{CITY}/", "/accounts/people/", "/accounts/audit/", "/places/"):
        assert client.get(page).status_code == 403


def test_the_page_is_for_the_system_administrator_alone(cast: Cast) -> None:
    for part in ("city_lead", "auditor", "township_lead", "representative"):
        assert signed_in(getattr(cast, part)).get("/system/").status_code == 403


@pytest.mark.parametrize(
    ("silent_for", "tone", "told"),
    [
        (None, "bad", "从来没有心跳"),
        (dt.timedelta(seconds=119), "ok", "正常"),
        (dt.timedelta(seconds=121), "bad", "心跳停了"),
    ],
)
def test_the_worker_is_well_while_its_heart_beats(
    silent_for: dt.timedelta | None, tone: str, told: str
) -> None:
    pulse = None if silent_for is None else Pulse(name="worker", at=NOW - silent_for)
    light = worker_light(pulse, NOW)
    assert (light.tone, light.words) == (tone, told)
    assert bool(light.advice) == (tone != "ok")


@pytest.mark.parametrize(
    ("waiting", "tone", "told"),
    [
        (None, "ok", "没有积压"),
        (dt.timedelta(minutes=9), "ok", "1 个在排队"),
        (dt.timedelta(minutes=11), "warn", "1 个等了 10 分钟以上"),
    ],
)
def test_jobs_that_wait_for_long_are_told(
    cast: Cast, waiting: dt.timedelta | None, tone: str, told: str
) -> None:
    with everywhere():
        if waiting is not None:
            Job.objects.create(
                region_id=TOWNSHIP,
                kind="trial",
                title="试",
                unique_key="1",
                business_date=TODAY,
                asked_at=NOW - waiting,
                not_before=NOW - waiting,
            )
        light = job_light(Job.objects.waiting(NOW), NOW)
    assert (light.tone, light.words) == (tone, told)


@pytest.mark.parametrize(
    ("sealed", "tone"),
    [
        (None, "off"),
        (TODAY - dt.timedelta(days=1), "ok"),
        (TODAY - dt.timedelta(days=2), "ok"),
        (TODAY - dt.timedelta(days=3), "warn"),
    ],
)
def test_a_log_that_is_not_sealed_is_told(sealed: dt.date | None, tone: str) -> None:
    seal = AuditSeal(day=sealed, sealed_at=timezone.now()) if sealed else None
    assert audit_light(seal, TODAY).tone == tone
