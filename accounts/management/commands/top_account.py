"""Help with accounts that nobody in the product is over: a lost phone, a new head."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts.audit import city_code, record, system_scope
from accounts.management.commands.first_account import ROLES
from accounts.models import Action, User
from accounts.services.people import begin_anew, posts_behind, shut_out
from accounts.services.second_factor import forget

ACTIONS = {"reset": "重置", "close": "停用"}


class Command(BaseCommand):
    """Run by whoever installs, as `first_account`, on the word of the bureau."""

    help = (
        "重置（reset）或停用（close）市级负责人、系统管理员的账号：他们没有上一级。"
        "重置也取消二次验证、解除锁定、重新启用，打印新的初始密码。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare what is done, and to whom."""
        parser.add_argument("action", choices=ACTIONS)
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it; print what has to be told."""
        user, action = topmost(options["username"]), options["action"]
        with system_scope(f"部署人员{ACTIONS[action]}账号 {user.username}"):
            if action == "close":
                close(user)
                self.stdout.write(f"账号 {user.username} 已停用，各处的登录已退出。")
                return
            password = reset(user)
        self.stdout.write(
            f"账号 {user.username} 的初始密码 {password}，首次登录必须修改。"
        )


def topmost(typed: str) -> User:
    """Return the account; raise CommandError if there is none, or a level above it."""
    user = User.objects.by_login(typed)
    if user is None:
        raise CommandError(f"没有账号“{typed}”。")
    posts = posts_behind(user, timezone.localdate())
    if not any(post.role in ROLES for post in posts):
        raise CommandError(f"账号“{typed}”有上一级，请上一级在账号页上办。")
    return user


@transaction.atomic
def reset(user: User) -> str:
    """Let the person begin anew with an initial password; return it."""
    password = begin_anew(user)
    user.is_active = True
    user.save(update_fields=["is_active"])
    forget(user)
    _record(Action.PASSWORD_RESET, user)
    return password


@transaction.atomic
def close(user: User) -> None:
    """Close the account; it is signed out everywhere."""
    shut_out(user)
    _record(Action.ACCOUNT_CLOSED, user)


def _record(action: Action, user: User) -> None:
    subject = f"{user.name}（{user.username}）"
    record(action, region=city_code(), by=None, subject=subject)
