"""A 民情分析会 that came in from paper, corrected: it stays what the paper said."""

import pytest

from sentiment import review_queue
from sentiment.models import Issue, Review
from sentiment.services import accept
from sentiment.services import reviews as services
from tests.cast import Cast, at, signed_in
from tests.days import today
from tests.rolls import Rolls, text_of
from tests.sentiment.meetings import heard
from tests.sentiment.test_review_resources import FULL, before, bring, row
from tests.workbooks import desk

uploads = desk.uploads


@pytest.fixture(autouse=True)
def handed_in_today(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the file be read today."""
    monkeypatch.setattr(desk, "TODAY", today())


def test_a_meeting_on_paper_that_is_corrected_stays_without_figures_and_items(
    cast: Cast, rolls: Rolls
) -> None:
    bring(cast, row(**FULL))
    old = heard(rolls, cast.clerk, "多年没修的路")
    with at(cast.secretary):
        accept(issue=old, version=1, on=today(), by=cast.secretary)
        Issue.objects.filter(pk=old.pk).update(heard_on=before(5))
        fresh = services.correct(review=Review.objects.get(), by=cast.secretary)
        assert not review_queue.queue_of(fresh, today()).matters
        texts = {"conclusion": "水管修好了"}
        services.save_texts(review=fresh, given=texts, was={})
        fresh.refresh_from_db()
    check = signed_in(cast.secretary).get(f"/reviews/{fresh.pk}/check/")
    assert "户次" not in text_of(check)
    with at(cast.secretary):
        sent = services.submit(review=fresh, version=fresh.version, by=cast.secretary)
        assert sent.is_from_paper
    paper = signed_in(cast.secretary).get(f"{sent.get_absolute_url()}paper/")
    assert "没有当月的数字" in paper.content.decode()
