"""What no template may contain, whoever writes it."""

import re
from functools import lru_cache
from pathlib import Path

import pytest
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


def source(name: str) -> str:
    return COMMENT.sub("", (ROOT / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", TEMPLATES)
def test_template_compiles_with_every_tag_and_icon_it_names(name: str) -> None:
    assert get_template(name).origin.name.endswith(name)


@pytest.mark.parametrize("name", TEMPLATES)
def test_template_keeps_the_content_policy_and_escapes(name: str) -> None:
    found = {what for what, rule in FORBIDDEN.items() if rule.search(source(name))}

    assert found == set()


@pytest.mark.parametrize("name", TEMPLATES)
def test_images_and_drawings_say_what_they_are_or_are_hidden(name: str) -> None:
    text = source(name)
    without_alt = [i for i in re.findall(r"<img\b[^>]*>", text) if "alt=" not in i]
    drawings = re.findall(r"<svg\b[^>]*>", text)
    mute = [
        svg
        for svg in drawings
        if 'aria-hidden="true"' not in svg
        and not ('role="img"' in svg and "aria-label=" in svg)
    ]

    assert (without_alt, mute) == ([], [])


@pytest.mark.parametrize("name", TEMPLATES)
def test_chinese_stands_between_full_width_punctuation(name: str) -> None:
    words = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", source(name), flags=re.DOTALL)

    assert HALF_WIDTH.findall(words) == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_htmx_links_work_without_htmx(name: str) -> None:
    links = re.findall(r"<a\b[^>]*\bhx-get=[^>]*>", source(name))
    dead = [link for link in links if not re.search(r"(?<![-\w])href=", link)]
    forms = re.findall(r"<form\b[^>]*\bhx-post=[^>]*>", source(name))
    dead += [form for form in forms if "action=" not in form or "method=" not in form]

    assert dead == []


@pytest.mark.parametrize("name", COMPONENTS)
def test_component_begins_with_what_it_is_and_its_inputs(name: str) -> None:
    first, second, *_ = (ROOT / name).read_text(encoding="utf-8").splitlines()

    assert first.startswith("{# ")
    assert second.startswith("{# ")
    assert first.endswith("#}")
    assert second.endswith("#}")


@pytest.mark.parametrize("name", COMPONENTS)
def test_component_is_used_somewhere(name: str) -> None:
    """A part nobody draws is a part nobody sees break."""
    short = Path(name).stem
    others = (text for path, text in everything().items() if path != str(ROOT / name))
    called = (name, f'"{short}"')

    assert any(word in text for text in others for word in called)


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_class_has_a_rule(name: str) -> None:
    """A class without a rule is a typing error, or the rule was lost."""
    written = re.findall(r'class="([^"]*)"', source(name))
    words = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", " ", " ".join(written))
    used = {
        word for word in words.split() if not word.startswith("-") and word[-1] != "-"
    }

    assert used - ruled() - HOOKS == set()


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
