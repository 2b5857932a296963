"""`make down`: ends what `make up` left running. Needs nothing but the standard library."""

import os

from launcher import ports
from launcher.instance import Instance
from launcher.paths import RUN
from launcher.terminal import say


def down(_: list[str]) -> int:
    """Stop the background services of PORT, and whatever a killed launcher left."""
    port = ports.web_port(os.environ)
    instance = Instance(RUN, str(port))
    if not instance.dir.exists():
        say(f"端口 {port} 没有在运行的系统。")
        return 0
    with instance.locked():
        stopped = []
        for record in reversed(instance.records()):
            if record.running().is_alive():
                stopped.append(record.name)
            instance.end(record.key, record.running())
        instance.remove_env()
    say(f"已停止：{'、'.join(stopped)}。" if stopped else "没有在运行的服务。")
    return 0
