"""What of the rolls of representatives keeps a division from ending."""

from regions.models import inside
from regions.scoping import span
from representatives.models import Mandate


def in_office(code: int) -> str:
    """Return how many mandates of a division nobody has ended; empty without any."""
    rows = inside(Mandate.objects.unended(), span(code))
    return f"在任的代表 {count} 名" if (count := rows.count()) else ""
