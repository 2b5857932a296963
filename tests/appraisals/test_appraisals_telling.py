"""Who is told what of the yearly appraisal: the village, each person, the township."""

import datetime as dt

from appraisals import telling
from appraisals.services import appraisals as services
from inbox.models import Message
from tests.appraisals.appraising import begun, confirmed, noticed
from tests.cast import Cast, at, everywhere
from tests.days import this_year, today
from tests.rolls import Rolls, set_up


def in_person(cast: Cast, rolls: Rolls) -> None:
    """Let the representative's account be 张顺民's."""
    with everywhere():
        cast.representative.narrowed_to = rolls.people["张顺民"].pk
        cast.representative.save()


def told(kind: str) -> list[str]:
    """Return who was told of a kind of thing, by user name."""
    with everywhere():
        rows = Message.objects.filter(kind=kind)
        return sorted(rows.values_list("recipient__username", flat=True))


def test_confirming_tells_colleagues_and_everybody_his_own_result(cast: Cast) -> None:
    in_person(cast, set_up())
    with at(cast.secretary):
        row = confirmed(cast.secretary, "张顺民")
    assert set(told(telling.TURN)) == {"clerk"}
    assert told(telling.RESULT) == ["representative"]
    with everywhere():
        letter = Message.objects.get(kind=telling.RESULT)
    assert letter.url == "/appraisals/own/"
    assert "优秀" not in letter.title + letter.body
    assert row.version > 1


def test_what_the_township_sends_back_says_why(cast: Cast) -> None:
    set_up()
    with at(cast.secretary):
        row = confirmed(cast.secretary)
    with at(cast.township_staff):
        services.reopen(
            appraisal=row,
            reason="互评票对不上",
            version=row.version,
            on=today(),
            by=cast.township_staff,
        )
    with everywhere():
        last = Message.objects.filter(kind=telling.TURN).order_by("-pk")[0]
    assert "互评票对不上" in last.body
    assert {"clerk", "secretary"} <= set(told(telling.TURN))


def test_the_township_is_told_once_that_an_appraisal_waits(cast: Cast) -> None:
    set_up()
    with at(cast.secretary):
        row = noticed(cast.secretary, "张顺民")
    over = row.notice.last_day + dt.timedelta(days=1)
    with at(cast.township_staff):
        telling.remind(over - dt.timedelta(days=1))
        assert told(telling.OVER) == []
        telling.remind(over)
        telling.remind(over)
    assert "township_staff" in told(telling.OVER)
    assert len(told(telling.OVER)) == len(set(told(telling.OVER)))


def test_l35_a_village_without_an_appraisal_is_reminded_late_in_the_year(
    cast: Cast,
) -> None:
    set_up()
    with at(cast.township_staff):
        telling.remind(dt.date(this_year(), 10, 31))
        assert told(telling.MISSING) == []
        telling.remind(dt.date(this_year(), 12, 31))
    assert told(telling.MISSING) == ["clerk", "secretary"]


def test_l35_whoever_has_begun_is_left_in_peace(cast: Cast) -> None:
    set_up()
    with at(cast.secretary):
        begun(cast.secretary)
    with at(cast.township_staff):
        telling.remind(dt.date(this_year(), 12, 31))
    assert told(telling.MISSING) == []
