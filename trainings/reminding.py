"""Reminders in the inbox: a training tomorrow, and one that nobody has signed in.

Each is sent once: the evening before is not needed, the morning before is; a morning
on which nothing ran is made good on the day itself.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

from django.db import transaction
from django.urls import reverse

from accounts.desks import CITY, TOWNSHIP, VILLAGE, Desks, desks
from accounts.models import Post
from inbox.services import Letter, send_all
from trainings.models import Attendance, Sign, State, Training

COMING, LISTED, UNSIGNED, CANCELLED = (
    "trainings.coming",
    "trainings.listed",
    "trainings.unsigned",
    "trainings.cancelled",
)
ONE_DAY = dt.timedelta(days=1)
NAMED = 12


@transaction.atomic
def remind(on: dt.date) -> int:
    """Send what is to be sent in the open scope on the day `on`; return how many."""
    posts = desks(on, *VILLAGE, *TOWNSHIP)
    rows = called(on)
    letters = [
        *_people(rows, on),
        *_villages(rows, posts, on),
        *_hosts(posts, on),
    ]
    return send_all(letters, on=on)


@transaction.atomic
def remind_city(on: dt.date) -> int:
    """Send the city what is to be sent of its own trainings; return how many.

    Runs in the city's scope: no township's sees what the city holds.
    """
    return send_all(_hosts(desks(on, *CITY), on), on=on)


def called(on: dt.date) -> list[Attendance]:
    """Return who is on the roster of a training of today or tomorrow, of any level."""
    rows = Attendance.objects.filter(
        state=State.PLANNED, sign=Sign.LISTED, held_on__range=(on, on + ONE_DAY)
    )
    return list(rows.select_related("representative").order_by("held_on", "pk"))


def _when(day: dt.date | None, on: dt.date) -> str:
    return "今天" if day == on else "明天"


def _people(rows: list[Attendance], on: dt.date) -> Iterator[Letter]:
    """Yield a letter to each representative who is to come and has an account."""
    accounts = _accounts(rows, on)
    for row in rows:
        if post := accounts.get(row.representative_id):
            yield Letter(
                to=(post,),
                kind=COMING,
                title=f"{_when(row.held_on, on)}培训：{row.topic}",
                body=f"地点：{row.place}，{row.hours} 课时。去不了的，请告诉村里。",
                url=reverse("trainings:mine"),
                region=row.region_id,
                unique_key=f"{COMING}:{row.training}:{row.held_on}",
            )


def _accounts(rows: list[Attendance], on: dt.date) -> dict[int | None, Post]:
    """Return the post of each of these people who has one."""
    wanted = {row.representative_id for row in rows}
    posts = Post.objects.active(on).filter(
        role="representative", narrowed_to__in=wanted
    )
    return {post.narrowed_to: post for post in posts.select_related("user")}


def tell_of_cancellation(training: Training, *, by: Post, on: dt.date) -> int:
    """Tell whoever was reminded of a training that it will not be held, and why."""
    if not on <= training.held_on <= on + ONE_DAY:
        return 0
    rows = list(Attendance.objects.of(training.pk).filter(sign=Sign.LISTED))
    accounts, posts = _accounts(rows, on), desks(on, *VILLAGE)
    page = reverse("trainings:training", args=[training.pk])
    told: list[tuple[int, tuple[Post, ...], str]] = [
        (row.region_id, (post,), reverse("trainings:mine"))
        for row in rows
        if (post := accounts.get(row.representative_id))
    ]
    told += [
        (village, tuple(posts[village]), page)
        for village in sorted({row.region_id for row in rows} & posts.keys())
    ]
    return send_all([_called_off(training, on, *one) for one in told], by=by, on=on)


def _called_off(
    training: Training, on: dt.date, village: int, to: tuple[Post, ...], url: str
) -> Letter:
    return Letter(
        to=to,
        kind=CANCELLED,
        title=f"{_when(training.held_on, on)}的培训不办了：{training.topic}",
        body=f"原因：{training.cancellation}",
        url=url,
        region=village,
        unique_key=f"{CANCELLED}:{training.pk}:{village}",
    )


def _villages(rows: list[Attendance], posts: Desks, on: dt.date) -> Iterator[Letter]:
    """Yield to each village who of its people is to come to a training above it."""
    groups: dict[tuple[int, object], list[Attendance]] = defaultdict(list)
    for row in rows:
        groups[row.region_id, row.training].append(row)
    for (village, training), people in groups.items():
        if desk := posts.get(village):
            names = "、".join(row.representative.name for row in people[:NAMED])
            more = f"等 {len(people)} 人" if len(people) > NAMED else ""
            yield Letter(
                to=tuple(desk),
                kind=LISTED,
                title=f"{_when(people[0].held_on, on)}有 {len(people)} 名代表参加培训",
                body=f"{people[0].topic}：{names}{more}。没有账号的请打电话告诉。",
                url=reverse("trainings:training", args=[training]),
                region=village,
                unique_key=f"{LISTED}:{training}:{village}:{people[0].held_on}",
            )


def _hosts(posts: Desks, on: dt.date) -> Iterator[Letter]:
    """Yield to the host a training whose day is past and that nobody has signed in."""
    for training in Training.objects.planned().filter(held_on__lt=on).order_by("pk"):
        if desk := posts.get(training.region_id):
            yield Letter(
                to=tuple(desk),
                kind=UNSIGNED,
                title=f"培训还没有登记签到：{training.topic}",
                body=f"{training.held_on} 的培训，签到登记以后才算参训；没有办的请取消。",
                url=training.get_absolute_url(),
                region=training.region_id,
                unique_key=f"{UNSIGNED}:{training.pk}:{training.held_on}",
            )
