"""A planner setting holds for a block, and is afterwards what it was."""

import pytest
from django.db import ProgrammingError, connection, transaction

from regions.postgresql import planner

pytestmark = pytest.mark.django_db


def loops() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW enable_nestloop")
        [setting] = cursor.fetchone()
    return str(setting)


def test_the_inner_of_two_blocks_leaves_the_outer_as_it_is() -> None:
    with planner.without("nestloop"):
        with planner.without("nestloop"):
            assert loops() == "off"
        assert loops() == "off"
    assert loops() == "on"


def test_a_block_that_raises_leaves_the_setting_as_it_was() -> None:
    with pytest.raises(ValueError, match="ours"), planner.without("nestloop"):
        raise ValueError("ours")
    assert loops() == "on"


def test_an_error_of_the_database_is_told_as_it_is() -> None:
    with (
        pytest.raises(ProgrammingError, match="nowhere"),
        transaction.atomic(),
        planner.without("nestloop"),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT * FROM nowhere")
    assert loops() == "on"
