"""Where settings come from: the environment, secret files, or the local services' file.

Each value is looked up as `NAME`, then as the content of the file `NAME_FILE` (docker
secrets), then in `.run/<port>/env.json`, which the launcher writes while local
services run, so that `manage.py` finds them by itself.
"""

import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

# Only a statement whose values travel apart can be prepared (docs/adr/0021).
CONNECTION = {"connect_timeout": 5, "server_side_binding": True}


class Misconfigured(SystemExit):
    """The deployment lacks a value; the message says which and how to give it."""


class Environment:
    """Typed look-ups that refuse what they do not understand."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.local = local_services(root)

    def text(self, name: str, default: str | None = None) -> str:
        """Return the value of `name`; exit with a sentence if it has none."""
        if name in os.environ:
            return os.environ[name]
        if path := os.environ.get(f"{name}_FILE"):
            return Path(path).read_text(encoding="utf-8").strip()
        if name in self.local:
            return self.local[name]
        if default is None:
            raise Misconfigured(
                f"缺少设置 {name}。本机试用请先运行 make up；"
                f"正式部署请设置环境变量 {name} 或 {name}_FILE。"
            )
        return default

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return a yes/no value written as 1 or 0."""
        value = self.text(name, "1" if default else "0")
        if value not in {"0", "1", ""}:
            raise Misconfigured(f"设置 {name} 只能是 1 或 0，现在是 {value!r}。")
        return value == "1"

    def items(self, name: str, default: str = "") -> list[str]:
        """Return a comma-separated value as a list without blanks."""
        return [item.strip() for item in self.text(name, default).split(",") if item]

    def database(self, name: str) -> dict[str, Any]:
        """Return the connection part of a Django database setting from a URL."""
        url = urlsplit(self.text(name))
        if url.scheme not in {"postgres", "postgresql"}:
            raise Misconfigured(f"设置 {name} 要以 postgresql:// 开头。")
        return {
            "NAME": unquote(url.path.lstrip("/")),
            "USER": unquote(url.username or ""),
            "PASSWORD": unquote(url.password or ""),
            "HOST": unquote(url.hostname or ""),
            "PORT": str(url.port or ""),
            "OPTIONS": {**CONNECTION, **dict(parse_qsl(url.query))},
        }


def local_services(root: Path) -> dict[str, str]:
    """Return what the launcher wrote for PORT, else for the newest running instance."""
    run = root / ".run"
    wanted = run / os.environ.get("PORT", "8000") / "env.json"
    if wanted.is_file():
        return dict(json.loads(wanted.read_text(encoding="utf-8")))
    found = sorted(run.glob("*/env.json"), key=lambda path: path.stat().st_mtime)
    return dict(json.loads(found[-1].read_text(encoding="utf-8"))) if found else {}
