"""All rows of a township's rolls as text, to be compared before and after."""

from typing import Any

from django.db import connection

from households.models import CategoryTag, ContactLink, Household
from regions.models import VillagerGroup
from representatives.models import (
    CommitteeTerm,
    Constituency,
    Mandate,
    Representative,
    Seat,
)
from tests.cast import everywhere
from visits.models import Duty, Visit

ROLLS = (
    VillagerGroup,
    CommitteeTerm,
    Constituency,
    Seat,
    Representative,
    Mandate,
    Household,
    CategoryTag,
    ContactLink,
    Visit,
    Duty,
)


def whole_rows(model: Any) -> list[str]:
    """Return every row of a table as text, without the counter of edits."""
    with everywhere(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT (to_jsonb(t) - 'version' - 'judged_on')::text FROM <t> t ORDER BY 1".replace(
                "<t>", model._meta.db_table
            )
        )
        return [row for (row,) in cursor.fetchall()]


def picture() -> dict[str, list[str]]:
    return {model.__name__: whole_rows(model) for model in ROLLS}
