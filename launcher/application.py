"""Django's side of an instance: commands that prepare it, and web, worker and beat."""

import http.client
import os
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack

from launcher import disk, interrupt, ports, processes
from launcher.instance import Instance
from launcher.locks import locked
from launcher.paths import ROOT, RUN
from launcher.processes import Running
from launcher.terminal import PlainError, say

MANAGE = (sys.executable, "manage.py")
WEB_SECONDS = 120  # until the first answer, on a slow and busy machine
SITE = ("web", "worker", "beat")  # keys on file, in order of start


def environment(settings: Mapping[str, str], *, demo: bool) -> dict[str, str]:
    """Return the environment of a child that runs Django with `settings`."""
    ours = {
        **settings,
        "DJANGO_SETTINGS_MODULE": "shaodong.settings",
        "PYTHONUNBUFFERED": "1",
        "PYTHONUTF8": "1",
    }
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DEMO", "MIGRATING"}
    }
    return {**inherited, **ours, **({"DEMO": "1"} if demo else {})}


def prepare(instance: Instance, env: Mapping[str, str]) -> None:
    """Bring tables and demo data up to date; quick when they are."""
    say("正在更新数据库结构……")
    as_owner = {**env, "DATABASE_URL": env["DATABASE_OWNER_URL"], "MIGRATING": "1"}
    _manage("更新数据库结构", instance, as_owner, "migrate", "--noinput")
    say("正在装入演示数据（第一次要久一些）……")
    # The limit is a request's: years of a demo take as long as the machine is busy.
    unhurried = {**env, "PGOPTIONS": "-c statement_timeout=0"}
    _manage("装入演示数据", instance, unhurried, "load_demo")


def collect_static(instance: Instance, env: Mapping[str, str]) -> None:
    """Gather the static files; instances of one checkout share them, so in turns."""
    with locked(RUN / "static.lock", "另一个窗口正在整理页面文件，请稍候……"):
        _manage("整理页面文件", instance, env, "collectstatic", "--noinput")


def start(
    instance: Instance, env: Mapping[str, str], port: int, stack: ExitStack
) -> list[Running]:
    """Start web, worker and beat; they end when `stack` closes, in reverse order."""
    celery = (sys.executable, "-m", "celery", "-A", "shaodong")
    started = []
    for key, name, command in (
        ("web", "网页服务", _gunicorn(port)),
        ("worker", "后台任务", (*celery, "worker", "-c", "2", "--loglevel", "INFO")),
        ("beat", "定时任务", (*celery, "beat", *_beat_files(instance))),
    ):
        running = processes.spawn(
            name, command, log=instance.log(key), env=env, cwd=ROOT
        )
        stack.callback(instance.end, key, running)
        instance.note(key, running, port=port, kept=False)
        started.append(running)
    return started


def wait_for_web(port: int, children: list[Running]) -> None:
    """Wait until pages are served; raises PlainError when a child dies first."""
    end = time.monotonic() + WEB_SECONDS
    while not is_healthy(port):
        refuse_dead(children)
        if time.monotonic() > end:
            raise PlainError(
                f"网页服务 {WEB_SECONDS} 秒内没有应答。请看日志 {children[0].log}：\n"
                + children[0].last_lines()
            )
        interrupt.pause(0.2)


def refuse_dead(children: list[Running]) -> None:
    """Raise PlainError, with the end of its log, when one of `children` has died."""
    for child in children:
        if child.is_alive():
            continue
        if disk.is_full(child.log.parent):
            raise PlainError(disk.sentence(f"{child.name}运行"))
        raise PlainError(
            f"{child.name}意外停止，其余的也已停下。请按下面的提示处理后重来"
            f"（日志：{child.log}）：\n{child.last_lines()}"
        )


def end_leftovers(instance: Instance) -> None:
    """End web, worker and beat that a killed launcher left behind."""
    for record in reversed(instance.records()):
        if record.key in SITE:
            instance.end(record.key, record.running())


def _manage(what: str, instance: Instance, env: Mapping[str, str], *args: str) -> None:
    log = instance.log("prepare")
    processes.require(what, [*MANAGE, *args], log=log, env=env, cwd=ROOT)


def _gunicorn(port: int) -> tuple[str, ...]:
    return (
        *(sys.executable, "-m", "gunicorn", "shaodong.wsgi:application"),
        *("--worker-class", "gthread", "--workers", "2", "--threads", "8"),
        *("--bind", f"{ports.HOST}:{port}", "--graceful-timeout", "8"),
        # It would live in the home folder, where two instances meet.
        "--no-control-socket",
    )


def _beat_files(instance: Instance) -> tuple[str, ...]:
    # No pid file: it would be in the checkout, where two instances meet.
    return ("--schedule", str(instance.dir / "beat-schedule"), "--pidfile=")


def is_healthy(port: int) -> bool:
    """Whether the web answers at that port of this machine."""
    web = http.client.HTTPConnection(ports.HOST, port, timeout=5)
    try:
        web.request("GET", "/healthz")
        return web.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        web.close()
