"""The figures of a dashboard's line.

Drawn here and not by a template: a village has five hundred of them, and a template
took 30 ms of the page for what takes five.
"""

from django import template
from django.utils.safestring import SafeString

from reports.dashboard import Line
from reports.figures.domain import Cell
from ui.drawing import fill, fill_each
from ui.templatetags.charts import bar

register = template.Library()


@register.simple_tag
def figures(line: Line, elapsed: float | None) -> SafeString:
    """The cells of a line; every number is a link to the list that makes it."""
    return fill_each(
        '<td class="num" data-label="{}">{}</td>',
        ((label, _figure(cell, elapsed)) for label, cell in line.cells),
    )


def _figure(cell: Cell, elapsed: float | None) -> str:
    if cell.share is not None:
        drawn = bar(cell.share, 100, elapsed, tone=cell.tone)
        return fill('{}<span class="fig">{}</span>', drawn, cell.words)
    if not cell.url:
        return cell.words
    if css := cell.css:
        return fill('<a class="{}" href="{}">{}</a>', css, cell.url, cell.words)
    return fill('<a href="{}">{}</a>', cell.url, cell.words)
