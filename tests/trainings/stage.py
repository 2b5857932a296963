"""Trainings on the stage of the rolls, written by the services."""

import uuid
from typing import Any

from accounts.models import Post
from representatives.models import Representative
from tests.cast import at, everywhere
from tests.days import today
from tests.rolls import Rolls
from trainings import services
from trainings.models import Attendance, Sign, Training
from trainings.services import Mark, Plan

CAME, ILL, AWAY = Mark(Sign.PRESENT), Mark(Sign.LEAVE, "生病"), Mark(Sign.ABSENT)


def content(**more: Any) -> Plan:
    """Return what is noted of a training of today."""
    facts: dict[str, Any] = {
        "topic": "走访怎么走",
        "held_on": today(),
        "place": "镇政府三楼",
        "hours": 4,
        "speakers": "刘老师",
    }
    return Plan(**facts | more)


def planned(by: Post, host: int | None = None, **more: Any) -> Training:
    """Plan a training of somebody's own division, or of another."""
    with at(by):
        return services.plan(
            training_id=uuid.uuid4(),
            host=host or by.region_id,
            content=content(**more),
            by=by,
        )[0]


def listed(by: Post, training: Training, *people: Representative) -> Training:
    """Put people on the roster."""
    with at(by):
        services.enrol(training=training, people=[p.pk for p in people], by=by)
        training.refresh_from_db()
    return training


def signed(by: Post, training: Training, **marks: Mark) -> Training:
    """Note who came; those not named were there."""
    with at(by):
        known = dict(
            Attendance.objects.of(training.pk).values_list(
                "representative__name", "representative"
            )
        )
        services.sign_in(
            training=training,
            marks={known[name]: mark for name, mark in marks.items()},
            version=training.version,
            by=by,
        )
        training.refresh_from_db()
    return training


def held(by: Post, rolls: Rolls, *names: str, **more: Any) -> Training:
    """Hold a training to which all of these came."""
    people = [rolls.people[name] for name in names]
    return signed(by, listed(by, planned(by, **more), *people))


def signs(training: Training) -> dict[str, tuple[str, str]]:
    """Return sign and reason by name, as the database has them."""
    with everywhere():
        rows = Attendance.objects.of(training.pk).select_related("representative")
        return {row.representative.name: (row.sign, row.reason) for row in rows}
