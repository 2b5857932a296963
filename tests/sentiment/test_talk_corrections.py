"""What was said at a 恳谈会 follows its day."""

import pytest

from accounts.models import Post
from sentiment.models import Issue
from sentiment.services import accept
from sentiment.services.talks import amend, hold
from tests.cast import Cast, at
from tests.days import days_ago, today
from tests.rolls import Rolls
from tests.sentiment.meetings import as_representative, new_id, talk_of


@pytest.mark.parametrize("who", ["clerk", "representative"])
def test_what_was_said_moves_with_the_day_of_its_meeting(
    cast: Cast, rolls: Rolls, who: str
) -> None:
    by: Post = cast.clerk
    if who == "representative":
        by = as_representative(cast.representative, rolls)
    with at(by):
        talk, _ = hold(talk_id=new_id(), content=talk_of(rolls), by=by)
        right = talk_of(rolls, held_on=days_ago(40), opinions=())
        amend(talk=talk, content=right, version=talk.version, by=by)
        assert Issue.objects.get(talk=talk).heard_on == days_ago(40)


def test_what_is_being_dealt_with_keeps_its_day(cast: Cast, rolls: Rolls) -> None:
    with at(cast.clerk):
        talk, _ = hold(talk_id=new_id(), content=talk_of(rolls), by=cast.clerk)
        accept(issue=talk.issues.get(), version=1, on=today(), by=cast.clerk)
        right = talk_of(rolls, held_on=days_ago(40), opinions=())
        amend(talk=talk, content=right, version=talk.version, by=cast.clerk)
        assert talk.issues.get().heard_on == today()
