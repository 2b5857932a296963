"""What of the rolls of households keeps a division from ending."""

from households.models import Household
from regions.models import inside
from regions.scoping import span


def on_the_roll(code: int) -> str:
    """Return how many households are on the roll of a division; empty without any."""
    rows = inside(Household.objects.living(), span(code))
    return f"在册的联系户 {count} 户" if (count := rows.count()) else ""
