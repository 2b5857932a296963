"""Load the demo: the real divisions, and five people who can sign in."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.audit import system_scope
from accounts.models import Post, User

PASSWORD = "lianhu-2026"  # noqa: S105 - printed at start; only where settings.DEMO
SINCE = dt.date(2026, 1, 1)


@dataclass(frozen=True)
class Person:
    """A demo account: who it is and the post it holds."""

    username: str
    name: str
    role: str
    region: int


PEOPLE = (
    Person("city", "刘敏", "city_lead", 430582000000),
    Person("township", "曾建华", "township_lead", 430582113000),
    Person("village", "周建国", "village_secretary", 430582113219),
    Person("rep", "张顺民", "representative", 430582113219),
    Person("outsider", "李红英", "township_staff", 430582102000),
    Person("auditor", "申秋云", "auditor", 430582000000),
)


class Command(BaseCommand):
    """Idempotent: what is there already stays as it is."""

    help = "载入演示数据（只在演示环境）。"

    def handle(self, *args: Any, **options: Any) -> None:
        """Load whatever is missing."""
        if not settings.DEMO:
            raise CommandError("这不是演示环境（DEMO=1），不能载入演示数据。")
        call_command("load_regions", stdout=self.stdout)
        with system_scope("载入演示数据"):
            for person in PEOPLE:
                open_demo_account(person)


@transaction.atomic
def open_demo_account(person: Person) -> User:
    """Open one demo account with its post, unless it is there."""
    user = User.objects.filter(username=person.username).first()
    if user:
        return user
    user = User(username=person.username, name=person.name, must_change_password=False)
    user.set_password(PASSWORD)
    user.save()
    Post.objects.create(
        user=user, role=person.role, region_id=person.region, started_on=SINCE
    )
    return user
