"""The overdue list, the dashboards and a page of 50 rows, with the whole city's data."""

from collections.abc import Iterator

from django.conf import settings
from django.urls import reverse

from bench.alone import asked_alone
from bench.city import TOWNSHIP, VILLAGE, City, few, many
from bench.jobs import Figure, job
from bench.stage import Stage
from bench.watch import Ask, Watched, median, p95, rows_of, signed_in, watched

GROWTH = 1.2


@job("overdue")
def overdue(stage: Stage) -> Iterator[Figure]:
    """The first page of the overdue list as a township: 50 ms, 150 ms."""
    yield from _grown(
        stage, "超期清单首页（乡镇）", reverse("visits:overdue"), "township", (50, 150)
    )


@job("dashboard")
def dashboard(stage: Stage) -> Iterator[Figure]:
    """The dashboards of city, township and village: 100 ms, 300 ms."""
    for title, where, user in (
        ("工作台（市）", "/", "city"),
        ("工作台（乡镇）", f"/d/{TOWNSHIP}/", "township"),
        ("工作台（村）", f"/d/{VILLAGE}/", "village"),
    ):
        yield from _grown(stage, title, where, user, (100, 300))


@job("page")
def page(stage: Stage) -> Iterator[Figure]:
    """A page of 50 rows: a worker's CPU for it, the test client's part taken off."""
    pages = {
        "50 行的一页：超期清单": reverse("visits:overdue"),
        "50 行的一页：联系户": reverse("households:list"),
    }
    with few(stage) as city:
        database, post = settings.DATABASES["default"]["NAME"], city.posts["township"]
        bare, *seen = asked_alone(database, post.pk, ["/healthz", *pages.values()])
        idle = median(bare.cpu)
        for title, one in zip(pages, seen, strict=True):
            cpu = median(one.cpu) - idle
            yield Figure(
                title, city.size, f"CPU {cpu:.1f} ms，{one.statements} 条语句",
                f"空页面 {idle:.1f} ms（已扣除）", "", "≤ 5 ms", cpu <= 5,
            )  # fmt: skip


def _grown(
    stage: Stage, title: str, where: str, user: str, bars: tuple[int, int]
) -> Iterator[Figure]:
    with few(stage) as city:
        less, rows = _watched(city, where, user)
        yield _figure(title, city, less, rows, bars)
    with many(stage) as city:
        more, touched = _watched(city, where, user)
        ratio = touched[0] / max(1, rows[0])
        yield _figure(title, city, more, touched, bars, f"读的行 {ratio:.2f} 倍")


def _watched(city: City, where: str, user: str) -> tuple[Watched, tuple[int, int]]:
    post = city.posts[user]
    client = signed_in(post)
    ask: Ask = lambda: client.get(where)  # noqa: E731 - asked twice
    return watched(ask), rows_of(ask, post)


def _figure(
    title: str,
    city: City,
    seen: Watched,
    rows: tuple[int, int],
    bars: tuple[int, int],
    ratio: str = "",
) -> Figure:
    met = p95(seen.database) <= bars[0] and p95(seen.wall) <= bars[1]
    return Figure(
        title,
        city.size,
        seen.words,
        f"执行计划读 {rows[0]:,} 行、{rows[1]:,} 块",
        ratio,
        f"数据库 ≤ {bars[0]} ms，整页 ≤ {bars[1]} ms",
        met,
    )
