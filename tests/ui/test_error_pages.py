"""Error pages: what happened, what to do next; two of them stand on nothing."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.template import loader
from django.test import RequestFactory

from tests.ui.conftest import Elements
from ui.gallery.samples import sample_shell
from ui.parts import Change

TEMPLATES = Path(settings.BASE_DIR) / "templates"
PAGES = ["400", "403", "403_csrf", "404", "409", "413", "500", "503"]


@pytest.mark.parametrize("name", PAGES)
def test_page_stands_without_request_and_context(name: str) -> None:
    drawn = Elements(loader.get_template(f"{name}.html").render({}))

    assert drawn.one("h1") == {}
    assert len(drawn.all("li")) >= 2  # what to do next
    assert drawn.one("main")
    assert [a for a in drawn.all("a") if a.get("href") == "/"]
    assert drawn.all("nav") == drawn.all("form") == []


@pytest.mark.parametrize("name", ["500", "503"])
def test_last_resort_uses_no_tag_and_inherits_nothing(name: str) -> None:
    source = (TEMPLATES / f"{name}.html").read_text(encoding="utf-8")

    tags = {part.split()[0] for part in source.split("{%")[1:]}
    assert tags <= {"if", "else", "endif"}
    assert "/static/css/app.css" in source


def test_maintenance_page_is_a_file_that_a_proxy_can_serve() -> None:
    source = (TEMPLATES / "503.html").read_text(encoding="utf-8")

    assert "{%" not in source
    assert "{{" not in source


def test_server_error_gives_its_number_when_there_is_one() -> None:
    template = loader.get_template("500.html")

    assert "7f3a2b1c" in template.render({"reference": "7f3a2b1c"})
    assert "编号" not in template.render({})


def test_refusal_names_the_post_and_the_reason(rf: RequestFactory) -> None:
    values: dict[str, Any] = {
        "shell": sample_shell("bare", "m"),
        "exception": PermissionError("镇里不能改村里的记录。"),
    }

    drawn = Elements(loader.render_to_string("403.html", values, rf.get("/")))

    assert "镇里不能改村里的记录。" in drawn.text
    assert "村党支部书记" in drawn.text


def test_conflict_shows_both_versions(rf: RequestFactory) -> None:
    changes = (Change("电话", "138****5678", "139****0021"),)

    drawn = Elements(
        loader.render_to_string("409.html", {"changes": changes}, rf.get("/"))
    )

    assert "138****5678" in drawn.text
    assert "139****0021" in drawn.text


def test_too_large_says_how_large_is_allowed(rf: RequestFactory) -> None:
    drawn = loader.render_to_string("413.html", {"limit": "10 MB"}, rf.get("/"))

    assert "一个文件最多 10 MB。" in drawn
