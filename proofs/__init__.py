"""What is shown, not said: modules that attack the product and count what they find.

Each returns `Finding` rows, and none of them is a test: `tests` asks for a small part.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """A row of a table: what was tried, what came of it, what it had to be."""

    what: str
    measured: str
    bar: str
    kept: bool
