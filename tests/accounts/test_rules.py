"""Who may fill which post: a table, and properties over every triple and sequence."""

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.permissions import Permission as P
from accounts.roles import ROLES, Role
from accounts.rules import LEVEL_NAMES, Holding, grant_refusal, within

CITY = 430582000000
OURS, OTHERS = 430582113000, 430582102000
VILLAGE, SIBLING, FOREIGN = 430582113219, 430582113201, 430582102001
ANOTHER_CITY = 430524000000
PLACES = (CITY, OURS, OTHERS, VILLAGE, SIBLING, FOREIGN, ANOTHER_CITY, 430524101205)
# Rights over accounts, logs and the system: nobody may hand on one he lacks. Rights
# over the rolls are the role table's to give: a village records what the city reads.
GOVERNING = {
    P.ACCOUNT_VIEW,
    P.ACCOUNT_MANAGE,
    P.ROLE_VIEW,
    P.AUDIT_VIEW,
    P.SYSTEM_VIEW,
}


def path(code: int) -> str:
    """Return the digits that a division shares with all below it."""
    digits = str(code)
    for length in (6, 9):
        if set(digits[length:]) == {"0"}:
            return digits[:length]
    return digits


def level(code: int) -> str:
    return {6: "city", 9: "township", 12: "village"}[len(path(code))]


def holding(role: str, code: int) -> Holding:
    """Return a post as the rule sees it, with its range computed from the path."""
    first = path(code)
    low = int(first.ljust(12, "0"))
    return Holding(role, (low, low + 10 ** (12 - len(first))))


def refusal(granter: str, at: int, granted: str, to: int) -> str | None:
    return grant_refusal(holding(granter, at), holding(granted, to), level(to))


# --- the table ------------------------------------------------------------------------

ALLOWED = [
    ("city_lead", CITY, "city_staff", CITY),
    ("city_lead", CITY, "auditor", CITY),
    ("city_lead", CITY, "township_lead", OURS),
    ("city_lead", CITY, "village_secretary", VILLAGE),
    ("city_lead", CITY, "representative", FOREIGN),
    ("township_lead", OURS, "township_staff", OURS),
    ("township_lead", OURS, "village_secretary", VILLAGE),
    ("township_lead", OURS, "village_clerk", SIBLING),
    ("township_lead", OURS, "representative", VILLAGE),
    ("village_secretary", VILLAGE, "village_clerk", VILLAGE),
    ("village_secretary", VILLAGE, "representative", VILLAGE),
]
REFUSED = [
    ("city_lead", CITY, "city_lead", CITY, "您的职务不能任命“市民政局负责人”。"),
    ("city_lead", CITY, "system_admin", CITY, "您的职务不能任命“系统管理员”。"),
    ("township_lead", OURS, "township_lead", OURS, "不能任命“乡镇（街道）负责人”"),
    ("township_lead", OURS, "city_staff", CITY, "不能任命“市民政局经办人员”"),
    ("township_lead", OURS, "auditor", CITY, "不能任命“审计人员”"),
    ("village_secretary", VILLAGE, "village_secretary", VILLAGE, "不能任命"),
    ("village_secretary", VILLAGE, "township_staff", OURS, "不能任命"),
    ("township_staff", OURS, "representative", VILLAGE, "不能任命“村（居）民代表”"),
    ("city_staff", CITY, "representative", VILLAGE, "不能任命"),
    ("auditor", CITY, "representative", VILLAGE, "不能任命"),
    ("system_admin", CITY, "city_lead", CITY, "不能任命"),
    ("village_clerk", VILLAGE, "representative", VILLAGE, "不能任命"),
    ("representative", VILLAGE, "representative", VILLAGE, "不能任命"),
    ("township_lead", OURS, "village_secretary", FOREIGN, "不在您的管理范围内"),
    ("township_lead", OURS, "township_staff", OTHERS, "不在您的管理范围内"),
    ("village_secretary", VILLAGE, "representative", SIBLING, "不在您的管理范围内"),
    ("village_secretary", VILLAGE, "representative", OURS, "不在您的管理范围内"),
    ("city_lead", CITY, "township_lead", ANOTHER_CITY + 101000, "不在您的管理范围内"),
    ("city_lead", CITY, "township_lead", VILLAGE, "要任在乡镇（街道）一级"),
    ("city_lead", CITY, "representative", OURS, "要任在村（社区）一级"),
    ("city_lead", CITY, "city_staff", OURS, "要任在市一级"),
    ("township_lead", OURS, "representative", OURS, "要任在村（社区）一级"),
    ("city_lead", CITY, "mayor", CITY, "没有这个角色。"),
]


@pytest.mark.parametrize("case", ALLOWED, ids=lambda case: f"{case[0]}-{case[2]}")
def test_a_post_within_the_table_may_be_filled(case: tuple[str, int, str, int]) -> None:
    assert refusal(*case) is None


