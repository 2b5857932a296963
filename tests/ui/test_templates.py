"""What no template may contain, whoever writes it."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.template.loader import get_template

ROOT = Path(settings.BASE_DIR) / "templates"
TEMPLATES = sorted(str(path.relative_to(ROOT)) for path in ROOT.rglob("*.html"))
COMPONENTS = [name for name in TEMPLATES if name.startswith("components/")]
PAGES = [name for name in TEMPLATES if not name.startswith("components/")]

COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
CHINESE = "\u4e00-\u9fff"
HALF_WIDTH = re.compile(rf"[{CHINESE}][,;:!?()]|[,;!?()][{CHINESE}]")

FORBIDDEN = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "a script in the page": re.compile(
        r"<script\b(?![^>]*\bsrc=)(?![^>]*application/json)", re.IGNORECASE
    ),
    "an event attribute": re.compile(r"<[^>]*\s(?:on[a-z]+|hx-on[:a-z-]*)\s*="),
    "a javascript: address": re.compile(r"javascript:", re.IGNORECASE),
    "evaluated htmx values": re.compile(r"hx-vals=['\"]js:|hx-trigger=['\"][^'\"]*\["),
    "unescaped output": re.compile(r"\|\s*safe\b|autoescape\s+off"),
    "an address of another site": re.compile(r"(?:src|href)=['\"]https?://"),
}


HOOKS = {"picker", "off"}
"""Classes that a test or a tone uses and that look like the default on purpose."""


@lru_cache
def everything() -> dict[str, str]:
    """Source of every template and of the ui app, by path."""
    paths = [*ROOT.rglob("*.html"), *ROOT.parent.glob("ui/**/*.py")]
    return {str(path): path.read_text(encoding="utf-8") for path in paths}


@lru_cache
def ruled() -> frozenset[str]:
    """Every class that some style sheet names."""
    sheets = (ROOT.parent / "static").rglob("*.css")
    text = "".join(path.read_text(encoding="utf-8") for path in sheets)
    return frozenset(re.findall(r"\.([a-zA-Z][\w-]*)", text))


@lru_cache
def source(name: str) -> str:
    return COMMENT.sub("", (ROOT / name).read_text(encoding="utf-8"))


def found(
    rule: Callable[[str], Iterable[str]], names: list[str]
) -> dict[str, set[str]]:
    """Hold a rule against templates; return what it found, by template."""
    return {name: wrong for name in names if (wrong := set(rule(name)))}


def test_templates_compile_with_every_tag_and_icon_they_name() -> None:
    for name in TEMPLATES:
        assert get_template(name).origin.name.endswith(name)


def test_templates_keep_the_content_policy_and_escape() -> None:
    assert found(forbidden, TEMPLATES) == {}


def forbidden(name: str) -> Iterator[str]:
    text = source(name)
    return (what for what, rule in FORBIDDEN.items() if rule.search(text))


def test_images_and_drawings_say_what_they_are_or_are_hidden() -> None:
    assert found(mute, TEMPLATES) == {}


def mute(name: str) -> Iterator[str]:
    text = source(name)
    yield from (i for i in re.findall(r"<img\b[^>]*>", text) if "alt=" not in i)
    for svg in re.findall(r"<svg\b[^>]*>", text):
        named = 'role="img"' in svg and "aria-label=" in svg
        if not named and 'aria-hidden="true"' not in svg:
            yield svg


def test_chinese_stands_between_full_width_punctuation() -> None:
    assert found(half_width, TEMPLATES) == {}


def half_width(name: str) -> list[str]:
    words = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", source(name), flags=re.DOTALL)
    return HALF_WIDTH.findall(words)


def test_htmx_links_work_without_htmx() -> None:
    assert found(dead, TEMPLATES) == {}


def dead(name: str) -> Iterator[str]:
    for link in re.findall(r"<a\b[^>]*\bhx-get=[^>]*>", source(name)):
        if not re.search(r"(?<![-\w])href=", link):
            yield link
    for form in re.findall(r"<form\b[^>]*\bhx-post=[^>]*>", source(name)):
        if "action=" not in form or "method=" not in form:
            yield form


def test_components_begin_with_what_they_are_and_their_inputs() -> None:
    assert found(unexplained, COMPONENTS) == {}


def unexplained(name: str) -> Iterator[str]:
    head = (ROOT / name).read_text(encoding="utf-8").splitlines()[:2]
    return (
        line for line in head if not (line.startswith("{# ") and line.endswith("#}"))
    )


def test_components_are_used_somewhere() -> None:
    """A part nobody draws is a part nobody sees break."""
    assert [name for name in COMPONENTS if not is_used(name)] == []


def is_used(name: str) -> bool:
    others = (text for path, text in everything().items() if path != str(ROOT / name))
    called = (name, f'"{Path(name).stem}"')
    return any(word in text for text in others for word in called)


def test_every_class_has_a_rule() -> None:
    """A class without a rule is a typing error, or the rule was lost."""
    assert found(unruled, TEMPLATES) == {}


def unruled(name: str) -> set[str]:
    written = re.findall(r'class="([^"]*)"', source(name))
    words = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", " ", " ".join(written))
    used = {
        word for word in words.split() if not word.startswith("-") and word[-1] != "-"
    }
    return used - ruled() - HOOKS


def test_lint_sees_each_thing_that_it_forbids() -> None:
    """The rules above are shown to find what they are for."""
    samples = {
        "a style attribute": '<p class="x" style="color:red">',
        "a style element": "<style>p{}</style>",
        "a script in the page": "<script>go()</script>",
        "an event attribute": '<a href="#" onclick="go()">',
        "a javascript: address": '<a href="javascript:go()">',
        "evaluated htmx values": "<div hx-vals='js:{a: 1}'>",
        "unescaped output": "{{ text|safe }}",
        "an address of another site": '<script src="https://cdn.example/x.js">',
    }

    missed = {
        what for what, text in samples.items() if not FORBIDDEN[what].search(text)
    }

    assert missed == set()
    assert HALF_WIDTH.search("已保存,请继续")
    assert not HALF_WIDTH.search("已保存，请在 2026-11-23 前继续（选填）。")


FRAME = ("top_bar", "size_menu", "crumbs", "side_nav")
"""Components that every desktop page has around it."""
OF_THE_FRAME = {"app.css", "desktop.css", "narrow.css", "phone.css", "print.css"}


def test_no_page_styles_the_frame_around_it() -> None:
    """`.menu` of one page laid out the menus of the top bar, and showed a hidden one."""
    parts = [source(f"components/{name}.html") for name in FRAME]
    marks = " ".join(re.findall(r'class="([\w -]+)"', "".join(parts)))
    sheets = (ROOT.parent / "static/css").glob("*.css")
    own = {sheet.name: styled(sheet) & set(marks.split()) for sheet in sheets}
    assert {name: own[name] for name in own if own[name]}.keys() <= OF_THE_FRAME


def styled(sheet: Path) -> set[str]:
    """Return the classes with which a selector of the sheet begins."""
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text("utf-8"), flags=re.DOTALL)
    selectors = ",".join(re.findall(r"([^{}]+)\{", text)).split(",")
    return {name for one in selectors for name in re.findall(r"^\s*\.([\w-]+)", one)}
