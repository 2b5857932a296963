"""What the lists of issues read of one: in one statement, whatever their number."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from django.db import connection

from regions.models import full_name, group_name
from regions.postgresql.paging import array_of
from sentiment.models import Holder, State

ROWS = """
SELECT issue.id, issue.version, issue.heard_on, issue.topic, issue.words,
       village.level, village.name, above.name,
       issue.household_id, home.head,
       team.number, team.name,
       issue.state, issue.holder, issue.way, issue.unit, issue.person, issue.due_on,
       issue.accepted_on, issue.resolved_on, issue.result, issue.told_on,
       issue.answer, issue.closed_on, issue.returns,
       (SELECT count(DISTINCT said.household_id)
        FROM (SELECT household_id FROM sentiment_issue
              WHERE merged_into_id = issue.id
              UNION ALL
              SELECT issue.household_id WHERE issue.merged_into_id IS NULL) said)
FROM sentiment_issue issue
JOIN regions_region village ON village.code = issue.region_code
LEFT JOIN regions_region above ON above.code = village.parent_id
LEFT JOIN households_household home ON home.id = issue.household_id
LEFT JOIN regions_villagergroup team ON team.id = issue.group_id
WHERE issue.id = ANY (%(ids)s::bigint[])
ORDER BY array_position(%(ids)s::bigint[], issue.id)
"""
STATES, HOLDERS = dict(State.choices), dict(Holder.choices)


class Row(NamedTuple):
    """An issue of a list, in the order of the columns of `ROWS`.

    `households` is how many of them say it, those of merged issues included.
    """

    pk: int
    version: int
    heard_on: dt.date
    topic: str
    words: str
    level: str
    village: str
    above: str | None
    household_id: int | None
    head: str | None
    number: int | None
    called: str | None
    state: str
    holder: str
    way: str
    unit: str
    person: str
    due_on: dt.date | None
    accepted_on: dt.date | None
    resolved_on: dt.date | None
    result: str
    told_on: dt.date | None
    answer: str
    closed_on: dt.date | None
    returns: int
    households: int

    @property
    def place(self) -> str:
        """镇 + 村."""
        return full_name(self.level, self.village, self.above)

    @property
    def group(self) -> str:
        """The villagers' group of who said it, empty where it is not known."""
        return group_name(self.number, self.called)

    @property
    def state_words(self) -> str:
        """Where it stands, in words."""
        return STATES.get(self.state, self.state)

    @property
    def held_by(self) -> str:
        """Who deals with it: the unit, or else the level."""
        return self.unit or HOLDERS.get(self.holder, self.holder)


def rows_of(ids: Sequence[int]) -> list[Row]:
    """Return these issues, in the order given."""
    if not ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(ROWS, {"ids": array_of(ids)})
        return [Row._make(row) for row in cursor.fetchall()]