@pytest.mark.parametrize(
    "case", REFUSED, ids=lambda case: f"{case[0]}-{case[2]}-{case[4]}"
)
def test_a_post_outside_the_table_is_refused_in_words(
    case: tuple[str, int, str, int, str],
) -> None:
    *triple, sentence = case
    assert sentence in (refusal(*triple) or "")  # type: ignore[arg-type]


# --- the role table -------------------------------------------------------------------


def below(role: str) -> set[str]:
    """Return every role that can come from `role`, through however many hands."""
    found: set[str] = set()
    waiting = list(ROLES[role].grants)
    while waiting:
        if (next_one := waiting.pop()) not in found:
            found.add(next_one)
            waiting += ROLES[next_one].grants
    return found


@pytest.mark.parametrize("role", ROLES.values(), ids=lambda role: role.code)
class TestEachRole:
    def test_is_known_by_its_code_and_described(self, role: Role) -> None:
        assert ROLES[role.code] is role
        assert role.level in LEVEL_NAMES
        assert role.label
        assert role.description.endswith("。")
        assert role.grants <= ROLES.keys()

    def test_comes_to_nothing_by_proxy_that_it_may_not_give(self, role: Role) -> None:
        assert below(role.code) == set(role.grants)

    def test_cannot_come_back_to_itself(self, role: Role) -> None:
        assert role.code not in below(role.code)

    def test_gives_no_governing_right_that_it_lacks(self, role: Role) -> None:
        given = {right for name in role.grants for right in ROLES[name].permissions}
        assert given & GOVERNING <= role.permissions

    def test_fills_posts_only_if_it_manages_accounts(self, role: Role) -> None:
        assert bool(role.grants) == (P.ACCOUNT_MANAGE in role.permissions)

    def test_gives_no_post_above_its_own_level(self, role: Role) -> None:
        height = list(LEVEL_NAMES).index
        assert all(
            height(ROLES[name].level) >= height(role.level) for name in role.grants
        )


def test_duties_are_separate() -> None:
    """等保 2.0: whoever audits changes nothing, whoever runs the system sees no one."""
    assert ROLES["auditor"].permissions == {P.AUDIT_VIEW, P.INHERITED_VIEW, P.ROLE_VIEW}
    assert ROLES["system_admin"].permissions == {P.SYSTEM_VIEW}
    assert "system_admin" not in {
        name for role in ROLES.values() for name in role.grants
    }


# --- every triple ---------------------------------------------------------------------

roles = st.sampled_from(sorted(ROLES))
places = st.sampled_from(PLACES)


@given(roles, places, roles, places)
@settings(max_examples=1000, deadline=None)
def test_a_grant_is_listed_inside_and_at_its_level(
    granter: str, at: int, granted: str, to: int
) -> None:
    """The same rule told by paths: inside means that one path continues the other."""
    wanted = (
        granted in ROLES[granter].grants
        and path(to).startswith(path(at))
        and ROLES[granted].level == level(to)
    )
    assert (refusal(granter, at, granted, to) is None) == wanted


ranges = st.tuples(st.integers(0, 60), st.integers(0, 60)).map(sorted).map(tuple)


@given(ranges, ranges)
@settings(deadline=None)
def test_within_means_that_no_code_is_outside(
    inner: tuple[int, int], outer: tuple[int, int]
) -> None:
    assert set(range(*inner)) <= set(range(*outer)) or not within(inner, outer)
    if inner[0] < inner[1]:
        assert within(inner, outer) == (set(range(*inner)) <= set(range(*outer)))


# --- every sequence -------------------------------------------------------------------


@dataclass(frozen=True)
class Held:
    """A post in the game: who holds it, what it is, and the first post of its chain."""

    person: int
    role: str
    place: int
    root: tuple[str, int]


PEOPLE = 5
steps = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, PEOPLE - 1), roles, places),
    min_size=5,
    max_size=60,
)
starts = st.lists(st.tuples(roles, places), min_size=1, max_size=3)


@given(starts, steps)
@settings(max_examples=300, deadline=None)
def test_no_sequence_of_grants_leads_out_of_the_range_of_its_root(
    first: list[tuple[str, int]], moves: list[tuple[int, int, str, int]]
) -> None:
    held = [Held(who, *root, root) for who, root in enumerate(first)]
    for number, person, role, place in moves:
        granter = held[number % len(held)]
        allowed = refusal(granter.role, granter.place, role, place) is None
        if allowed and person != granter.person:
            held.append(Held(person, role, place, granter.root))
    for post in held[len(first) :]:
        role, place = post.root
        assert path(post.place).startswith(path(place))
        assert post.role in ROLES[role].grants
        assert ROLES[post.role].permissions & GOVERNING <= ROLES[role].permissions
