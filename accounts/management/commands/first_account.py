"""Open the accounts that nobody in the product may open: the first lead, the administrator."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.audit import city_code, record, system_scope
from accounts.forms.managing import plain_username
from accounts.models import Action, Post, User
from accounts.services import initial_password

ROLES = ("city_lead", "system_admin")


class Command(BaseCommand):
    """Run once by whoever installs; the person changes the password at first sign-in."""

    help = "开设第一个市级负责人账号或系统管理员账号，打印初始密码。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare who it is for."""
        parser.add_argument("role", choices=ROLES)
        parser.add_argument("username")
        parser.add_argument("name")

    def handle(self, *args: Any, **options: Any) -> None:
        """Open the account and print its initial password, once."""
        username, password = name_of(options["username"]), initial_password()
        with system_scope(f"安装时开设 {options['role']} 账号"):
            try:
                open_account(username, options["name"], options["role"], password)
            except IntegrityError as taken:
                raise CommandError(f"用户名 {username} 已经有了。") from taken
        self.stdout.write(
            f"已开设账号 {username}（区划 {city_code()}），初始密码 {password}，"
            "首次登录必须修改。"
        )


def name_of(typed: str) -> str:
    """Return a user name that can sign in; raise CommandError for what can be none."""
    try:
        return plain_username(typed)
    except ValidationError as unusable:
        raise CommandError("".join(unusable.messages)) from unusable


@transaction.atomic
def open_account(username: str, name: str, role: str, password: str) -> None:
    """Write the account with its post over the whole city, and record it."""
    user = User(username=username, name=name, must_change_password=True)
    user.set_password(password)
    user.save(force_insert=True)
    city = city_code()
    Post.objects.create(
        user=user, role=role, region_id=city, started_on=timezone.localdate()
    )
    record(Action.ACCOUNT_OPENED, region=city, by=None, subject=f"{name}（{username}）")
