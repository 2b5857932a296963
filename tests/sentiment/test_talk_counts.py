"""How much was said at a 恳谈会: what stands, in the list and in the ledger."""

from collections import Counter

from regions.models import Region
from sentiment import talk_board
from sentiment.meeting_ledgers import TalkLedger
from sentiment.services import withdraw
from sentiment.services.talks import hold
from tests.cast import VILLAGE, Cast, at
from tests.days import today
from tests.rolls import Rolls
from tests.sentiment.meetings import new_id, talk_of


def test_an_opinion_that_was_withdrawn_is_not_counted(cast: Cast, rolls: Rolls) -> None:
    with at(cast.clerk):
        talk, _ = hold(talk_id=new_id(), content=talk_of(rolls), by=cast.clerk)
        withdraw(
            issue=talk.issues.get(),
            version=1,
            words="记重了",
            on=today(),
            by=cast.clerk,
        )
        place = Region.objects.get(code=VILLAGE)
        ledger, totals = TalkLedger(place), Counter[str]()
        ledger.rows(ledger.keys({}, "", today()), today(), totals, full=False)
        assert totals["heard"] == 0
        assert talk_board.talks_in(place).get().heard == 0
