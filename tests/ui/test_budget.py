"""Weight: phones of 2015 on a weak signal, and browsers from Chrome 86 on."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.http import HttpRequest
from django.test import RequestFactory

from ui import views

STATIC = Path(settings.BASE_DIR) / "static"
KIB = 1024


def packed(*names: str) -> int:
    """Bytes of these static files, each compressed on its own as it is served."""
    return sum(len(gzip.compress((STATIC / name).read_bytes(), 9)) for name in names)


def page_of(rf: RequestFactory, page: str) -> int:
    request: HttpRequest = rf.get("/gallery/")
    return len(gzip.compress(views.gallery(request, page).content, 6))


def test_styles_of_a_page_stay_under_8_kib() -> None:
    assert packed("css/app.css", "css/desktop.css") <= 8 * KIB
    assert packed("css/app.css", "css/phone.css") <= 8 * KIB


def test_a_narrow_window_adds_at_most_one_and_a_half_kib_of_styles() -> None:
    assert packed("css/narrow.css") <= 1.5 * KIB


def test_script_stays_under_4_kib() -> None:
    assert packed("js/app.js") <= 4 * KIB
    assert packed("js/fit.js") <= 1 * KIB


def test_phone_page_stays_under_25_kib_with_everything(
    rf: RequestFactory, settings: object
) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]
    html = page_of(rf, "phone-list")

    assert html <= 6 * KIB
    assert html + packed("css/app.css", "css/phone.css", "js/app.js") <= 25 * KIB


def test_dashboard_page_stays_under_25_kib(
    rf: RequestFactory, settings: object
) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]

    assert page_of(rf, "figures") <= 25 * KIB


@pytest.mark.parametrize("path", sorted(STATIC.glob("css/*.css")), ids=lambda p: p.name)
def test_styles_keep_to_what_old_browsers_know(path: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    newer = r":has\(|:is\(|:where\(|color-mix|@layer|@container|@import|aspect-ratio|\binset:|^\s*&"

    assert re.findall(newer, text, flags=re.MULTILINE) == []


@pytest.mark.parametrize("path", sorted(STATIC.glob("js/*.js")), ids=lambda p: p.name)
def test_scripts_keep_to_es2018_and_evaluate_nothing(path: Path) -> None:
    text = re.sub(
        r"/\*.*?\*/|//[^\n]*", "", path.read_text(encoding="utf-8"), flags=re.DOTALL
    )
    newer = r"\?\.[a-zA-Z\[(]|\?\?|\beval\(|new Function|document\.write|\|\|=|&&=|#[a-z]+\s*="

    assert re.findall(newer, text) == []
