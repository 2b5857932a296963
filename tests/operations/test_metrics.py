"""Metrics: for whoever shows the token, without a person in them."""

from typing import Any

import pytest
import yaml
from django.db import DatabaseError
from django.test import Client

from operations import metrics
from tests.cast import Cast, signed_in
from tests.databases import ROOT

TOKEN = "a-long-token"


def asked(**headers: str) -> Any:
    return Client().get("/metrics", headers=headers)


@pytest.mark.parametrize("header", ["", "Bearer ", "Bearer wrong", TOKEN + "x"])
def test_without_the_token_there_is_nothing(
    db: None, settings: Any, header: str
) -> None:
    settings.METRICS_TOKEN = TOKEN
    assert asked(authorization=header).status_code == 404
    settings.METRICS_TOKEN = ""
    assert asked(authorization=header).status_code == 404


def test_figures_name_pages_and_nobody(cast: Cast, settings: Any) -> None:
    settings.METRICS_TOKEN = TOKEN
    client = signed_in(cast.township_staff)
    client.get("/visits/overdue/", {"q": "王伟"})
    client.get("/nowhere/13800001234/")
    client.generic("BREW", "/inbox/")

    text = asked(authorization=f"Bearer {TOKEN}").content.decode()

    assert 'page="visits:overdue"' in text
    assert 'page="unknown"' in text
    assert 'method="unknown"' in text
    assert "lianhu_database_up 1.0" in text
    assert "lianhu_worker_pulse_seconds +Inf" in text
    for personal in ("王伟", "13800001234", cast.township_staff.user.name, "BREW"):
        assert personal not in text


def test_database_that_is_away_is_a_figure(
    db: None, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> Any:
        raise DatabaseError

    monkeypatch.setattr(metrics, "jobs", away)

    assert b"lianhu_database_up 0.0" in metrics.exposition()


def test_alerts_ask_for_figures_that_exist_and_lead_to_words_that_exist() -> None:
    rules = yaml.safe_load((ROOT / "deploy/alerts.yml").read_text(encoding="utf-8"))
    page = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    headings = {
        line.strip("# ").lower().replace(" ", "-")
        for line in page.splitlines()
        if line.startswith("#")
    }
    known = (ROOT / "operations/metrics.py").read_text(encoding="utf-8")
    for rule in rules["groups"][0]["rules"]:
        file, _, anchor = rule["annotations"]["runbook"].partition("#")
        assert (file, anchor in headings) == ("operations.md", True), rule["alert"]
        for name in rule["expr"].split("lianhu_")[1:]:
            stem = name.split("{")[0].split("[")[0].split()[0].strip("()")
            for suffix in ("_count", "_bucket"):
                stem = stem.removesuffix(suffix)
            assert f'"lianhu_{stem}"' in known, rule["alert"]


def test_monitoring_asks_inside_without_tls_and_by_the_service_s_name(
    db: None, settings: Any
) -> None:
    settings.METRICS_TOKEN, settings.ALLOWED_HOSTS = TOKEN, ["lianhu.example", "web"]
    settings.SECURE_SSL_REDIRECT = True
    client = Client(headers={"authorization": f"Bearer {TOKEN}", "host": "web:8000"})

    assert client.get("/metrics").status_code == 200
    assert client.get("/inbox/").status_code == 301
