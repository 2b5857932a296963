"""评议会 put off: a day that was mistyped, another chair, somebody who cannot take part."""

import pytest

from accounts.services import Refused
from appraisals.models import Appraisal
from appraisals.rules.appraisals import Part
from appraisals.rules.steps import Stage
from appraisals.services import appraisals as services
from appraisals.services.appraisals import Meeting
from tests.appraisals.appraising import (
    BALLOT,
    GOOD,
    begun,
    convened,
    fresh,
    new_year,
)
from tests.cast import Cast, at, signed_in
from tests.days import in_days, today
from tests.rolls import Rolls, text_of


def arrange(row: Appraisal, meeting: Meeting, **unrated: str) -> None:
    """Arrange it as whoever opened the page just now."""
    named = {
        one.pk: unrated[one.representative.name]
        for one in row.results.select_related("representative")
        if one.representative.name in unrated
    }
    now = fresh(row)
    services.arrange(
        appraisal=row, meeting=meeting, unrated=named, version=now.version, on=today()
    )


def test_a_meeting_whose_day_was_mistyped_is_moved(cast: Cast, rolls: Rolls) -> None:
    with at(cast.secretary):
        row = begun(cast.secretary)
        arrange(row, Meeting(in_days(200), "村部", "申主任", new_year()))
        arrange(row, Meeting(today(), "祠堂", "周静霞", new_year()), 张顺民="外出")
        row = fresh(row)
        assert (row.at, row.met_on, row.place) == (Stage.MEETING, today(), "祠堂")
        assert row.results.rated().count() == 3


def test_whoever_was_voted_on_stays_on_the_list(cast: Cast, rolls: Rolls) -> None:
    with at(cast.secretary):
        row = convened(cast.secretary)
        votes = {one.pk: GOOD for one in row.results.all()}
        services.enter_ballot(
            appraisal=row, body=Part.PEERS, ballot=BALLOT, votes=votes,
            version=row.version, on=today(),
        )  # fmt: skip
        meeting = Meeting(today(), "祠堂", "申主任", new_year())
        with pytest.raises(Refused, match="票数已经录了"):
            arrange(row, meeting, 张顺民="外出")
        arrange(row, meeting)
        assert fresh(row).place == "祠堂"


def test_the_page_of_a_meeting_leads_to_its_day(cast: Cast, rolls: Rolls) -> None:
    with at(cast.secretary):
        row = begun(cast.secretary)
        arrange(row, Meeting(in_days(200), "村部", "申主任", new_year()))
    url = f"/appraisals/{row.pk}/"
    assert (
        f'href="{url}arrange/"' in signed_in(cast.secretary).get(url).content.decode()
    )
    page = signed_in(cast.secretary).get(f"{url}arrange/")
    assert "申主任" in text_of(page) or "申主任" in page.content.decode()
    outside = signed_in(cast.township_staff).get(url).content.decode()
    assert f"{url}arrange/" not in outside
