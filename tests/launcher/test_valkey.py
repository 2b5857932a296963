"""The embedded broker: a password, adoption, durability, ending."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from launcher import processes, valkey
from launcher.terminal import PlainError
from launcher.valkey import Broker, Server


@pytest.fixture
def broker(tmp_path: Path) -> Broker:
    """Return a broker over a folder with a space in its path."""
    place = tmp_path / "演示 目录"
    place.mkdir()
    return Broker(place, "secret")


@pytest.fixture
def server(broker: Broker) -> Iterator[Server]:
    """Run that broker."""
    started = broker.start()
    yield started
    started.running.stop()


def test_broker_answers_to_its_password_only(server: Server) -> None:
    assert valkey.answers(server.url)
    assert not valkey.answers(server.url.replace("secret", "guess"))


def test_password_is_not_on_the_command_line(server: Server) -> None:
    assert "secret" not in processes.command_of(server.running.pid)


def test_tasks_outlive_a_killed_broker(broker: Broker, server: Server) -> None:
    with redis.Redis.from_url(server.url) as client:
        client.set("task", "走访提醒")
        client.config_set("appendfsync", "always")
        client.set("task", "走访提醒 2")
    os.kill(server.running.pid, signal.SIGKILL)
    server.running.stop()

    second = broker.start()
    try:
        with redis.Redis.from_url(second.url) as client:
            assert client.get("task").decode() == "走访提醒 2"
    finally:
        second.running.stop()
    assert not second.running.is_alive()


def test_running_broker_is_adopted(broker: Broker, server: Server) -> None:
    adopted = broker.adopt(server.running, server.port)
    assert adopted == server


def test_broker_that_does_not_answer_is_ended(broker: Broker, server: Server) -> None:
    stranger = Broker(broker.data.parent, "another password")
    assert stranger.adopt(server.running, server.port) is None
    assert not server.running.is_alive()


def test_broker_that_cannot_start_shows_why(
    broker: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "valkey-server"
    program.write_text("#!/bin/sh\necho out of luck\nexit 1\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setattr(valkey, "binary", lambda: program)
    with pytest.raises(PlainError, match=r"启动消息队列没有成功(.|\n)*out of luck"):
        broker.start()
