"""Visits by quarter in partitions beside one table: the measurement behind ADR 0017.

Both are copies of the city's visits with the same two indexes, read as the owner with no
policy in between, so that nothing but the partitions differs.
"""

import time
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from django.db import connection

from bench.city import TOWNSHIP, many
from bench.jobs import Figure, job
from bench.stage import Stage
from bench.watch import p95

ROUNDS = 15
QUARTERS = """
SELECT date_trunc('quarter', day)::date::text
FROM generate_series(%s::date, %s::date + interval '6 months', '3 months') day
"""
QUESTIONS = {
    "本月走访，按镇": (
        "SELECT region_code / 1000, count(*) FROM {} "
        "WHERE visited_on >= date_trunc('month', current_date) GROUP BY 1"
    ),
    "十二个月，一个镇": (
        "SELECT date_trunc('month', visited_on), count(*) FROM {} "
        f"WHERE region_code >= {TOWNSHIP} AND region_code < {TOWNSHIP + 1000} "
        "AND visited_on >= current_date - 365 GROUP BY 1"
    ),
    "一户的全部走访": (
        "SELECT * FROM {} WHERE household_id = (SELECT household_id FROM visits_duty "
        "ORDER BY household_id LIMIT 1) ORDER BY visited_on DESC"
    ),
}


@job("partitions")
def partitions(stage: Stage) -> Iterator[Figure]:
    """Ask both copies the same questions, in turns."""
    with many(stage) as city:
        name = str(connection.settings_dict["NAME"])
        with stage.owner(name) as owner, owner.cursor() as cursor:
            owner.autocommit = True
            pieces = _copied(cursor)
            try:
                for question, query in QUESTIONS.items():
                    plain, parted = _asked(cursor, query)
                    yield Figure(
                        f"{question}：按季分区",
                        city.size,
                        f"p95 {p95(parted):.1f} ms，{pieces} 个分区",
                        f"一张表 {p95(plain):.1f} ms",
                        f"{p95(parted) / p95(plain):.2f} 倍",
                    )
            finally:
                cursor.execute("DROP TABLE IF EXISTS drill_plain, drill_parted")


def _copied(cursor: Any) -> int:
    """Copy the visits twice; return the number of partitions."""
    cursor.execute("SET statement_timeout = 0")
    cursor.execute(
        "SELECT set_config('app.lo', '0', false), set_config('app.hi', '999999999999', false)"
    )
    cursor.execute("CREATE TABLE drill_plain AS SELECT * FROM visits_visit")
    cursor.execute(
        "CREATE TABLE drill_parted (LIKE visits_visit) PARTITION BY RANGE (visited_on)"
    )
    cursor.execute("SELECT min(visited_on), max(visited_on) FROM drill_plain")
    cursor.execute(QUARTERS, cursor.fetchone())
    starts = [start for (start,) in cursor.fetchall()]
    for number, (start, after) in enumerate(pairwise(starts)):
        cursor.execute(
            f"CREATE TABLE drill_parted_{number} PARTITION OF drill_parted "
            "FOR VALUES FROM (%s) TO (%s)",
            [start, after],
        )
    cursor.execute("INSERT INTO drill_parted SELECT * FROM drill_plain")
    for table in ("drill_plain", "drill_parted"):
        cursor.execute(f"CREATE INDEX ON {table} (region_code, visited_on DESC)")
        cursor.execute(f"CREATE INDEX ON {table} (household_id, visited_on DESC)")
        cursor.execute(f"ANALYZE {table}")
    return len(starts) - 1


def _asked(cursor: Any, query: str) -> tuple[list[float], list[float]]:
    """Return the milliseconds of each round, of one table and of the partitions."""
    taken: dict[str, list[float]] = {"drill_plain": [], "drill_parted": []}
    for number in range(ROUNDS + 2):
        for table, times in taken.items():
            started = time.perf_counter()
            cursor.execute(query.format(table))
            cursor.fetchall()
            if number >= 2:
                times.append((time.perf_counter() - started) * 1000)
    return taken["drill_plain"], taken["drill_parted"]
