"""The demo's accounts, and the representative whom one of them belongs to."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from accounts.models import Post, User
from representatives.models import Representative
from representatives.services import give_account

PASSWORD = "lianhu-2026"  # noqa: S105 - printed at start; only where settings.DEMO
SINCE = dt.date(2026, 1, 1)
REPRESENTATIVE = "郝华进"
"""In 长冲口村's workbook: aged 76, 9 households, 4 of them 重点, all standings."""


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
    Person("rep", REPRESENTATIVE, "representative", 430582113219),
    Person("outsider", "李红英", "township_staff", 430582102000),
    Person("auditor", "申秋云", "auditor", 430582000000),
    # The second word on exports of many whole numbers: a city has more than one lead.
    Person("city2", "陈志远", "city_lead", 430582000000),
)
KEEPER = "lishi-daoru"


def open_accounts() -> dict[str, Post]:
    """Open the accounts that are missing; return everybody's post by user name."""
    return {person.username: open_account(person) for person in PEOPLE}


@transaction.atomic
def open_account(person: Person) -> Post:
    """Open one demo account with its post, unless it is there."""
    user = User.objects.filter(username=person.username).first()
    if user is None:
        user = User(
            username=person.username, name=person.name, must_change_password=False
        )
        user.set_password(PASSWORD)
        user.save()
        Post.objects.create(
            user=user, role=person.role, region_id=person.region, started_on=SINCE
        )
    posts = Post.objects.filter(user=user, role=person.role)
    return posts.select_related("user", "region__parent").latest("pk")


@transaction.atomic
def record_keeper() -> User:
    """Return the user under whom generated visits were entered: nobody signs in as it."""
    keeper, created = User.objects.get_or_create(
        username=KEEPER, defaults={"name": "历史资料录入", "is_active": False}
    )
    if created:
        keeper.set_unusable_password()
        keeper.save()
    return keeper


@transaction.atomic
def bind_representative(posts: dict[str, Post]) -> None:
    """Tie the account `rep` to the person on 长冲口村's roll whose name it bears."""
    own = posts["rep"]
    if own.narrowed_to is not None:
        return
    found = Representative.objects.filter(
        region_id=own.region_id, name=REPRESENTATIVE, user=None
    ).first()
    if found is None:
        return
    give_account(representative=found, user=own.user, post=own, by=posts["village"])
    User.objects.filter(pk=own.user_id).update(name=REPRESENTATIVE)
