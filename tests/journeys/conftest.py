"""Browser journeys: the real site in its own processes, driven by the system's Chromium.

Each journey is one person's job from beginning to end. Whatever page it opens is
checked on the way: no accessibility violation, no breach of the content policy, no
script error, no sideways scrolling.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright
from playwright.sync_api import TimeoutError as NotInTime

from accounts.models import Post
from launcher import roles
from launcher.browser import find
from tests.cast import begin_session, everywhere
from tests.conftest import use_database
from tests.databases import OWNER_URL, ROOT, cloned, exists, fingerprint, one_at_a_time

CHROMIUM = os.environ.get("BROWSER") or find() or ""
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-ui-for-media-stream",  # a microphone that hums
    "--use-fake-device-for-media-stream",
]
PASSWORD = "lianhu-2026"
# Rows that the same lines of a template have drawn: axe reads the first ones.
ALIKE = [["tbody tr:nth-child(n+6)"], ["li:nth-child(n+9)"]]
DEMO = ("load_demo", "--scale", "small")  # what is clicked through needs no full size
expect.set_options(timeout=20_000)  # a busy machine is slower, not wrong
WIDE, PHONE, NARROW = (1440, 900), (390, 844), (320, 640)


def pytest_collection_modifyitems(config: Any, items: list[Any]) -> None:
    """Leave the journeys out, and say so, where there is no browser to take them."""
    if CHROMIUM or os.environ.get("REQUIRE_BROWSER") == "1":
        return
    here = str(Path(__file__).parent)
    left_out = [item for item in items if str(item.path).startswith(here)]
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)


@pytest.fixture(scope="package")
def database() -> str:
    """Return the name of the database that `site` serves."""
    return f"lianhu_site_{os.getpid()}"


@pytest.fixture(scope="package")
def site(database: str, demo_database: str, tmp_path_factory: Any) -> Iterator[str]:
    """Serve the demo from a database of its own; return its address."""
    work = tmp_path_factory.mktemp("site")
    with served(demo_database, database, work) as address:
        yield address


@pytest.fixture(scope="session")
def demo_database(template_database: str) -> str:
    """Return the name of a database with the demo in it, loaded once for all workers."""
    name = f"lianhu_demo_{fingerprint(_sources())}"
    with one_at_a_time("demo"), roles.connect(OWNER_URL) as owner:
        if not exists(owner, name):
            _load_demo(template_database, name)
    return name


def _sources() -> list[Path]:
    """Return the files on which the demo's rows may depend: those of the apps."""
    apps = [file.parent for file in ROOT.glob("[a-z]*/apps.py")]
    return sorted(
        path
        for app in apps
        for path in app.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    )


def _load_demo(template: str, name: str) -> None:
    with cloned(template, f"{name}_half") as half:
        _manage([*DEMO], {**os.environ, **_reaching(half), "DEMO": "1"})
        # Half a demo must never pass for a whole one: its name comes last.
        with roles.connect(OWNER_URL) as owner, owner.cursor() as cursor:
            cursor.execute(f'ALTER DATABASE "{half}" RENAME TO "{name}"')


def _reaching(name: str) -> dict[str, str]:
    """Return the settings by which a program works on this database."""
    urls = ("DATABASE_URL", "DATABASE_OWNER_URL")
    return {url: roles.at(os.environ[url], name) for url in urls}


@contextmanager
def served(template: str, name: str, work: Path) -> Iterator[str]:
    """Serve a clone of the template for the block.

    Nobody listens where Redis should be: every page must answer without it.
    """
    with cloned(template, name):
        port = _free_port()
        environment = {
            **os.environ,
            **_reaching(name),
            "STATIC_ROOT": str(work / "static"),
            "RUN_DIR": str(work),
            "REDIS_URL": "redis://127.0.0.1:1/0",
            "DEMO": "1",
            "TLS": "0",
            "ALLOWED_HOSTS": "127.0.0.1",
        }
        _manage(["collectstatic", "--noinput", "-v0"], environment)
        with _serving(port, environment, work / "web.log") as address:
            yield address


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Return the system's Chromium, closed with the last journey.

    Playwright's event loop must be gone before Django's other tests go on here.
    """
    assert CHROMIUM, (
        "没有找到 Chromium：请安装 chromium-headless-shell 和 fonts-noto-cjk。"
    )
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@contextmanager
def within(database: str, blocker: Any, monkeypatch: Any) -> Iterator[None]:
    """Let a test read and write the database of a site.

    Playwright keeps an event loop in this thread, which Django takes for a program
    that answers many at once; here nothing runs beside the test.
    """
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with blocker.unblock():
        shared = str(settings.DATABASES["default"]["NAME"])
        use_database(database)
        yield
        use_database(shared)


@pytest.fixture
def inside(
    site: str, database: str, django_db_blocker: Any, monkeypatch: Any
) -> Iterator[None]:
    """Let the test read and write the site's own database."""
    with within(database, django_db_blocker, monkeypatch):
        yield


