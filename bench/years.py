"""What a city has after some years besides visits: closed periods, trainings held.

Without them its dashboard would be measured on tables that are empty only here.
"""

from typing import Any
from uuid import UUID, uuid5

from django.db import connection, transaction
from django.utils import timezone

from accounts.audit import system_scope
from accounts.models import User
from bench.stage import Stage, connected
from regions.models import Region
from regions.scoping import narrowed
from reports import closing

TRAININGS = 4
"""Of each township, a half year apart; three in four of its representatives come."""
NAMES = UUID("6f1d3b1e-0d5c-4c8e-9a51-2a3f6f0b7c11")

HELD = """
INSERT INTO trainings_training (
    id, region_code, topic, level, kind, held_on, place, speakers, hours, state,
    entered_by_id, entered_at, signed_by_id, signed_at, lessons, cancellation, version)
VALUES (%(id)s, %(township)s, '走访怎么走', 'township_general', 'lesson',
    CURRENT_DATE - %(ago)s, '镇会议室', '镇民政办', 4, 'held', %(keeper)s, now(),
    %(keeper)s, now(), '', '', 1)
"""
CAME = """
INSERT INTO trainings_attendance (
    region_code, training, representative_id, sign, reason, entered_by_id, entered_at)
SELECT region_code, %(id)s, id, 'present', '', %(keeper)s, now()
FROM representatives_representative
WHERE region_code > %(township)s AND region_code < %(township)s + 1000
  AND (id + %(number)s) %% 4 <> 0
"""


def pass_years(stage: Stage, database: str) -> None:
    """Close the periods that are over, and hold the trainings of the last years."""
    with connected(database), system_scope("性能测量的准备"):
        keeper = User.objects.get(username="lishi-daoru").pk
        for township in Region.objects.current().townships():
            with narrowed(township.code), transaction.atomic():
                closing.close(township, timezone.localdate())
                _train(township.code, keeper)


def _train(township: int, keeper: int) -> None:
    with connection.cursor() as cursor:
        for number in range(TRAININGS):
            values: dict[str, Any] = {
                "id": uuid5(NAMES, f"{township} {number}"),
                "township": township,
                "number": number,
                "ago": 30 + 182 * number,
                "keeper": keeper,
            }
            cursor.execute(HELD, values)
            cursor.execute(CAME, values)
