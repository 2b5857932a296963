"""How much was said at a 恳谈会: what stands, in the list and in the ledger."""

from collections import Counter

from django.utils import timezone

from regions.models import Region
from sentiment import talk_board
from sentiment.meeting_ledgers import TalkLedger
from sentiment.models import TalkMeeting
from sentiment.services import withdraw
from sentiment.services.talks import hold
from tests.cast import VILLAGE, Cast, at, signed_in
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


def test_talks_of_one_moment_are_each_on_one_page(cast: Cast, rolls: Rolls) -> None:
    moment, convener = timezone.now(), next(iter(rolls.people.values()))
    with at(cast.clerk):
        TalkMeeting.objects.bulk_create(
            TalkMeeting(
                id=new_id(),
                region_id=VILLAGE,
                representative=convener,
                held_on=today(),
                place="村部",
                topics="用水",
                entered_by=cast.clerk.user,
                entered_at=moment,
            )
            for _ in range(90)
        )
    client = signed_in(cast.clerk)
    pages = (client.get(f"/talks/?page={n}").context["page"] for n in range(1, 6))
    assert len({talk.pk for page in pages for talk in page}) == 90
