"""站外提醒: off until configured, quiet at night, one a day for a person, by a real server."""

import datetime as dt
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from accounts.models import Post
from accounts.sealing import Sealed
from inbox.channels import Channel
from inbox.models import Nudge
from inbox.rules import Quiet
from inbox.services import mark_read, nudge, send
from inbox.tasks import ask_for_nudges
from jobs.models import Job
from jobs.services import perform
from regions.scoping import scope, span
from tests.cast import CITY, VILLAGE, Cast, at, everywhere
from tests.days import today
from visits.services.reminding import ENDING


class Gateway:
    """A gateway for SMS on this machine: what it was sent, and whether it takes it."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.takes = True
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                gateway.sent.append(json.loads(self.rfile.read(length)))
                self.send_response(200 if gateway.takes else 500)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)

    @property
    def address(self) -> str:
        """As the setting names it."""
        return f"json://127.0.0.1:{self.server.server_port}/sms?:to={{phone}}"


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    """Start a gateway and configure it as the channel."""
    started = Gateway()
    serving = threading.Thread(target=started.server.serve_forever, args=(0.01,))
    serving.start()
    monkeypatch.setattr(settings, "OUTSIDE_CHANNEL", started.address)
    yield started
    started.server.shutdown()
    serving.join()
    started.server.server_close()


@pytest.fixture
def reachable(cast: Cast) -> Post:
    """Return the clerk, who has a phone."""
    user = cast.clerk.user
    user.phone = Sealed.of("13800001111", "phone")
    user.save(update_fields=["phone"])
    return cast.clerk


def tell(to: Post, key: str = "k1", kind: str = ENDING, region: int = VILLAGE) -> None:
    """Put a message into somebody's inbox."""
    with everywhere():
        send(
            to=[to],
            kind=kind,
            title="本月还有 5 户没走访",
            region=region,
            unique_key=key,
            on=today(),
        )


def run(hour: int = 12) -> tuple[int, int]:
    """Do what the hour's job does, at noon or another hour of today."""
    now = timezone.make_aware(dt.datetime.combine(today(), dt.time(hour)))
    with everywhere():
        return nudge(now)


def states() -> list[str]:
    """Return what became of each nudge."""
    with everywhere():
        return sorted(Nudge.objects.values_list("state", flat=True))


def test_a_person_is_told_once_a_day_of_all_that_is_unread(
    reachable: Post, gateway: Gateway
) -> None:
    tell(reachable, "k1")
    tell(reachable, "k2", kind="with.names")
    assert run() == (1, 0)
    tell(reachable, "k3")
    assert run() == (0, 0)

    (sent,) = gateway.sent
    assert sent["to"] == "13800001111"
    assert sent["title"] == "邵东联户：您有 2 条没看的消息"
    assert sent["message"].count("本月还有 5 户没走访") == 1, (
        "the other may name people"
    )
    assert states() == ["sent"]


def test_nothing_is_sent_without_a_channel(
    reachable: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert settings.OUTSIDE_CHANNEL == ""
    tell(reachable)
    assert run() == (0, 0)
    assert ask_for_nudges() == 0


def test_nobody_is_disturbed_at_night(reachable: Post, gateway: Gateway) -> None:
    tell(reachable)
    assert run(hour=20) == (0, 0)
    assert run() == (1, 0)


def test_who_has_read_it_or_has_no_phone_is_not_told(
    cast: Cast, reachable: Post, gateway: Gateway
) -> None:
    tell(reachable)
    tell(cast.secretary)
    with at(reachable):
        mark_read(user=reachable.user)
    assert run() == (0, 0)
    assert gateway.sent == []


def test_a_gateway_that_is_down_is_noted_and_not_tried_again_that_day(
    reachable: Post, gateway: Gateway
) -> None:
    gateway.takes = False
    tell(reachable)
    assert run() == (0, 1)
    gateway.takes = True
    assert run() == (0, 0)
    assert states() == ["failed"]


def test_the_hour_is_asked_for_once(reachable: Post, gateway: Gateway) -> None:
    ask_for_nudges()
    ask_for_nudges()
    with everywhere():
        keys = Job.objects.filter(kind="inbox.nudge").values_list(
            "region", "unique_key"
        )
        assert len(keys) == len(set(keys)) > 0


def test_the_citys_people_are_told_of_what_is_about_the_city(
    cast: Cast, reachable: Post, gateway: Gateway
) -> None:
    """A village's message waits for the job of its township."""
    user = cast.city_staff.user
    user.phone = Sealed.of("13900002222", "phone")
    user.save(update_fields=["phone"])
    tell(reachable)
    tell(cast.city_staff, region=CITY)
    noon = timezone.make_aware(dt.datetime.combine(today(), dt.time(12)))
    with time_machine.travel(noon):
        ask_for_nudges()
        with everywhere():
            job = Job.objects.get(kind="inbox.nudge", region=CITY)
        with scope(span(CITY)):
            perform(job.pk)
    assert [sent["to"] for sent in gateway.sent] == ["13900002222"]


def test_an_address_that_names_nobody_would_tell_a_group() -> None:
    with pytest.raises(ImproperlyConfigured, match="发给谁"):
        Channel("json://127.0.0.1/sms")


@pytest.mark.parametrize(
    ("at", "is_quiet"),
    [("19:59", False), ("20:00", True), ("23:59", True), ("00:00", True),
     ("07:59", True), ("08:00", False)],
)  # fmt: skip
def test_quiet_hours_go_over_midnight(at: str, is_quiet: bool) -> None:
    assert (dt.time.fromisoformat(at) in Quiet.said("20:00-08:00")) is is_quiet


def test_quiet_hours_within_a_day_and_such_as_cannot_be_read() -> None:
    noon = Quiet.said("12:00-14:00")
    assert dt.time(13) in noon
    assert dt.time(14) not in noon
    with pytest.raises(ValueError, match="20:00-08:00"):
        Quiet.said("晚上")