Visit = Callable[..., Page]


@pytest.fixture
def visit(
    site: str,
    database: str,
    browser: Browser,
    django_db_blocker: Any,
    monkeypatch: Any,
) -> Iterator[Visit]:
    """Return a function that opens a signed-in page: `visit("village", size=PHONE)`."""
    contexts, troubles = [], []

    def open_page(
        who: str = "", *, path: str = "/", size: Any = WIDE, **more: Any
    ) -> Page:
        context = browser.new_context(
            base_url=site,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            viewport={"width": size[0], "height": size[1]},
            **more,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: _note(troubles, message))
        page.on("pageerror", lambda error: troubles.append(str(error)))
        if who:
            with within(database, django_db_blocker, monkeypatch):
                context.add_cookies([session_of(who, site)])
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not troubles, "\n".join(troubles)


def session_of(who: str, site: str) -> Any:
    """Return the cookie that signing in would have left."""
    with everywhere():
        key = begin_session(Post.objects.select_related("user").get(user__username=who))
    return {"name": settings.SESSION_COOKIE_NAME, "value": key, "url": site}


def sign_in(page: Page, who: str) -> None:
    """Sign in on the page, as the person would."""
    page.goto("/accounts/sign-in/")
    page.get_by_label("用户名或手机号").fill(who)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(lambda url: "sign-in" not in url)


def look(page: Page) -> None:
    """Check a page as it stands: axe finds nothing, nothing scrolls sideways."""
    found = Axe().run(page, {"exclude": ALIKE}, {"resultTypes": ["violations"]})
    violations = [
        f"{v['id']}: {v['help']} {[node['target'] for node in v['nodes']][:3]}"
        for v in found.response["violations"]
    ]
    assert not violations, f"{page.url}\n" + "\n".join(violations)
    overflow = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert overflow <= 0, f"{page.url} scrolls sideways by {overflow}px"


def ready_for_no_network(page: Page) -> None:
    """Wait until the phone has kept the four pages that open without network."""
    kept = """async () => {
        const pages = ['', 'matter/', 'outbox/', 'mine/'];
        return (await Promise.all(pages.map((one) => caches.match(`/visits/${one}`)))).every(Boolean);
    }"""
    for _ in range(300):  # `wait_for_function` takes a promise for a yes
        if page.evaluate(kept):
            return
        page.wait_for_timeout(100)
    raise AssertionError("the phone has not kept its pages")


def upload(page: Page) -> None:
    """Send what waits in the phone; it may go by itself, and the button with it."""
    page.goto("/visits/outbox/")
    with suppress(NotInTime):
        page.get_by_role("button", name="现在上传").click(timeout=3_000)
    expect(page.get_by_text("手机里没有没上传的记录")).to_be_visible(timeout=15_000)


def _note(troubles: list[str], message: ConsoleMessage) -> None:
    """Keep breaches of the content policy; refused requests are the test's business."""
    if "Content Security Policy" in message.text:
        troubles.append(message.text)


class _serving:  # noqa: N801 - used as a with-block, like a function
    """Run the web server for the block, and end it with its children."""

    def __init__(self, port: int, environment: dict[str, str], log: Path) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self.port, self.environment, self.log = port, environment, log

    def __enter__(self) -> str:
        command = [
            *(sys.executable, "-m", "gunicorn", "shaodong.wsgi:application"),
            *("--bind", f"127.0.0.1:{self.port}", "--threads", "4"),
        ]
        self.output = self.log.open("w")
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=self.environment,
            stdout=self.output,
            stderr=subprocess.STDOUT,
        )
        self._wait()
        return self.address

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(20)
        self.output.close()

    def _wait(self) -> None:
        for _ in range(150):
            try:
                with closing(HTTPConnection("127.0.0.1", self.port)) as connection:
                    connection.request("GET", "/healthz")
                    if connection.getresponse().status == HTTPStatus.OK:
                        return
            except ConnectionError:
                time.sleep(0.2)
        raise AssertionError(self.log.read_text())


def _manage(command: list[str], environment: dict[str, str]) -> None:
    subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL,
    )


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
