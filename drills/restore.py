"""`make restore-drill`: a backup is worth what comes back from it.

First the nightly dump: taken by `sd_backup`, restored into an empty cluster whose roles
were made as a new server's are, and compared rule by rule. Then a point in time: a base
backup and the archived WAL, brought back to the moment before a mistake.
"""

import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import django

from bench.proof import Row, conclude
from drills import site as sites
from drills.fingerprint import Fingerprint, differences, fingerprint
from drills.site import Site, rows, say, until
from launcher import privileges, roles
from launcher.instance import Instance
from launcher.paths import APP, ROOT
from launcher.postgres import Cluster

HOUSEHOLDS, VISITS = 60_000, 600_000
MOST_MINUTES = 30  # until the service is back, reliability 5
MISTAKE = "INSERT INTO jobs_pulse (name, at) VALUES ('{}', now())"
ARCHIVING = (
    "ALTER SYSTEM SET archive_mode = on",
    "ALTER SYSTEM SET archive_timeout = '60s'",
    "ALTER SYSTEM SET archive_command = 'test ! -f {0}/%f && cp %p {0}/%f'",
)
RECOVERY = """
restore_command = 'cp {archive}/%f %p'
recovery_target_time = '{moment}'
recovery_target_action = 'promote'
archive_mode = off
"""


@dataclass
class Drill:
    """A filled site, and where its copies lie."""

    site: Site
    folder: Path
    rows: list[Row] = field(default_factory=list)

    def note(
        self, what: str, measured: str, bar: str = "", *, kept: bool | None = None
    ) -> None:
        """Keep one line of proof."""
        say(f"{what}: {measured}")
        self.rows.append(Row(what, measured, bar, kept))


def main() -> int:
    """Run both drills over one city; 1 when anything came back different."""
    django.setup()
    homes = sites.whole("HOUSEHOLDS", HOUSEHOLDS)
    visits = sites.whole("VISITS", VISITS)
    with sites.own_site() as site:
        drill = Drill(site, site.instance.dir)
        say("正在装入数据……")
        site.run("-m", "drills.city", str(homes), str(visits), "20", patience=1200)
        [(there,)] = site.rows("SELECT count(*) FROM visits_visit")
        prove(drill)
    size = f"{homes:,} households, {there:,} visits"
    return conclude("make restore-drill", size, drill.rows)


def prove(drill: Drill) -> None:
    """Restore the dump, then a point in time."""
    before = fingerprint(drill.site.admin)
    with ExitStack() as stack:
        from_dump(drill, before, stack)
    with ExitStack() as stack:
        from_wal(drill, stack)


# --- the dump -------------------------------------------------------------------


def from_dump(drill: Drill, before: Fingerprint, stack: ExitStack) -> None:
    """Dump as `sd_backup`, restore into an empty cluster, compare."""
    dump = drill.folder / "dump"
    started = time.monotonic()
    call(
        drill.site,
        "pg_dump",
        "-Fd",
        "-j2",
        f"-f{dump}",
        drill.site.env["DATABASE_BACKUP_URL"],
    )
    size = sum(part.stat().st_size for part in dump.iterdir()) / 2**20
    drill.note(
        "dump by sd_backup (NOSUPERUSER, reads only)",
        f"{time.monotonic() - started:.0f} s, {size:.0f} MB",
    )
    started = time.monotonic()
    url = empty_cluster(drill, stack)
    call(drill.site, "pg_restore", "-j2", "--exit-on-error", f"-d{url}", str(dump))
    rows(url, "ANALYZE")
    minutes = (time.monotonic() - started) / 60
    drill.note(
        "from an empty machine to a restored database",
        f"{minutes * 60:.0f} s",
        f"≤ {MOST_MINUTES} min",
        kept=minutes <= MOST_MINUTES,
    )
    compare(drill, "restored dump", before, fingerprint(url))


