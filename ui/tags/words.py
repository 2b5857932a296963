"""Tags that tell: notices, empty states, dialogs, jobs, lists of facts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.template import Context
from django.utils.safestring import SafeString

from ui.parts import Attached, Change, Event, Job, Pair, Step, Tally, Todo
from ui.tags.library import draw_part, register


@register.simple_block_tag(takes_context=True)
def notice(
    context: Context, content: str, tone: str = "info", title: str = ""
) -> SafeString:
    """A notice in the page; `tone` ok/info/warn/bad (bad is announced at once)."""
    return draw_part(context, "notice", tone=tone, title=title, body=content)


@register.simple_block_tag(takes_context=True)
def empty(
    context: Context, content: str, title: str, icon: str = "inbox", tone: str = ""
) -> SafeString:
    """An empty list: what is missing (`title`), why (content), and the one action.

    `tone="ok"` for the good kind of empty: all done.
    """
    return draw_part(context, "empty", title=title, icon=icon, tone=tone, body=content)


@register.simple_block_tag(takes_context=True)
def dialog(context: Context, content: str, name: str, title: str) -> SafeString:
    """A confirmation in a `<dialog id=name>`; opened by a button `data-dialog="name"`.

    The opener is a link to a page that asks the same, so that it works without
    JavaScript. The content is the words and the form with its buttons; a button with
    `data-close` closes.
    """
    return draw_part(context, "dialog", name=name, title=title, body=content)


@register.inclusion_tag("components/skeleton.html")
def skeleton(rows: int = 5, cols: int = 6) -> dict[str, object]:
    """Grey bars in place of rows that are still loading (shown after 400 ms)."""
    return {"rows": range(rows), "cols": range(cols)}


@register.inclusion_tag("components/job.html")
def job(job: Job) -> dict[str, object]:
    """A job with its progress; asks `poll_url` every 2 s while it runs (htmx).

    The view behind `poll_url` draws components/job.html with `job` again.
    """
    return {"job": job}


@register.inclusion_tag("components/tally.html")
def tally(tally: Tally, unit: str = "行") -> dict[str, object]:
    """读入 = 新增 + 更新 + 不变 + 错误 + 空行, each a link to its rows."""
    return {"tally": tally, "unit": unit}


@register.inclusion_tag("components/todo_list.html")
def todo_list(todos: Iterable[Todo]) -> dict[str, object]:
    """Piles of work, the worst first: count, what, one action each."""
    return {"todos": todos}


@register.inclusion_tag("components/steps.html")
def steps(steps: Iterable[Step], label: str = "步骤") -> dict[str, object]:
    """The steps of a process and where it stands."""
    return {"steps": steps, "label": label}


@register.inclusion_tag("components/timeline.html")
def timeline(events: Iterable[Event], label: str = "经过") -> dict[str, object]:
    """What happened, newest first as given; an event may carry changes."""
    return {"events": events, "label": label}


@register.inclusion_tag("components/diff.html")
def diff(changes: Iterable[Change]) -> dict[str, object]:
    """Old → new, one line for each changed value."""
    return {"changes": changes}


@register.inclusion_tag("components/kv.html")
def kv(pairs: Iterable[Pair]) -> dict[str, object]:
    """Facts: a label and its value each."""
    return {"pairs": pairs}


@register.inclusion_tag("components/stats.html")
def stats(pairs: Iterable[Pair]) -> dict[str, object]:
    """Figures in a column: label left, figure right."""
    return {"pairs": pairs}


@register.inclusion_tag("components/quote.html")
def quote(
    text: str, who: str = "", at: datetime | date | None = None, url: str = ""
) -> dict[str, object]:
    """A person's own words, who said them and when."""
    return {"text": text, "who": who, "at": at, "url": url}


@register.simple_tag(takes_context=True)
def attached(
    context: Context, files: Iterable[Attached], label: str = "附件"
) -> SafeString:
    """Photos as a strip, voice notes as players, scans as links (attachments.css)."""
    return draw_part(context, "attached", files=tuple(files), label=label)
