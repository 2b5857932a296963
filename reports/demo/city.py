"""The whole city by set-based SQL, for measurements: plain, even, and in minutes.

Villages that have households keep them; the others are filled one township at a time,
in one transaction each. Every trigger stays on: duties and history are written by the
database as always, once for each statement. ID numbers and phones are real seals of
invented ones, the same few hundred in every village.
"""

import datetime as dt
from dataclasses import dataclass
from random import Random
from typing import Any

from django.db import connection, transaction

from accounts.models import User
from accounts.sealing import Sealed, blind_index
from households.models import Household
from regions.models import Region
from regions.scoping import narrowed
from reports.demo.people import MEN, SURNAMES, WOMEN, People
from reports.demo.plans import Calendar
from reports.demo.villages import CATEGORIES
from representatives.names import initials

HOMES_PER_GROUP = 36
HOMES_PER_SEAT = 9
VISITS_A_YEAR = 6.6
"""Of an average household: 15 % monthly, the others quarterly (domain 5)."""
FIRST_POLICY = dt.date(2022, 1, 1)
"""No visit is owed, and none made up, before the city's first settings."""


@dataclass(frozen=True)
class Made:
    """What was added."""

    villages: int = 0
    households: int = 0
    visits: int = 0

    @property
    def words(self) -> str:
        """As the command prints it."""
        return (
            f"{self.villages} 个村（社区）、{self.households} 户、{self.visits} 次走访"
        )

    def __add__(self, other: "Made") -> "Made":
        return Made(
            self.villages + other.villages,
            self.households + other.households,
            self.visits + other.visits,
        )


