"""The table of roles and rights, and who may open it and the audit page."""

import pytest

from accounts.permissions import Permission
from accounts.roles import ROLES
from tests.accounts.pages import words
from tests.cast import Cast, signed_in


@pytest.mark.parametrize("part", ["city_lead", "auditor"])
def test_the_role_table_is_drawn_from_the_code(cast: Cast, part: str) -> None:
    page = signed_in(getattr(cast, part)).get("/accounts/roles/")
    rights = dict(page.context["rights"])
    column = list(ROLES).index("village_secretary")

    assert len(rights) == len(Permission)
    assert rights[Permission.ACCOUNT_MANAGE.label][column] is True
    assert rights[Permission.AUDIT_VIEW.label][column] is False
    for role in ROLES.values():
        assert role.label in words(page)
        assert role.description in words(page)


def test_the_role_table_says_who_fills_which_post(cast: Cast) -> None:
    page = signed_in(cast.city_lead).get("/accounts/roles/")
    grants = {role.code: fills for role, fills in page.context["grants"]}
    named = [
        code
        for code, one in zip(ROLES, grants["village_secretary"], strict=True)
        if one
    ]
    assert named == ["representative", "village_clerk"]


@pytest.mark.parametrize("part", ["township_lead", "secretary", "system_admin"])
@pytest.mark.parametrize("page", ["/accounts/roles/", "/accounts/audit/"])
def test_roles_and_log_are_for_auditor_and_city_lead(
    cast: Cast, part: str, page: str
) -> None:
    assert signed_in(getattr(cast, part)).get(page).status_code == 403
