"""Domain 3.4, line by line: every step of an issue, and every refusal."""

import datetime as dt
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.permissions import Permission as P
from accounts.roles import ROLES
from sentiment import models, rules
from sentiment.rules import (
    Act,
    Action,
    Answer,
    Holder,
    Impossible,
    NotTheirs,
    Standing,
    State,
    Term,
    Terms,
    Way,
)

DAY = dt.date(2026, 11, 2)
LATER = dt.date(2026, 11, 9)
TERMS = Terms.of(
    Term(holder, days, dt.date(2022, 1, 1))
    for holder, days in ((Holder.VILLAGE, 7), (Holder.TOWNSHIP, 15), (Holder.CITY, 30))
)
VILLAGE = {P.ISSUE_HANDLE, P.ISSUE_TELL}
TOWNSHIP = {P.ISSUE_ANSWER_TOWNSHIP}
CITY = {P.ISSUE_ANSWER_CITY}
REPRESENTATIVE = {P.ISSUE_TELL}

NEW = Standing(DAY, DAY + dt.timedelta(days=7))
ACCEPTED = replace(NEW, state=State.ACCEPTED, accepted_on=DAY)
HERE = replace(ACCEPTED, state=State.IN_HAND, way=Way.VILLAGE, person="申秋云")
AT_TOWNSHIP = replace(HERE, holder=Holder.TOWNSHIP, way=Way.TOWNSHIP, person="")
AT_CITY = replace(AT_TOWNSHIP, holder=Holder.CITY, way=Way.CITY, unit="水利局")
RESOLVED = replace(HERE, state=State.RESOLVED, resolved_on=DAY, result="已修好")
TOLD = replace(RESOLVED, state=State.TOLD, told_on=DAY, answer=Answer.BAD)
CLOSED = replace(TOLD, state=State.CLOSED, closed_on=DAY, answer=Answer.GOOD)
MERGED = replace(NEW, state=State.MERGED)
FOLLOWING = replace(MERGED, resolved_on=DAY, result="已修好")
WITHDRAWN = replace(NEW, state=State.WITHDRAWN)
STANDINGS = {
    "new": NEW,
    "accepted": ACCEPTED,
    "in the village's hands": HERE,
    "in the township's hands": AT_TOWNSHIP,
    "in the city's hands": AT_CITY,
    "resolved": RESOLVED,
    "told": TOLD,
    "closed": CLOSED,
    "merged": MERGED,
    "merged into a resolved one": FOLLOWING,
    "withdrawn": WITHDRAWN,
}
ALL = {
    "words": "说明",
    "person": "申秋云",
    "unit": "水利局",
    "answer": Answer.GOOD,
}