def fill(
    households: int, visits: int, today: dt.date, linked_on: dt.date | None = None
) -> Made:
    """Fill the empty villages until the city has about so many households and visits.

    The visits are the latest ones; without `linked_on` the links begin with them.
    """
    with transaction.atomic():
        present = Household.objects.values("region_id")
        villages = Region.objects.current().villages()
        empty = list(villages.exclude(code__in=present).order_by("code"))
        missing = households - Household.objects.count()
        keeper = User.objects.get(username="lishi-daoru")
    if not empty or missing <= 0:
        return Made()
    homes = max(HOMES_PER_GROUP, missing // len(empty))
    size = Size(
        homes=homes,
        visits=visits // (homes * len(empty)),
        today=today,
        keeper=keeper.pk,
        linked_on=linked_on,
    )
    made = Made()
    for township in sorted({village.parent_id or 0 for village in empty}):
        codes = [v.code for v in empty if v.parent_id == township]
        with narrowed(township), transaction.atomic():
            made += fill_township(codes, size)
    return made


@dataclass(frozen=True)
class Size:
    """How large each village gets; `visits` are those of one household."""

    homes: int
    visits: int
    today: dt.date
    keeper: int
    linked_on: dt.date | None = None

    @property
    def parameters(self) -> dict[str, Any]:
        """What the statements below refer to."""
        calendar = Calendar(self.today)
        years = dt.timedelta(days=round(365 * self.visits / VISITS_A_YEAR))
        first = max(FIRST_POLICY, self.today - years)
        linked_on = self.linked_on or min(first, calendar.linked_on)
        return {
            "homes": self.homes,
            "groups": max(1, round(self.homes / HOMES_PER_GROUP)),
            "seats": HOMES_PER_GROUP // HOMES_PER_SEAT,
            "visits": self.visits,
            "today": self.today,
            "first": linked_on,
            "seen_from": max(first, linked_on),
            "term_start": calendar.term_start,
            "term_end": calendar.term_end,
            "keeper": self.keeper,
            "categories": list(CATEGORIES),
        }


def fill_township(codes: list[int], size: Size) -> Made:
    parameters = {**size.parameters, "codes": codes, **_name_lists()}
    with connection.cursor() as cursor:
        # The limit of a request; a township's visits of five years take longer.
        cursor.execute("SET LOCAL statement_timeout = 0")
        _copy_numbers(cursor, size.homes)
        for statement in STATEMENTS:
            cursor.execute(statement, parameters)
        cursor.execute(VISITS, parameters)
        visits = int(cursor.rowcount)
        cursor.execute("DROP TABLE demo_number, demo_seat, demo_home")
    return Made(len(codes), len(codes) * size.homes, visits)


def _name_lists() -> dict[str, list[str]]:
    given = [*MEN, *WOMEN]
    return {
        "surnames": list(SURNAMES),
        "surname_initials": [initials(name) for name in SURNAMES],
        "given": given,
        "given_initials": [initials(name) for name in given],
    }


def _copy_numbers(cursor: Any, count: int) -> None:
    """Put sealed numbers into a temporary table: one household of each village each."""
    people = People(Random(count), "430596")  # noqa: S311 - a demo's dice
    rows = []
    for order in range(count):
        person = people.person(oldest=1945, youngest=1995, women=0.2)
        number, phone = person.id_number, person.phone
        sealed = Sealed.of(number, "id_number").token, Sealed.of(phone, "phone").token
        rows.append(
            (order, sealed[0], blind_index(number), sealed[1], blind_index(phone))
        )
    cursor.execute(NUMBERS)
    cursor.executemany("INSERT INTO demo_number VALUES (%s, %s, %s, %s, %s)", rows)


NUMBERS = """
CREATE TEMP TABLE demo_number (
    n int PRIMARY KEY, id_number text, id_index text, phone text, phone_index text
) ON COMMIT DROP
"""
STATEMENTS = (
    """
    INSERT INTO regions_villagergroup (region_code, number, name)
    SELECT village, number, ''
    FROM unnest(%(codes)s::bigint[]) village, generate_series(1, %(groups)s) number
    ON CONFLICT DO NOTHING
    """,
    """
    INSERT INTO representatives_committeeterm
        (region_code, started_on, ends_on, members, women)
    SELECT village, %(term_start)s, %(term_end)s, 5, 2
    FROM unnest(%(codes)s::bigint[]) village
    ON CONFLICT DO NOTHING
    """,
    """
    INSERT INTO representatives_constituency
        (region_code, name, mode, group_id, decision)
    SELECT region_code, number || '组', 'group', id, ''
    FROM regions_villagergroup
    WHERE region_code = ANY (%(codes)s) AND number <= %(groups)s
    """,
    """
    INSERT INTO representatives_seat (region_code, constituency_id, number, opened_on)
    SELECT region_code, id, number, %(term_start)s
    FROM representatives_constituency, generate_series(1, %(seats)s) number
    WHERE region_code = ANY (%(codes)s)
    """,
    """
    CREATE TEMP TABLE demo_seat ON COMMIT DROP AS
    SELECT s.id AS seat, s.region_code, s.number, u.group_id,
           g.number AS group_number, abs(hashint8(s.id)) AS dice,
           nextval(pg_get_serial_sequence('representatives_representative', 'id')) AS person
    FROM representatives_seat s
    JOIN representatives_constituency u ON u.id = s.constituency_id
    JOIN regions_villagergroup g ON g.id = u.group_id
    WHERE s.region_code = ANY (%(codes)s)
    """,
    """
    INSERT INTO representatives_representative (
        id, region_code, group_id, name, initials, sex, nation, birth_year, phone_index,
        education, politics, offices, draws_allowance, remark, version)
    SELECT person, region_code, group_id,
        (%(surnames)s::text[])[1 + dice %% cardinality(%(surnames)s::text[])]
            || (%(given)s::text[])[1 + dice / 64 %% cardinality(%(given)s::text[])],
        (%(surname_initials)s::text[])[1 + dice %% cardinality(%(surnames)s::text[])]
            || (%(given_initials)s::text[])[1 + dice / 64 %% cardinality(%(given)s::text[])],
        CASE WHEN dice / 64 %% cardinality(%(given)s::text[]) < 34 THEN 'm' ELSE 'f' END,
        '汉族', 1950 + dice %% 50, '', 'junior',
        CASE WHEN dice %% 3 = 0 THEN 'member' ELSE 'masses' END, '{}', false, '', 1
    FROM demo_seat
    """,
    """
    INSERT INTO representatives_mandate (
        region_code, representative_id, seat_id, mode, is_by_election, started_on,
        until, end_cause, end_evidence)
    SELECT region_code, person, seat, 'group', false, %(term_start)s, %(term_end)s, '', ''
    FROM demo_seat
    """,
    """
    CREATE TEMP TABLE demo_home ON COMMIT DROP AS
    SELECT s.region_code, s.group_id, s.group_number, s.person, h.n, v.village,
           abs(hashint8(v.village * 1000 + h.n)) AS dice,
           nextval(pg_get_serial_sequence('households_household', 'id')) AS home
    FROM unnest(%(codes)s::bigint[]) v(village)
    CROSS JOIN LATERAL (
        SELECT n, 1 + n * %(groups)s / %(homes)s AS group_number,
               1 + n * %(groups)s * %(seats)s / %(homes)s %% %(seats)s AS seat_number
        FROM generate_series(0, %(homes)s - 1) n
    ) h
    JOIN demo_seat s ON s.region_code = v.village
        AND s.group_number = h.group_number AND s.number = h.seat_number
    """,
    """
    INSERT INTO households_household (
        id, region_code, group_id, head, initials, id_number, id_index, phone,
        phone_index, address, members, residents, is_away, situation, remark, status,
        registered_on, version)
    SELECT h.home, h.region_code, h.group_id,
        (%(surnames)s::text[])[1 + dice %% cardinality(%(surnames)s::text[])]
            || (%(given)s::text[])[1 + dice / 64 %% cardinality(%(given)s::text[])],
        (%(surname_initials)s::text[])[1 + dice %% cardinality(%(surnames)s::text[])]
            || (%(given_initials)s::text[])[1 + dice / 64 %% cardinality(%(given)s::text[])],
        d.id_number, d.id_index, d.phone, d.phone_index, h.group_number || '组',
        1 + dice %% 6, 1 + dice %% 3, false, '', '', 'living', %(first)s, 1
    FROM demo_home h JOIN demo_number d USING (n)
    """,
    """
    INSERT INTO households_contactlink (
        region_code, household_id, representative_id, started_on, end_reason,
        party_member, patch, neighbourhood, grid, entered_by_id)
    SELECT region_code, home, person, %(first)s, '', '', '', '', '', %(keeper)s
    FROM demo_home WHERE dice %% 100 <> 7
    """,
    """
    INSERT INTO households_categorytag (
        region_code, household_id, category_id, started_on, source)
    SELECT region_code, home, (%(categories)s::text[])[1 + dice / 8 %% 12], %(first)s, ''
    FROM demo_home WHERE dice %% 7 = 0
    """,
)
# Evenly through the years, one in about twenty-five households not visited lately.
VISITS = """
INSERT INTO visits_visit (
    id, region_code, household_id, representative_id, visited_on, way, counts,
    has_matter, topics, words, answer, satisfaction, for_village, entered_by_id,
    on_behalf, captured_at, received_at, fingerprint, withdrawal)
SELECT gen_random_uuid(), v.region_code, v.home, v.person, v.day, 'door', true, v.told,
       '{}', CASE WHEN v.told THEN '希望加装路灯' ELSE '' END, '', '', false,
       %(keeper)s, true, v.day + time '12:00', v.day + time '12:00',
       md5(v.home || ':' || v.i) || md5(v.i || ':' || v.home), ''
FROM (
    SELECT h.*, i, (dice + i) %% 20 = 0 AS told,
        %(today)s::date - (CASE WHEN dice %% 25 = 3 THEN 150 ELSE 0 END)
            - ((i * (%(today)s::date - %(seen_from)s::date - 8)) / %(visits)s)::int
            - dice %% 8 AS day
    FROM demo_home h, generate_series(0, %(visits)s - 1) i
    WHERE dice %% 100 <> 7
) v
WHERE v.day >= %(seen_from)s
"""
