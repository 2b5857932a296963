"""The lines of the list of issues.

Drawn here and not by a template: fifty of them took half of the page's time there.
"""

from collections.abc import Iterable, Iterator

from django import template
from django.template.defaultfilters import truncatechars
from django.utils.safestring import SafeString

from sentiment.listing import Line
from sentiment.rows import Row
from sentiment.rules import Next
from ui.drawing import fill, fill_each
from ui.figures import NONE, day_words
from ui.links import addresses
from ui.tags.figures import light, tag

LINE = (
    '<tr class="{}"><th scope="row" class="full said"><a class="nm" href="{}">{}</a>{}'
    '</th>\n<td>{}</td>{}<td>{}</td><td>{}</td><td data-label="收集">{}</td>'
    "<td>{}{}</td><td>{}</td></tr>"
)
DONE_AGAIN = fill(" {}", tag("重办过", "bad"))

register = template.Library()


@register.simple_tag
def issue_lines(lines: Iterable[Line], one_village: bool) -> SafeString:  # noqa: FBT001 - a tag's argument
    """The rows of the table; without 镇、村 where all are of one village."""
    return fill_each(LINE, _cells(lines, one_village=one_village))


def _cells(lines: Iterable[Line], *, one_village: bool) -> Iterator[tuple[str, ...]]:
    address = addresses("sentiment:issue")
    for line in lines:
        issue = line.issue
        yield (
            line.tone,
            address(issue.pk),
            truncatechars(line.words, 60),
            _said_by(line.households),
            _next(line.next),
            "" if one_village else fill("<td>{}</td>", issue.place),
            issue.topic,
            _home(issue),
            day_words(issue.heard_on),
            issue.state_words,
            DONE_AGAIN if issue.returns else "",
            f"{issue.held_by} · {issue.person}" if issue.person else issue.held_by,
        )


def _said_by(households: int) -> str:
    if households <= 1:
        return ""
    return fill(" {}", tag(f"{households} 户反映", "warn"))


def _next(step: Next) -> str:
    if not step.light:
        return ""
    if step.tone == "info":
        return tag(step.light, "info")
    return light(step.tone, step.light)


def _home(issue: Row) -> str:
    if issue.head is None:
        return NONE
    return f"{issue.head} · {issue.group}" if issue.group else issue.head
