"""What the page of a paper asks of its blocks."""

from django import template

from papers.blocks import Block, Facts
from papers.codes import qr_uri
from ui.words import full_day

register = template.Library()
register.filter("paper_day", full_day)


@register.filter
def block_kind(block: Block) -> str:
    """Return the name of a block's class."""
    return type(block).__name__


register.filter("qr", qr_uri)


@register.filter
def percent(share: float) -> str:
    """Return a share as the width of a column; an attribute, for the policy bars styles."""
    return f"{share * 100:.1f}%"


@register.filter
def spare_of(facts: Facts, row: tuple[tuple[str, str], ...]) -> int:
    """Return how many columns the last value of a short row spans; 0 of a full one."""
    spare = max(len(one) for one in facts.rows) - len(row)
    return spare * 2 + 1 if spare else 0
