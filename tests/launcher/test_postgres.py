"""The embedded cluster: Chinese search, durability, adoption, ending."""

import os
import re
import signal
import subprocess
from pathlib import Path

import psycopg
import pytest

from launcher import postgres, privileges, processes, roles
from launcher.paths import ROOT
from launcher.postgres import Cluster, Server
from launcher.terminal import PlainError


def test_chinese_words_have_trigrams(urls: roles.Urls) -> None:
    assert one(urls.app, "SELECT show_trgm('重症医学科')")
    assert one(urls.app, "SELECT similarity('重症医学科', '重症医学') > 0.3")


def test_names_sort_by_code_point_as_in_production(server: Server) -> None:
    kept = "SELECT datcollate || ' ' || datctype FROM pg_database LIMIT 1"
    assert one(server.admin_url, kept) == f"C {postgres.LOCALE}"


def test_server_listens_on_loopback_only_and_asks_for_a_password(
    server: Server,
) -> None:
    assert one(server.admin_url, "SHOW listen_addresses") == "127.0.0.1"
    assert one(server.admin_url, "SHOW unix_socket_directories") == ""
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(server.admin_url.replace("secret", "guess"))


def test_server_tells_the_time_of_shanghai(server: Server) -> None:
    assert one(server.admin_url, "SHOW timezone") == "Asia/Shanghai"


def test_running_server_is_adopted_not_started_twice(
    server: Server, place: Path
) -> None:
    adopted = Cluster(place, ROOT, "secret", durable=False).adopt()

    assert adopted is not None
    assert (adopted.running.pid, adopted.port) == (server.running.pid, server.port)


def test_killed_server_comes_back_with_what_was_committed(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path, ROOT, "secret", durable=True)
    first = cluster.start()
    with roles.connect(first.admin_url) as here, here.cursor() as cursor:
        cursor.execute("CREATE TABLE visit AS SELECT 7 AS households")
    os.kill(first.running.pid, signal.SIGKILL)
    first.running.stop()

    assert cluster.adopt() is None
    second = cluster.start()
    try:
        assert one(second.admin_url, "SELECT households FROM visit") == 7
        assert one(second.admin_url, "SHOW fsync") == "on"
    finally:
        second.running.stop()
        cluster.remove()
    assert not second.running.is_alive()


def test_note_of_a_server_whose_number_was_reused_is_not_believed(
    tmp_path: Path,
) -> None:
    cluster = Cluster(tmp_path, ROOT, "secret", durable=False)
    cluster.data.mkdir(parents=True)
    bystander = subprocess.Popen(["/bin/sleep", "60"])
    note = cluster.data / "postmaster.pid"
    note.write_text(f"{bystander.pid}\n{cluster.data}\n0\n1\n", encoding="utf-8")
    try:
        assert cluster.adopt() is None
        assert bystander.poll() is None
        assert not note.exists()
    finally:
        bystander.kill()
        bystander.wait()
        cluster.remove()


def test_data_of_another_version_is_refused_with_a_way_out(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path, ROOT, "secret", durable=False)
    cluster.data.mkdir(parents=True)
    (cluster.data / "PG_VERSION").write_text("14\n", encoding="utf-8")
    try:
        with pytest.raises(PlainError, match=r"PostgreSQL 14 的数据.*请删除"):
            cluster.start()
    finally:
        cluster.remove()


def test_data_that_does_not_know_our_password_is_refused_with_a_way_out(
    tmp_path: Path,
) -> None:
    """Data outside the checkout outlives a deleted `.run`, and so the password."""
    cluster = Cluster(tmp_path, ROOT, "secret", durable=False)
    cluster.start().running.stop()
    later = Cluster(tmp_path, ROOT, "another", durable=False)
    try:
        with pytest.raises(PlainError, match=f"请删除 {re.escape(str(later.data))}"):
            later.start()
        assert not (later.data / "postmaster.pid").exists()
    finally:
        cluster.remove()


def test_half_made_data_is_made_again(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path, ROOT, "secret", durable=False)
    half = cluster.data.with_name(f"{cluster.data.name}.new")
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n", encoding="utf-8")

    server = cluster.start()

    server.running.stop()
    cluster.remove()
    assert not half.exists()


def test_without_user_namespaces_root_steps_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An ordinary user has nothing to step down from: he stays who he is."""
    monkeypatch.setattr(privileges, "UNSHARE", ("false",))
    cluster = Cluster(tmp_path, ROOT, "secret", durable=False)

    server = cluster.start()

    try:
        owner = Path("/proc", str(server.running.pid)).stat().st_uid
        expected = os.geteuid() or ROOT.stat().st_uid or privileges.NOBODY
        assert owner == expected
    finally:
        server.running.stop()
        cluster.remove()


def test_no_programs_at_all_is_said_plainly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "candidates", list)
    with pytest.raises(PlainError, match="找不到能在这台机器上运行的 PostgreSQL"):
        Cluster(tmp_path, ROOT, "secret", durable=False)


def test_full_disk_is_named_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails_like_a_full_disk(*_: object, log: Path, **__: object) -> int:
        log.write_text("initdb: error: No space left on device\n", encoding="utf-8")
        return 1

    monkeypatch.setattr(processes, "finish", fails_like_a_full_disk)
    cluster = Cluster(tmp_path, ROOT, "secret", durable=False)
    with pytest.raises(PlainError, match="建立数据库时磁盘满了"):
        cluster.start()


def one(url: str, query: str) -> object:
    """Return the only value of a query."""
    with roles.connect(url) as here, here.cursor() as cursor:
        cursor.execute(query)
        row = cursor.fetchone()
    assert row is not None
    return row[0]
