"""The lines of the roll of representatives, and the load of one of them.

Drawn here and not by a template: fifty of them took two thirds of the page's time there.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from django import template
from django.utils.safestring import SafeString

from representatives.listing import Listed
from representatives.loads import Load
from representatives.models import Politics, Sex
from ui.drawing import fill, fill_each
from ui.figures import NONE, day_words
from ui.links import addresses
from ui.tags.figures import light

LINE = (
    '<tr class="{}">\n<th scope="row"><a class="nm" href="{}">{}</a></th>\n{}\n'
    '<td>{}</td><td>{}</td><td>{}</td>{}\n{}\n<td data-label="联系">{}</td>\n'
    '<td data-label="任期至">{}</td><td>{}</td></tr>'
)
MORE = '<td data-label="{}">{}</td>'
NOTHING = fill('<td class="none">{}</td>', NONE)  # left out where a phone folds the row
LOAD = (
    '<span class="load"><svg class="lb" viewBox="0 0 100 10" preserveAspectRatio="none" '
    'aria-hidden="true"><rect class="track" width="100" height="10"/>'
    '<rect class="band" x="{}" width="{}" height="10"/>'
    '<rect class="f-{}" y="2.5" width="{}" height="5"/></svg>'
    '<span class="n">{} 户</span>{}</span>'
)
SEXES, POLITICS = dict(Sex.choices), dict(Politics.choices)

register = template.Library()


@register.simple_tag
def roster_lines(rows: Iterable[Listed], one_village: bool) -> SafeString:  # noqa: FBT001 - a tag's argument
    """The rows of the table; without 镇、村 where all are of one village."""
    return fill_each(LINE, _cells(rows, one_village=one_village))


def _cells(rows: Iterable[Listed], *, one_village: bool) -> Iterator[tuple[str, ...]]:
    address = addresses("representatives:detail")
    for row in rows:
        person = row.person
        yield (
            _tone(row),
            address(person.pk),
            person.name,
            "" if one_village else fill("<td>{}</td>", person.place),
            person.group or NONE,
            SEXES.get(person.sex, NONE),
            POLITICS.get(person.politics, NONE),
            _more("兼任", "、".join(person.offices)),
            _more("推选单元", person.unit),
            load_bar(row.load) if row.load else NONE,
            day_words(person.until),
            light(row.tone, row.state),
        )


def _more(label: str, words: str | None) -> SafeString:
    return fill(MORE, label, words) if words else NOTHING


def _tone(row: Listed) -> str:
    """Return the edge of the line: who needs something is what has to be seen first."""
    if row.tone == "off":
        return "gone"
    load = row.load.tone if row.load else ""
    if "bad" in {row.tone, load}:
        return "bad"
    return "warn" if load == "warn" else ""


@register.simple_tag
def load_bar(load: Load) -> SafeString:
    """A load as bar, number and word; the pale band on the bar is the right range."""
    return _load_bar(load)


@lru_cache(maxsize=256)
def _load_bar(load: Load) -> SafeString:
    """Draw it; a list shows the same few again and again."""
    start, length = load.band
    tone, word = load.tone, ""
    if tone != "ok":
        word = light(tone, load.words)
    colour = "info" if tone == "ok" else tone
    return fill(LOAD, start, length, colour, load.width, load.households, word)
