"""`make demo`: everything in the foreground until Ctrl-C. `make up`, `make down`."""

import os
import unicodedata
from collections.abc import Sequence
from contextlib import ExitStack

from launcher import application, interrupt, orphans, ports
from launcher.instance import Instance
from launcher.paths import RUN
from launcher.processes import Running
from launcher.services import open_services
from launcher.terminal import say

PASSWORD = "lianhu-2026"  # noqa: S105 - of the demo accounts, printed below
ACCOUNTS = [
    ("账号", "是谁"),
    ("city", "邵东市民政局"),
    ("township", "魏家桥镇"),
    ("village", "魏家桥镇长冲口村党组织书记"),
    ("rep", "魏家桥镇长冲口村村民代表"),
    ("outsider", "界岭镇工作人员（看不到魏家桥镇）"),
]


def demo(_: list[str]) -> int:
    """Run the whole system until a signal; PlainError when a part of it dies."""
    port = ports.web_port(os.environ)
    instance = Instance(RUN, str(port))
    with instance.locked(), ExitStack() as stack:
        orphans.adopt()
        stack.callback(orphans.end)
        application.end_leftovers(instance)
        ports.require_free(port)
        children = _start(instance, port, stack)
        say(_welcome(port, instance))
        try:
            _watch(children)
        finally:
            say("正在停止……")
    return 0


def up(_: list[str]) -> int:
    """Start the services in the background, migrated and with the demo data."""
    instance = Instance(RUN, str(ports.web_port(os.environ)))
    with instance.locked(), ExitStack() as stack:
        stack.callback(instance.remove_env)
        services = open_services(instance, stack, keep=True)
        env = {**services.variables, "DEMO": "1"}
        application.prepare(instance, application.environment(env, demo=True))
        instance.write_env(env)
        stack.pop_all()
    say(
        "数据库和消息队列已在后台运行，演示数据已装好。manage.py 会自己找到它们。\n"
        "停止：make down"
    )
    return 0


def _start(instance: Instance, port: int, stack: ExitStack) -> list[Running]:
    """Start all parts; return those whose death ends the demo."""
    stack.callback(_remove_env_unless_kept, instance)
    services = open_services(instance, stack)
    settings = {**services.variables, "DEMO": "1"}
    env = application.environment(settings, demo=True)
    application.prepare(instance, env)
    application.collect_static(instance, env)
    instance.write_env(settings)
    say("正在启动网页和后台任务……")
    children = application.start(instance, env, port, stack)
    application.wait_for_web(port, children)
    # Services of `make up` are not watched: they belong to somebody else.
    return [*services.ours, *children]


def _watch(children: list[Running]) -> None:
    while True:
        application.refuse_dead(children)
        interrupt.pause(0.5)


def _remove_env_unless_kept(instance: Instance) -> None:
    if not any(record.kept for record in instance.records()):
        instance.remove_env()


def _welcome(port: int, instance: Instance) -> str:
    return "\n".join(
        [
            "",
            f"已启动：http://{ports.HOST}:{port}/",
            "",
            *(f"  {line}" for line in _columns(ACCOUNTS)),
            "",
            f"密码都是 {PASSWORD}。日志在 {instance.dir}。按 Ctrl-C 全部停止。",
        ]
    )


def _columns(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Return the rows as aligned lines; a Chinese character is two cells wide."""
    widths = [
        max(_cells(cell) for cell in column) for column in zip(*rows, strict=True)
    ]
    return [
        "  ".join(
            cell + " " * (width - _cells(cell))
            for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    ]


def _cells(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
