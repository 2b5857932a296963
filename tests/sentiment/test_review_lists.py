"""The figures that a 民情分析会 begins with, and the lists behind them."""

import datetime as dt
import re

from sentiment.models import Issue
from sentiment.review_figures import figures_of
from tests.cast import Cast, at, everywhere, signed_in
from tests.days import days_ago, today
from tests.rolls import Rolls
from tests.sentiment.meetings import begun, heard, month
from tests.visits.stage import HEADS, make_home, make_key, make_walker, seen
from visits.models import Duty, Waiver
from visits.standings import TO_SEE, State, wanted


def test_each_figure_of_issues_has_a_list_of_that_many(
    cast: Cast, rolls: Rolls
) -> None:
    for number, mood in enumerate(("bad", "bad", "good")):
        heard(rolls, cast.clerk, f"第 {number} 件事", satisfaction=mood)
    gone = heard(rolls, cast.clerk, "记错了")
    now, before = heard(rolls, cast.clerk, "办完了"), heard(rolls, cast.clerk, "早办完")
    review = begun(cast.secretary)
    with at(cast.secretary):
        Issue.objects.filter(pk=gone.pk).update(state="withdrawn")
        for issue, day in ((now, today()), (before, days_ago(40))):
            closed = Issue.objects.filter(pk=issue.pk)
            closed.update(state="closed", closed_on=day, resolved_on=day, told_on=day)
    browser = signed_in(cast.secretary)
    page = browser.get(f"/reviews/{review.pk}/data/").content.decode()
    found = re.findall(r'href="(/issues/[^"]*)"[^>]*><b>(\d+)</b><span>(件[^<]*)', page)
    assert len(found) == 5
    for url, number, words in found:
        listed = browser.get(url.replace("&amp;", "&")).context["page"].paginator
        assert (words, listed.count) == (words, int(number))


def test_the_figure_of_visits_has_a_list_of_that_many(cast: Cast) -> None:
    with everywhere():
        walker = make_walker("walker", since=days_ago(400))
        for head in HEADS[:3]:
            seen(walker, head, today())
        seen(walker, HEADS[0], days_ago(40))
    review = begun(cast.secretary)
    browser = signed_in(cast.secretary)
    page = browser.get(f"/reviews/{review.pk}/data/").content.decode()
    [(url, number)] = re.findall(r'href="(/visits/records/[^"]*)"[^>]*><b>(\d+)', page)
    listed = browser.get(url.replace("&amp;", "&")).context["page"].paginator
    assert listed.count == int(number) == 3


def test_key_households_are_those_that_owe_a_visit_this_month(cast: Cast) -> None:
    """As the dashboard counts: without a waived one, and one whose first month is next."""
    with everywhere():
        walker = make_walker("walker", HEADS[:4], since=days_ago(400))
        seen(walker, HEADS[0], today())
        for head in HEADS[:2]:  # the first was seen all the same
            Waiver.objects.create(
                region_id=walker.person.region_id,
                household=walker.homes[head],
                reason="away",
                first=today().replace(day=1),
                last=today() + dt.timedelta(days=40),
                entered_by=walker.user,
            )
        fresh = make_home(walker.person, "新来的", 9, today())
        make_key(fresh, today())
    with at(cast.secretary):
        found = figures_of(cast.secretary.region_id, month(), today())
        rows = Duty.objects.filter(region=cast.secretary.region_id)
        on_dashboard = [
            wanted(rows, today(), state, cadence="month").count()
            for state in (State.SEEN, TO_SEE)
        ]
    assert (found.key_visited, found.key) == (on_dashboard[0], sum(on_dashboard))
    assert on_dashboard[0] == 1
