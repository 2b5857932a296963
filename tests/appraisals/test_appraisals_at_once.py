"""Two people at the same moment, in real transactions: the ratio holds."""

import pytest
from django.db import transaction

from appraisals.models import Appraisal, AppraisalResult
from appraisals.services import appraisals as services
from tests.appraisals.appraising import begun, fresh, grades_of, submitted
from tests.at_once import Act, one_after_the_other
from tests.cast import Cast, assemble, at
from tests.days import today
from tests.rolls import set_up


@pytest.fixture
def committed(own_database: str) -> tuple[Cast, Appraisal]:
    """Return the cast and an appraisal that waits for its grades, really committed."""
    cast = assemble()
    set_up()
    with at(cast.secretary):
        row = submitted(cast.secretary)
    return cast, row


def excellent(cast: Cast) -> list[str]:
    """Return who is 优秀."""
    with at(cast.secretary):
        best = AppraisalResult.objects.filter(grade="excellent")
        return list(best.values_list("representative__name", flat=True))


def test_L35_two_who_grade_at_once_cannot_exceed_the_ratio(
    committed: tuple[Cast, Appraisal],
) -> None:
    cast, row = committed

    def give(name: str) -> Act:
        def act() -> None:
            now = fresh(row)
            services.judge(
                appraisal=now,
                grades=grades_of(now, name),
                version=row.version,
                on=today(),
            )

        return act

    [refused] = one_after_the_other(cast, give("张顺民"), give("李红英"))
    assert "别人刚办过一步" in str(refused)
    assert excellent(cast) == ["张顺民"]


def test_L35_two_who_write_past_the_service_cannot_either(
    committed: tuple[Cast, Appraisal],
) -> None:
    """The database alone: each transaction sees only its own 优秀 until it commits."""
    cast, _ = committed

    def write(name: str) -> Act:
        named = {"representative__name": name}
        return lambda: AppraisalResult.objects.filter(**named).update(grade="excellent")

    [refused] = one_after_the_other(cast, write("张顺民"), write("李红英"))
    assert "ratio" in str(refused)
    assert excellent(cast) == ["张顺民"]


def test_two_who_begin_an_appraisal_at_once_begin_it_once(own_database: str) -> None:
    with transaction.atomic():
        cast = assemble()
    set_up()
    by = cast.secretary
    [refused] = one_after_the_other(cast, lambda: begun(by), lambda: begun(by))
    assert "评议已经有了" in str(refused)
