"""What was said on the 集中走访 of a party day: nothing typed is lost in silence."""

from http import HTTPStatus

import pytest

from accounts.services import Refused
from households.models import Household
from sentiment.models import Issue, PartyDay
from sentiment.services.party_days import Seen, hold, visit_together
from tests.cast import Cast, at, signed_in
from tests.rolls import Rolls, text_of
from tests.sentiment.test_party_days import facts
from visits.models import Visit


@pytest.fixture
def day(cast: Cast) -> PartyDay:
    with at(cast.clerk):
        return hold(facts=facts(), by=cast.clerk)


def sheet(*said: tuple[str, Household | None], **more: object) -> dict[str, object]:
    """Return the page as it is sent, with what some households said."""
    sent: dict[str, object] = {"o-TOTAL_FORMS": len(said), "o-INITIAL_FORMS": 0}
    for n, (words, home) in enumerate(said):
        sent |= {f"o-{n}-words": words, f"o-{n}-household": home.pk if home else ""}
        sent |= {f"o-{n}-topic": "基础设施"}
    return sent | more


@pytest.mark.parametrize("whose", ["nobody's", "one household's, twice"])
def test_words_that_would_get_lost_are_asked_about(
    cast: Cast, rolls: Rolls, day: PartyDay, whose: str
) -> None:
    home = rolls.held_by("张顺民")[0]
    said = [("路灯坏了", home), ("水管漏水", None if "nobody" in whose else home)]
    url, browser = f"/party-days/{day.pk}/visits/", signed_in(cast.clerk)
    answer = browser.post(url, sheet(*said, key=[], others=[home.pk]))
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert ("请选是哪一户说的" if "nobody" in whose else "合成一条") in text_of(answer)
    assert "水管漏水" in answer.content.decode()
    with at(cast.clerk):
        assert not Visit.objects.exists()


def test_words_of_a_household_that_is_recorded_already_are_not_dropped(
    cast: Cast, rolls: Rolls, day: PartyDay
) -> None:
    home = rolls.held_by("张顺民")[0]
    with at(cast.clerk):
        visit_together(day=day, seen=[Seen(home.pk)], by=cast.clerk)
        later = [Seen(home.pk, "水管漏水", "基础设施")]
        with pytest.raises(Refused, match=f"{home.head}家当天已经记过"):
            visit_together(day=day, seen=later, by=cast.clerk)
        other = rolls.held_by("张顺民")[1]
        said = [Seen(home.pk), Seen(other.pk, "路灯坏了", "基础设施")]
        assert visit_together(day=day, seen=said, by=cast.clerk) == 1
        assert visit_together(day=day, seen=said, by=cast.clerk) == 0
        assert Issue.objects.count() == 1


def test_all_that_is_said_of_a_matter_is_kept_or_asked_about(
    cast: Cast, rolls: Rolls, day: PartyDay
) -> None:
    home = rolls.held_by("张顺民")[0]
    url, browser = f"/party-days/{day.pk}/visits/", signed_in(cast.clerk)
    tapped: dict[str, object] = {"others": [home.pk], "o-0-satisfaction": "bad"}
    long = browser.post(url, sheet(("路灯坏了" * 130, home), **tapped))
    assert long.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "500" in text_of(long)
    more = browser.post(url, sheet(("路灯坏了", None), **tapped) | {"more": "1"})
    assert "请选是哪一户说的" not in text_of(more), "he has not finished"
    browser.post(url, sheet(("路灯坏了", home), **tapped))
    with at(cast.clerk):
        assert Issue.objects.get().satisfaction == "bad"
