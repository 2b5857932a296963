"""The stage of the tests of representatives."""

import pytest

from tests.cast import Cast
from tests.rolls import Rolls, set_up


@pytest.fixture
def rolls(cast: Cast) -> Rolls:
    """Return the rolls of our village: see `tests.rolls`."""
    return set_up()