def empty_cluster(drill: Drill, stack: ExitStack) -> str:
    """Initialise another server with the three roles; return the superuser's URL."""
    secrets = drill.site.instance.secrets()
    place = Instance(drill.folder, "restored")
    place.create()
    cluster = Cluster(place.dir, ROOT, secrets.postgres, durable=True)
    stack.callback(cluster.remove)
    server = cluster.start()
    stack.callback(server.running.stop)
    passwords = {role: getattr(secrets, role) for role in roles.ROLES}
    roles.prepare(server.admin_url, APP, passwords)
    return roles.at(server.admin_url, APP)


def compare(drill: Drill, what: str, one: Fingerprint, other: Fingerprint) -> None:
    """Note each kind of thing: how many there are, and how many differ."""
    for kind, known in one.items():
        found = differences({kind: known}, {kind: other[kind]})
        for line in found[:5]:
            say(line)
        drill.note(
            f"{what}: {kind}",
            f"{len(known)} compared, {len(found)} different",
            "0 different",
            kept=bool(known or kind == "grants on columns") and not found,
        )


# --- a point in time ------------------------------------------------------------


def from_wal(drill: Drill, stack: ExitStack) -> None:
    """Back up the cluster, make a mistake, and return to the moment before it."""
    site = drill.site
    archive = shared_folder(site, drill.folder / "archive")
    start_archiving(site, archive)
    base = drill.folder / "recovered"
    started = time.monotonic()
    superuser = roles.at(site.admin, "postgres")
    call(site, "pg_basebackup", "-d", superuser, "-D", str(base / "postgres"), "-cfast")
    drill.note("base backup, online", f"{time.monotonic() - started:.0f} s")

    site.rows(MISTAKE.format("kept"))
    wanted = fingerprint(site.admin)
    [(moment,)] = site.rows("SELECT now()::text")
    site.rows(MISTAKE.format("mistake"))
    site.rows("DELETE FROM visits_overdueflag; TRUNCATE jobs_pulse")
    archive_all(site, archive)

    started = time.monotonic()
    url = recovered(site, base, archive, moment, stack)
    seconds = time.monotonic() - started
    drill.note(
        "recovery to a moment, from base backup and WAL",
        f"{seconds:.0f} s",
        f"≤ {MOST_MINUTES} min",
        kept=seconds <= MOST_MINUTES * 60,
    )
    names = {name for (name,) in rows(url, "SELECT name FROM jobs_pulse")}
    drill.note(
        "row written before the moment is there, the one after is not",
        ", ".join(sorted(names)),
        "kept",
        kept="kept" in names and "mistake" not in names,
    )
    compare(drill, "point in time", wanted, fingerprint(url))
    drill.note("data lost at most", "60 s (archive_timeout)", "≤ 5 min", kept=True)


def shared_folder(site: Site, folder: Path) -> Path:
    """Make a folder into which PostgreSQL's account may write."""
    folder.mkdir()
    privileges.give(folder, site.cluster.arrangement.account)
    return folder


def start_archiving(site: Site, archive: Path) -> None:
    """Let the server archive its WAL; changing the mode takes a restart."""
    for statement in ARCHIVING:
        rows(site.admin, statement.format(archive))
    site.restart_database()


def archive_all(site: Site, archive: Path) -> None:
    """End the present WAL file and wait until it is in the archive."""
    [(name,)] = site.rows("SELECT pg_walfile_name(pg_switch_wal())")
    until((archive / name).exists, f"{name} is archived")


def recovered(
    site: Site, base: Path, archive: Path, moment: str, stack: ExitStack
) -> str:
    """Start a server over the base backup that stops at `moment`; return its URL."""
    data = base / "postgres"
    with (data / "postgresql.auto.conf").open("a", encoding="utf-8") as file:
        file.write(RECOVERY.format(archive=archive, moment=moment))
    (data / "recovery.signal").touch()
    privileges.give(data, site.cluster.arrangement.account)
    cluster = Cluster(base, ROOT, site.cluster.password, durable=True)
    stack.callback(cluster.remove)
    server = cluster.start()
    stack.callback(server.running.stop)
    url = roles.at(server.admin_url, APP)
    until(
        lambda: rows(url, "SELECT NOT pg_is_in_recovery()")[0][0], "it is promoted", 600
    )
    return url


def call(site: Site, program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's own programs; its complaint is the exception's."""
    subprocess.run([site.programs / program, *arguments], check=True, stdout=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
