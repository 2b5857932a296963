"""The gallery in a real browser, without a server: requests are answered by the views.

No database and no middleware take part, so that what is seen is the pages alone; the
content policy is the one of the settings.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from csp.utils import build_policy
from django.contrib.staticfiles import finders
from django.http import Http404, HttpResponse
from django.test import RequestFactory
from django.urls import Resolver404, resolve
from playwright.sync_api import ConsoleMessage, Page, Route

from launcher.browser import find

CHROMIUM = os.environ.get("BROWSER") or find() or ""
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SITE = "http://gallery.test"
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What is in order need not be described: it is most of the answer, and slow to write.
WANTED = {"runOnly": RULES, "resultTypes": ["violations"]}


@dataclass
class Visitor:
    """A page of the browser, what it sent, and what it complained about."""

    page: Page
    posts: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    cut: bool = False
    hold: bool = False

    def __post_init__(self) -> None:
        """Answer every request here and listen to the console."""
        self.page.route("**/*", self.answer)
        self.page.on("console", self.note)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def note(self, message: ConsoleMessage) -> None:
        """Keep errors and warnings; a status we asked for is neither."""
        asked = message.text.startswith("Failed to load resource")
        if message.type in {"error", "warning"} and not asked:
            self.complaints.append(message.text)

    def open(self, page: str, size: str = "m") -> Page:
        """Open a page of the gallery in one of the sizes."""
        self.page.goto(f"{SITE}/gallery/{page}/?size={size}")
        return self.page

    def violations(self) -> list[str]:
        """What axe finds on the present page: rule and element."""
        found = Axe().run(self.page, options=WANTED).response["violations"]
        return [
            f"{rule['id']}: {n['html'][:120]}" for rule in found for n in rule["nodes"]
        ]

    def rest(self) -> None:
        """Be as new for the next test, in a window whose programs are warm."""
        self.cut = self.hold = False
        self.page.context.set_offline(False)
        self.page.context.clear_cookies()
        self.page.emulate_media(media="null")
        self.posts.clear()
        self.complaints.clear()

    def overflow(self) -> int:
        """How many pixels the page is wider than its window."""
        width = "document.documentElement.scrollWidth - window.innerWidth"
        return int(self.page.evaluate(width))

    def answer(self, route: Route) -> None:
        """Serve a static file or call the view.

        While `cut`, requests fail; while `hold`, a POST is never answered.
        """
        if self.cut:
            route.abort("connectionfailed")
            return
        path = urlsplit(route.request.url).path
        if path.startswith("/static/"):
            _serve(route, path.removeprefix("/static/"))
            return
        if route.request.method == "POST":
            self.posts.append(f"{path} {route.request.post_data or ''}")
            if self.hold:
                return
        response = _call(route, path)
        headers = {name.lower(): value for name, value in response.items()}
        headers["content-security-policy"] = build_policy()
        route.fulfill(
            status=response.status_code, headers=headers, body=response.content
        )


def _serve(route: Route, name: str) -> None:
    found = finders.find(name)
    if not isinstance(found, str):
        route.fulfill(status=404, body="")
        return
    route.fulfill(body=Path(found).read_bytes(), content_type=KINDS[Path(found).suffix])


def _call(route: Route, path: str) -> HttpResponse:
    """Call the gallery's view; other addresses only get their POST noted."""
    if not path.startswith("/gallery/"):
        return HttpResponse("<!doctype html><title>到了</title><h1>到了</h1>")
    asked = route.request
    kind = asked.headers.get("content-type", "application/octet-stream")
    request = RequestFactory().generic(
        asked.method, asked.url.removeprefix(SITE), asked.post_data_buffer or b"", kind
    )
    try:
        match = resolve(path)
        answer: HttpResponse = match.func(request, *match.args, **match.kwargs)
    except (Http404, Resolver404):
        return HttpResponse("absent", status=404)
    return answer