# step, way, who: from which standings -> state, holder, days until due (None: as before)
STEPS: dict[tuple[Action, Way | None, str], dict[str, tuple[State, Holder, int | None]]]
V, T, C = Holder.VILLAGE, Holder.TOWNSHIP, Holder.CITY
UNRESOLVED_HERE = ("new", "accepted", "in the village's hands")
STEPS = {
    (Action.ACCEPT, None, "village"): {"new": (State.ACCEPTED, V, None)},
    **{
        (Action.DECIDE, way, "village"): dict.fromkeys(
            UNRESOLVED_HERE, (State.RESOLVED, V, None)
        )
        for way in (Way.ON_SPOT, Way.EXPLAIN)
    },
    (Action.DECIDE, Way.VILLAGE, "village"): dict.fromkeys(
        UNRESOLVED_HERE, (State.IN_HAND, V, 7)
    ),
    (Action.DECIDE, Way.ASSEMBLY, "village"): dict.fromkeys(
        UNRESOLVED_HERE, (State.IN_HAND, V, 52)
    ),
    (Action.RAISE, None, "village"): dict.fromkeys(
        UNRESOLVED_HERE, (State.IN_HAND, T, 15)
    ),
    (Action.RAISE, None, "township"): {
        "in the township's hands": (State.IN_HAND, C, 30)
    },
    (Action.SEND_BACK, None, "township"): {
        "in the township's hands": (State.ACCEPTED, V, 7)
    },
    (Action.SEND_BACK, None, "city"): {"in the city's hands": (State.IN_HAND, T, 15)},
    (Action.RESOLVE, None, "village"): {
        "in the village's hands": (State.RESOLVED, V, None)
    },
    (Action.RESOLVE, None, "township"): {
        "in the township's hands": (State.RESOLVED, V, None)
    },
    (Action.RESOLVE, None, "city"): {"in the city's hands": (State.RESOLVED, V, None)},
    **{
        (Action.TELL, None, who): {
            "resolved": (State.TOLD, V, None),
            "merged into a resolved one": (State.MERGED, V, None),
        }
        for who in ("village", "representative")
    },
    (Action.CLOSE, None, "village"): {"told": (State.CLOSED, V, None)},
    **{
        (Action.REOPEN, None, who): dict.fromkeys(
            ("resolved", "told", "closed"), (State.ACCEPTED, V, 7)
        )
        for who in ("village", "township")
    },
    (Action.MERGE, None, "village"): dict.fromkeys(
        UNRESOLVED_HERE, (State.MERGED, V, None)
    ),
    (Action.SPLIT, None, "village"): dict.fromkeys(
        ("merged", "merged into a resolved one"), (State.ACCEPTED, V, 7)
    ),
    (Action.WITHDRAW, None, "village"): dict.fromkeys(
        ("new", "accepted"), (State.WITHDRAWN, V, None)
    ),
    **{
        (Action.NOTE, None, who): {
            name: (STANDINGS[name].state, STANDINGS[name].holder, None)
            for name in names
        }
        for who, names in {
            "village": (
                *UNRESOLVED_HERE,
                "in the township's hands",
                "in the city's hands",
                "resolved",
                "told",
            ),
            "township": ("in the township's hands",),
            "city": ("in the city's hands",),
        }.items()
    },
    (Action.AMEND, None, "village"): {
        name: (one.state, one.holder, None)
        for name, one in STANDINGS.items()
        if name != "withdrawn"
    },
}
WHO = {
    "village": VILLAGE,
    "township": TOWNSHIP,
    "city": CITY,
    "representative": REPRESENTATIVE,
}
QUESTIONS = [
    (action, way, who)
    for action, who in product(rules.Action, WHO)
    for way in (rules.DECISIONS if action is Action.DECIDE else (None,))
    if action is not Action.COLLECT
]


@pytest.mark.parametrize(("action", "way", "who"), QUESTIONS, ids=str)
def test_domain_3_4_says_who_may_take_which_step_from_where(
    action: Action, way: Way | None, who: str
) -> None:
    led = {}
    for name, now in STANDINGS.items():
        act = Act(action, LATER, way=way, **ALL)
        try:
            then = rules.proceed(now, act, WHO[who], TERMS)
        except Impossible:
            continue
        days = None if then.due_on == now.due_on else (then.due_on - LATER).days
        led[name] = (then.state, then.holder, days)
        assert any(line.action is action for line in rules.possible(now, WHO[who]))
    assert led == STEPS.get((action, way, who), {})


