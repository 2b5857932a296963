"""One instance of the system on this machine: its folder, secrets, processes, address.

`.run/<PORT>/` holds:
- `secrets.json`: passwords and keys, made once (the keys open the encrypted columns)
- `env.json`: what Django's settings need; there only while the services run
- `processes.json`: what was started, so that a later launcher finds it again
- `postgres/`, `valkey/`, logs.
"""

import base64
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from launcher import locks
from launcher.processes import Running
from launcher.terminal import PlainError


@dataclass(frozen=True)
class Secrets:
    """Passwords of the local servers' accounts, and the keys of the application.

    `field_key` and `index_key` are 32 random bytes in base64.
    """

    postgres: str
    sd_owner: str
    sd_app: str
    sd_backup: str
    valkey: str
    secret_key: str
    field_key: str
    index_key: str

    @classmethod
    def random(cls) -> "Secrets":
        """Make new ones; passwords need no quoting in a URL."""
        return cls(
            postgres=secrets.token_urlsafe(24),
            sd_owner=secrets.token_urlsafe(24),
            sd_app=secrets.token_urlsafe(24),
            sd_backup=secrets.token_urlsafe(24),
            valkey=secrets.token_urlsafe(24),
            secret_key=secrets.token_urlsafe(48),
            field_key=random_key(),
            index_key=random_key(),
        )


@dataclass(frozen=True)
class Record:
    """A started process as `processes.json` keeps it; `kept` by `make up`."""

    key: str
    name: str
    pid: int
    born: str
    log: str
    stop_with: int
    grace: float
    port: int = 0
    kept: bool = False

    def running(self) -> Running:
        """Return it as a process that can be asked and stopped."""
        log = Path(self.log)
        return Running(self.name, self.pid, self.born, log, self.stop_with, self.grace)


class Instance:
    """The folder of one instance, and what may be read from and written to it."""

    def __init__(self, run: Path, name: str) -> None:
        self.run = run
        self.name = name
        self.dir = run / name
        self.lock_file = self.dir / "launcher.lock"

    def create(self) -> None:
        """Make the folder. Others may pass through (PostgreSQL's account), not list."""
        self.dir.mkdir(parents=True, exist_ok=True)
        if os.stat(self.dir).st_uid != os.geteuid():
            raise PlainError(
                f"{self.dir} 是别的账号建的，当前账号不能用。"
                "请换回那个账号，或把这个目录删掉后重来。"
            )
        self.dir.chmod(0o711)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Be the only launcher of this instance; a second one reads a sentence."""
        self.create()
        refusal = (
            f"端口 {self.name} 的系统已经在另一个窗口里启动或正在停止。"
            "请先在那个窗口按 Ctrl-C；要再开一套，请换端口：PORT=8001 make demo。"
        )
        with locks.locked_or_refused(self.lock_file, refusal):
            yield

    def log(self, name: str) -> Path:
        """Return the path of a log of this instance."""
        return self.dir / f"{name}.log"

    def secrets(self) -> Secrets:
        """Return the instance's secrets, made at the first call and then kept."""
        path = self.dir / "secrets.json"
        if not path.exists():
            write_private(path, asdict(Secrets.random()))
        stored = read_json(path)
        try:
            return Secrets(**stored)
        except TypeError:
            raise damaged(path) from None

    def write_env(self, variables: Mapping[str, str]) -> None:
        """Tell `manage.py` where the running services are."""
        write_private(self.dir / "env.json", dict(variables))

    def remove_env(self) -> None:
        """The services are gone: `manage.py` shall not look for them."""
        (self.dir / "env.json").unlink(missing_ok=True)

    def records(self) -> list[Record]:
        """Return what was started and not yet ended, in order of start."""
        path = self.dir / "processes.json"
        if not path.exists():
            return []
        known = {field.name for field in fields(Record)}
        stored = read_json(path)
        if not isinstance(stored, list) or any(set(one) != known for one in stored):
            raise damaged(path)
        return [Record(**one) for one in stored]

    def record(self, key: str) -> Record | None:
        """Return what is on file under `key`, if it still runs."""
        found = next((one for one in self.records() if one.key == key), None)
        return found if found and found.running().is_alive() else None

    def note(self, key: str, running: Running, *, port: int, kept: bool) -> None:
        """Put a started process on file, in place of an older one of that key."""
        record = Record(
            key,
            running.name,
            running.pid,
            running.born,
            str(running.log),
            running.stop_with,
            running.grace,
            port,
            kept,
        )
        others = [one for one in self.records() if one.key != key]
        self._write_records([*others, record])

    def forget(self, key: str) -> None:
        """Take a process off the file."""
        self._write_records([one for one in self.records() if one.key != key])

    def end(self, key: str, running: Running) -> None:
        """Stop a process and take it off the file."""
        running.stop()
        self.forget(key)

    def _write_records(self, records: list[Record]) -> None:
        write_private(self.dir / "processes.json", [asdict(one) for one in records])


def own_settings(
    secrets_: Secrets, directory: Path, environ: Mapping[str, str]
) -> dict[str, str]:
    """Return the settings that do not depend on a server; `environ` goes first.

    With servers of one's own the keys must be one's own too, or the encrypted columns
    could not be read from elsewhere.
    """
    ours = {
        "SECRET_KEY": secrets_.secret_key,
        "FIELD_KEYS": f"k1:{secrets_.field_key}",
        "INDEX_KEY": secrets_.index_key,
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
    }
    chosen = {name: environ.get(name) or value for name, value in ours.items()}
    return {**chosen, "TLS": "0", "RUN_DIR": str(directory)}


def write_private(path: Path, content: object) -> None:
    """Write JSON whole or not at all, readable by its owner only."""
    partial = path.with_name(f"{path.name}.new")
    partial.unlink(missing_ok=True)
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=False, indent=1)
    partial.replace(path)


def read_json(path: Path) -> Any:
    """Return the JSON in `path`; PlainError when it is not JSON any more."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        raise damaged(path) from None


def damaged(path: Path) -> PlainError:
    """Return the sentence for a file of ours that makes no sense."""
    return PlainError(
        f"{path} 损坏了。请删除目录 {path.parent} 后重来（演示数据会重新生成）。"
    )


def random_key() -> str:
    """Return 32 random bytes in base64, a key of the encrypted columns."""
    return base64.b64encode(secrets.token_bytes(32)).decode()
