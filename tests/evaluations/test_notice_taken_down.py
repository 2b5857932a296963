"""A round whose notice was taken down: it is put on view anew, however late."""

import datetime as dt

import pytest

from accounts.services import Refused
from evaluations.desk import Desk
from evaluations.models import RatingRound
from evaluations.rules.rounds import Act, Stage
from evaluations.waiting import stage_of
from notices import services as notices
from tests.cast import Cast
from tests.days import today
from tests.evaluations import stage
from tests.evaluations.stage import praise, take
from tests.rolls import Rolls


def test_a_notice_that_was_taken_down_is_written_again_after_its_last_day(
    cast: Cast, rolls: Rolls, round_: RatingRound
) -> None:
    praise(round_, rolls.held_by("李红英")[:1], cast.clerk)
    stage.to_notice(cast, round_)
    notice = stage.noticed(round_)
    notices.publish(notice=notice, by=cast.clerk, on=today())
    notices.withdraw(notice=notice, by=cast.clerk, reason="名字写错", on=today())
    after = notice.last_day + dt.timedelta(days=1)
    row = RatingRound.objects.select_related("notice", "scheme__owner", "region").get(
        pk=round_.pk
    )
    assert stage_of(row, after) is Stage.NOTICE
    desk = Desk(row, after, cast.clerk)
    assert desk.stage is Stage.NOTICE
    assert (desk.next().action, desk.next().is_mine) == ("写公示", True)
    with pytest.raises(Refused, match="还没有公示"):
        take(round_, Act.FILE, cast.township_staff, on=after)
