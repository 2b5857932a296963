"""Issues as the rules see them: how one stands, what is next, the city's terms."""

import datetime as dt
from typing import Any

from accounts.models import Post
from sentiment import rules
from sentiment.models import Issue, IssueTerm
from sentiment.rows import Row


def terms() -> rules.Terms:
    """Return the city's days for dealing with an issue as the rules want them."""
    rows = IssueTerm.objects.values_list("holder", "days", "effective_from")
    return rules.Terms.of(
        rules.Term(rules.Holder(holder), days, begins) for holder, days, begins in rows
    )


def standing_of(issue: Issue | Row) -> rules.Standing:
    """Return how an issue stands."""
    return rules.Standing(
        heard_on=issue.heard_on,
        due_on=issue.due_on or issue.heard_on,
        state=rules.State(issue.state),
        holder=rules.Holder(issue.holder),
        has_household=issue.household_id is not None,
        way=rules.Way(issue.way) if issue.way else None,
        person=issue.person,
        unit=issue.unit,
        accepted_on=issue.accepted_on,
        resolved_on=issue.resolved_on,
        result=issue.result,
        told_on=issue.told_on,
        answer=rules.Answer(issue.answer) if issue.answer else None,
        closed_on=issue.closed_on,
        returns=issue.returns,
    )


def columns_of(standing: rules.Standing) -> dict[str, Any]:
    """Return the columns of an issue that stands so."""
    return {
        "state": standing.state.value,
        "holder": standing.holder.value,
        "way": standing.way.value if standing.way else "",
        "person": standing.person,
        "unit": standing.unit,
        "due_on": standing.due_on,
        "accepted_on": standing.accepted_on,
        "resolved_on": standing.resolved_on,
        "result": standing.result,
        "told_on": standing.told_on,
        "answer": standing.answer.value if standing.answer else "",
        "closed_on": standing.closed_on,
        "returns": standing.returns,
    }


def next_of(issue: Issue | Row, on: dt.date) -> rules.Next:
    """Return what is next for an issue on the day `on`, and who has it."""
    return rules.next_of(standing_of(issue), on)


def actions_of(issue: Issue, post: Post) -> tuple[rules.Transition, ...]:
    """Return the steps that the holder of `post` may take on an issue as it stands."""
    return rules.possible(standing_of(issue), post.kind.permissions)
