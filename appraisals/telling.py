"""Messages of the yearly appraisal: whose turn it is, what came back, one's own result."""

import datetime as dt
from collections.abc import Iterator

from django.db import transaction
from django.urls import reverse

from accounts.models import Post
from accounts.permissions import Permission as P
from appraisals.models import Appraisal
from appraisals.rules.steps import Stage
from inbox.recipients import holders, holders_by_region
from inbox.services import Letter, send_all
from notices.models import State
from representatives.models import Mandate

TURN, RESULT, OVER, MISSING = (
    "appraisals.turn",
    "appraisals.result",
    "appraisals.notice_over",
    "appraisals.missing",
)
REMIND_FROM = 11
"""The month from which a village without an appraisal is reminded; one is due by the
year's end (L35)."""


def tell_of_step(
    row: Appraisal, title: str, *, on: dt.date, by: Post, words: str = ""
) -> int:
    """Tell those who keep a village's appraisal how far it has come."""
    letter = Letter(
        to=holders(row.region_id, P.APPRAISAL_KEEP, on=on, but=by),
        kind=TURN,
        title=f"{row}：{title}",
        body=words.strip(),
        url=row.get_absolute_url(),
        region=row.region_id,
        unique_key=f"{TURN}:{row.pk}:{row.version}",
    )
    return send_all([letter], on=on)


def tell_of_results(row: Appraisal, *, on: dt.date) -> int:
    """Tell every representative that his own result can be read; grades stay there."""
    people = list(row.results.rated().values_list("representative", flat=True))
    posts = Post.objects.active(on).filter(region=row.region_id, narrowed_to__in=people)
    letter = Letter(
        to=tuple(posts.select_related("user")),
        kind=RESULT,
        title=f"您的{row}结果出来了",
        body="每一项是怎样算的，点进去看；有不对的，请在公示期内提出。",
        url=reverse("appraisals:own"),
        region=row.region_id,
        unique_key=f"{RESULT}:{row.pk}:{row.version}",
    )
    return send_all([letter], on=on)


# --- the morning ------------------------------------------------------------------------


@transaction.atomic
def remind(on: dt.date) -> int:
    """Tell of notices that are over and of villages without an appraisal."""
    return send_all([*_to_be_filed(on), *_missing(on)], on=on)


def _to_be_filed(on: dt.date) -> Iterator[Letter]:
    standing = (State.PUBLISHED, State.ENDED)
    rows = Appraisal.objects.filter(stage=Stage.NOTICE, notice__state__in=standing)
    over = rows.filter(notice__last_day__lt=on)
    due = list((over | Appraisal.objects.filter(stage=Stage.FILING)).distinct())
    filers = holders_by_region({row.region_id for row in due}, P.APPRAISAL_FILE, on=on)
    for row in due:
        yield Letter(
            to=filers[row.region_id],
            kind=OVER,
            title=f"{row.region.name}{row}等镇里备案",
            body="公示期满，没有没处理的异议就可以备案。",
            url=row.get_absolute_url(),
            region=row.region_id,
            unique_key=f"{OVER}:{row.pk}:{row.version}",
        )


def _missing(on: dt.date) -> Iterator[Letter]:
    """L35: villages with representatives that have not begun this year's appraisal."""
    if on.month < REMIND_FROM:
        return
    serving = set(Mandate.objects.active(on).values_list("region", flat=True))
    begun = Appraisal.objects.filter(year=on.year).values_list("region", flat=True)
    wanting = serving - set(begun)
    keepers = holders_by_region(wanting, P.APPRAISAL_KEEP, on=on)
    for region in sorted(wanting):
        yield Letter(
            to=keepers[region],
            kind=MISSING,
            title=f"{on.year} 年的履职评议还没有发起",
            body="代表每年评议一次，由村务监督委员会主持，年底以前办完。",
            url=reverse("appraisals:appraisals"),
            region=region,
            unique_key=f"{MISSING}:{region}:{on.year}",
        )
