"""The figures that a 民情分析会 begins with, and the lists behind them."""

import re

from sentiment.models import Issue
from tests.cast import Cast, at, signed_in
from tests.rolls import Rolls
from tests.sentiment.meetings import begun, heard


def test_each_figure_of_issues_has_a_list_of_that_many(
    cast: Cast, rolls: Rolls
) -> None:
    for number, mood in enumerate(("bad", "bad", "good")):
        heard(rolls, cast.clerk, f"第 {number} 件事", satisfaction=mood)
    gone = heard(rolls, cast.clerk, "记错了")
    review = begun(cast.secretary)
    with at(cast.secretary):
        Issue.objects.filter(pk=gone.pk).update(state="withdrawn")
    browser = signed_in(cast.secretary)
    page = browser.get(f"/reviews/{review.pk}/data/").content.decode()
    found = re.findall(r'href="(/issues/[^"]*)"[^>]*><b>(\d+)</b><span>(件[^<]*)', page)
    assert len(found) == 5
    for url, number, words in found:
        listed = browser.get(url.replace("&amp;", "&")).context["page"].paginator
        assert (words, listed.count) == (words, int(number))