LACKING: dict[str, tuple[Standing, Act, set[P], str]] = {
    "现场办结 without a result": (
        NEW, Act(Action.DECIDE, LATER, way=Way.ON_SPOT), VILLAGE, "请写明办理情况",
    ),
    "解释说明 without the explanation": (
        NEW, Act(Action.DECIDE, LATER, way=Way.EXPLAIN), VILLAGE, "请写明怎样解释",
    ),
    "村内限期办理 by nobody": (
        NEW, Act(Action.DECIDE, LATER, way=Way.VILLAGE), VILLAGE, "由谁负责",
    ),
    "a decision without a way": (
        NEW, Act(Action.DECIDE, LATER), VILLAGE, "请选怎样办理",
    ),
    "a village that decides for the city": (
        NEW, Act(Action.DECIDE, LATER, "急", Way.CITY), VILLAGE, "请选怎样办理",
    ),
    "报镇里 without saying what": (
        NEW, Act(Action.RAISE, LATER), VILLAGE, "要镇里协调什么",
    ),
    "转部门 without a department": (
        AT_TOWNSHIP, Act(Action.RAISE, LATER, "修主管道"), TOWNSHIP, "哪个部门",
    ),
    "退回 without a reason": (
        AT_TOWNSHIP, Act(Action.SEND_BACK, LATER), TOWNSHIP, "退回的原因",
    ),
    "办结 without a result": (
        AT_CITY, Act(Action.RESOLVE, LATER), CITY, "请写明办理情况",
    ),
    "反馈 without the household's answer": (
        RESOLVED, Act(Action.TELL, LATER), REPRESENTATIVE, "满意不满意",
    ),
    "反馈 before the common one is resolved": (
        MERGED, Act(Action.TELL, LATER, answer=Answer.GOOD), VILLAGE, "还没有办结",
    ),
    "销号 of a household that is not content": (
        TOLD, Act(Action.CLOSE, LATER), VILLAGE, "群众不满意",
    ),
    "退回重办 without a reason": (
        TOLD, Act(Action.REOPEN, LATER), VILLAGE, "为什么要重办",
    ),
    "a day before the last step": (
        RESOLVED, Act(Action.TELL, DAY - dt.timedelta(1), answer=Answer.GOOD),
        VILLAGE, "早于上一步",
    ),
    "a deadline that is over": (
        NEW, Act(Action.DECIDE, LATER, "", Way.VILLAGE, "申秋云", due_on=DAY),
        VILLAGE, "办理时限",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", LACKING.values(), ids=LACKING)
def test_a_step_that_lacks_something_says_what(
    case: tuple[Standing, Act, set[P], str],
) -> None:
    now, act, rights, words = case
    with pytest.raises(Impossible, match=words):
        rules.proceed(now, act, rights, TERMS)


def test_somebody_elses_step_is_told_from_an_impossible_one() -> None:
    with pytest.raises(NotTheirs, match=r"乡镇（街道）"):
        rules.proceed(AT_TOWNSHIP, Act(Action.RESOLVE, LATER, "好"), VILLAGE, TERMS)
    with pytest.raises(NotTheirs, match="您的职务不能"):
        rules.proceed(NEW, Act(Action.ACCEPT, LATER), CITY, TERMS)
    with pytest.raises(Impossible, match="已销号") as refusal:
        rules.proceed(CLOSED, Act(Action.RESOLVE, LATER, "好"), VILLAGE, TERMS)
    assert not isinstance(refusal.value, NotTheirs)


def test_without_a_household_nobody_has_to_answer() -> None:
    now = replace(RESOLVED, has_household=False)
    told = rules.proceed(now, Act(Action.TELL, LATER), VILLAGE, TERMS)
    assert (told.state, told.told_on, told.answer) == (State.TOLD, LATER, None)


def test_doing_it_again_forgets_how_it_was_done_and_counts() -> None:
    again = rules.proceed(TOLD, Act(Action.REOPEN, LATER, "又漏了"), VILLAGE, TERMS)
    assert again == replace(
        ACCEPTED, due_on=LATER + dt.timedelta(days=7), returns=1, accepted_on=DAY
    )


def test_terms_have_a_first_day_and_the_earliest_hold_before_it() -> None:
    terms = Terms.of(
        [
            Term(Holder.VILLAGE, 10, dt.date(2027, 1, 1)),
            Term(Holder.VILLAGE, 7, dt.date(2022, 1, 1)),
            Term(Holder.CITY, 30, dt.date(2022, 1, 1)),
        ]
    )
    days = {dt.date(2021, 5, 1): 7, dt.date(2026, 12, 31): 7, dt.date(2027, 1, 1): 10}
    assert {day: terms.days(Holder.VILLAGE, day) for day in days} == days


@pytest.mark.parametrize(
    ("left", "tone", "words"),
    [
        (3, "ok", "还剩 3 天"),
        (2, "warn", "还剩 2 天"),
        (0, "warn", "今天到期"),
        (-1, "bad", "超期 1 天"),
    ],
)
def test_due_today_is_not_overdue(left: int, tone: str, words: str) -> None:
    due = DAY + dt.timedelta(days=left)
    assert (rules.tone(due, DAY), rules.days_words(due, DAY)) == (tone, words)


NEXT = {
    "new": "村（社区）在 11 月 9 日以前研判，定下怎样办。",
    "accepted": "村（社区）在 11 月 9 日以前研判，定下怎样办。",
    "in the village's hands": "村（社区）（申秋云）在 11 月 9 日以前办完并写明结果。",
    "in the township's hands": "乡镇（街道）在 11 月 9 日以前办完答复，或者写明原因退回。",
    "in the city's hands": "水利局在 11 月 9 日以前办完答复，或者写明原因退回。",
    "resolved": "联系代表或村里把办理结果告诉群众。",
    "told": "村（社区）退回重办，群众不满意，不满意。",
    "closed": "已经办完，不用再办。",
    "merged": "已经并入另一件，跟着那一件一起办。",
    "merged into a resolved one": "联系代表或村里把办理结果告诉这一户。",
    "withdrawn": "已经撤回，不用再办。",
}


@pytest.mark.parametrize(("name", "sentence"), NEXT.items())
def test_one_sentence_says_who_has_it_and_what_is_next(
    name: str, sentence: str
) -> None:
    assert rules.next_of(STANDINGS[name], DAY).sentence == sentence


def test_an_overdue_issue_says_by_how_much() -> None:
    words = rules.next_of(HERE, DAY + dt.timedelta(days=10)).sentence
    assert words.endswith("办完并写明结果，超期 3 天。")


@pytest.mark.parametrize(
    ("answers", "closes"),
    [
        ([Answer.GOOD], True),
        ([Answer.GOOD, Answer.FAIR], True),
        ([Answer.GOOD, None], False),
        ([Answer.FAIR, Answer.BAD], False),
        ([], True),
    ],
)
def test_an_issue_closes_once_every_household_is_content(
    answers: list[Answer | None], closes: bool
) -> None:
    assert rules.closes_itself(answers) is closes


ACTS = st.builds(
    Act,
    action=st.sampled_from([one for one in Action if one is not Action.COLLECT]),
    on=st.integers(0, 40).map(lambda days: DAY + dt.timedelta(days=days)),
    words=st.sampled_from(["", "说明"]),
    way=st.sampled_from([None, *Way]),
    person=st.sampled_from(["", "申秋云"]),
    unit=st.sampled_from(["", "水利局"]),
    due_on=st.one_of(
        st.none(), st.integers(0, 60).map(lambda n: DAY + dt.timedelta(n))
    ),
    answer=st.sampled_from([None, *Answer]),
)


@given(
    start=st.booleans(),
    acts=st.lists(st.tuples(ACTS, st.sampled_from(list(WHO.values()))), max_size=25),
)
def test_no_sequence_of_steps_leaves_a_day_out_or_gives_it_to_two(
    start: bool, acts: list[tuple[Act, set[P]]]
) -> None:
    now = replace(NEW, has_household=start)
    for act, rights in acts:
        try:
            now = rules.proceed(now, act, rights, TERMS)
        except Impossible:
            continue
        check(now)


def check(now: Standing) -> None:
    """Fail if a standing lacks what its state promises."""
    assert (now.holder is Holder.VILLAGE) or now.state is State.IN_HAND
    assert (now.holder is Holder.TOWNSHIP) <= (now.way is Way.TOWNSHIP)
    assert (now.holder is Holder.CITY) <= (now.way is Way.CITY and bool(now.unit))
    assert (now.way is Way.VILLAGE) <= bool(now.person)
    if now.state in rules.OPEN and now.state is not State.COLLECTED:
        assert now.accepted_on
    done = now.state in {State.RESOLVED, State.TOLD, State.CLOSED}
    if now.state is not State.MERGED:
        assert done == bool(now.resolved_on) == bool(now.result)
        assert (now.state in {State.TOLD, State.CLOSED}) == bool(now.told_on)
    assert (now.state is State.CLOSED) == bool(now.closed_on)
    if now.told_on and now.has_household:
        assert now.answer
    days = [now.heard_on, now.accepted_on, now.resolved_on, now.told_on, now.closed_on]
    named = [day for day in days if day]
    assert named == sorted(named)
    if now.state in rules.UNRESOLVED:
        assert now.due_on >= now.heard_on


@pytest.mark.parametrize(
    ("kept", "ruled"),
    [
        (models.State, State),
        (models.Holder, Holder),
        (models.Way, Way),
        (models.Answer, Answer),
        (models.Action, Action),
    ],
)
def test_the_models_words_are_the_rules_words(kept: Any, ruled: Any) -> None:
    assert [(m.name, m.value, m.label) for m in kept] == [
        (m.name, m.value, m.label) for m in ruled
    ]


def test_only_its_own_level_may_handle_an_issue() -> None:
    levels = {
        P.ISSUE_HANDLE: "village",
        P.ISSUE_COLLECT: "village",
        P.ISSUE_TELL: "village",
        P.ISSUE_ANSWER_TOWNSHIP: "township",
        P.ISSUE_ANSWER_CITY: "city",
    }
    for role in ROLES.values():
        for permission in role.permissions & levels.keys():
            assert role.level == levels[permission], role.code
