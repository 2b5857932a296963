"""Commands that are run as somebody: `--as USER` takes who could sign in, and nobody else."""

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from tests.cast import Cast, everywhere
from tests.days import today

COMMANDS = (
    ("import_ledger", "households", "nothing.csv"),
    ("standings", "--on", "2026-11-02"),
)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_closed_account_runs_no_command(cast: Cast, command: tuple[str, ...]) -> None:
    with everywhere():
        User.objects.filter(pk=cast.clerk.user_id).update(is_active=False)
    with pytest.raises(CommandError, match=r"^账号“clerk”已经停用，.*启用.*。$"):
        call_command(*command, "--as", "clerk")


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("login", ["clerk", "nobody"])
def test_nobody_acts_without_a_post(
    cast: Cast, command: tuple[str, ...], login: str
) -> None:
    with everywhere():
        cast.clerk.user.posts.update(ended_on=today(), ended_by=cast.secretary.user)
    with pytest.raises(CommandError, match=f"没有账号“{login}”，或这个账号没有职务"):
        call_command(*command, "--as", login)
