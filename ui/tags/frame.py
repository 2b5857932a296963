"""What stands around every desktop page: drawn once, and kept for the next page.

A person goes from page to page, and the bar above them stays the same but for three
things: the token of its forms, the address that they lead back to, and which link of the
navigation is the present one. It is drawn with a mark at each of these places, and the
marks are replaced.
"""

from __future__ import annotations

from functools import lru_cache
from operator import attrgetter
from secrets import token_hex
from types import SimpleNamespace

from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from ui.shell import NavGroup
from ui.tags.library import register

BAR = (
    *("place", "person", "post", "posts_url", "home_url", "size", "unread", "menu"),
    *("inbox_url", "search_url", "search_hint", "sign_out_url"),
)
"""What of a shell the bar shows (components/top_bar.html)."""
TOKEN, HERE, LINKS = (f"{name}-{token_hex(16)}" for name in ("token", "here", "links"))
"""The marks: nothing that anybody typed can be one."""

_seen = attrgetter(*BAR)


@register.simple_tag(takes_context=True)
def side_nav(context: Context) -> SafeString:
    """The links of the navigation; `{% side_nav as links %}` shows them twice for one."""
    shell = context.get("shell")
    return _drawn_nav(shell.nav) if shell else SafeString()


@lru_cache(maxsize=256)
def _drawn_nav(groups: tuple[NavGroup, ...]) -> SafeString:
    """Draw the links once for all who are offered the same and stand on the same page.

    The template escapes even what is marked safe: a safe string equals a plain one.
    """
    return mark_safe(render_to_string("components/side_nav.html", {"groups": groups}))  # noqa: S308 (a template escapes its values)


@register.simple_tag(takes_context=True)
def top_bar(context: Context, nav_links: SafeString) -> SafeString:
    """The navy bar of whoever is signed in; `nav_links` stand in its drawer."""
    token, request = context.get("csrf_token"), context.get("request")
    # A safe string equals a plain one, so that words marked safe would be kept for both.
    seen = (v + "" if isinstance(v, str) else v for v in _seen(context["shell"]))
    bar = _drawn_bar(tuple(seen), has_token=bool(token))
    here = escape(request.get_full_path()) if request else ""
    filled = bar.replace(TOKEN, str(token)).replace(HERE, here)
    return mark_safe(filled.replace(LINKS, nav_links))  # noqa: S308 (drawn by templates)


@lru_cache(maxsize=512)
def _drawn_bar(seen: tuple[object, ...], *, has_token: bool) -> str:
    """Draw the bar with the marks in it, once for each person and number of messages."""
    values = {
        "shell": SimpleNamespace(**dict(zip(BAR, seen, strict=True))),
        "nav_links": LINKS,
        "csrf_token": TOKEN if has_token else "",
        "here": HERE,
    }
    return render_to_string("components/top_bar.html", values)
