"""Messages about 误工补贴: a sheet to check, post, lock, pay, sign; money on its way.

Whoever has just taken the step knows it and is told nothing.
"""

import datetime as dt
from collections.abc import Iterator

from django.db import transaction
from django.db.models import Sum
from django.urls import reverse

from accounts.models import Post
from accounts.permissions import Permission as P
from funding.models import Resolution, SheetState, SubsidySheet
from funding.rules import NOUGHT, SheetAct, said
from inbox.recipients import holders, holders_by_region
from inbox.services import Letter, send_all
from notices.models import State

TURN, OVER, MONTH, PAID = (
    "funding.turn",
    "funding.notice_over",
    "funding.month",
    "funding.paid",
)
NEXT: dict[SheetAct, tuple[P, str]] = {
    SheetAct.MAKE: (P.FUND_CHECK, "生成好了，请核对"),
    SheetAct.CHECK: (P.FUND_CHECK, "核对过了，请提交公示"),
    SheetAct.BACK: (P.FUND_KEEP, "退回了，请改好再核对"),
    SheetAct.LOCK: (P.FUND_KEEP, "已锁定，发放后请登记"),
    SheetAct.PAY: (P.FUND_KEEP, "发放了，请打印出来让大家签字，再登记签收"),
}
"""Whose turn it is after a step, and in which words. Posting waits for the calendar."""


def tell_of_step(
    sheet: SubsidySheet, act: SheetAct, words: str, *, on: dt.date, by: Post
) -> int:
    """Tell those whose turn it is after a step; once money went out, who gets it."""
    letters = list(_to_representatives(sheet, on)) if act is SheetAct.PAY else []
    if act in NEXT:
        who, title = NEXT[act]
        letters.append(
            Letter(
                to=holders(sheet.region_id, who, on=on, but=by),
                kind=TURN,
                title=f"{sheet}{title}",
                body=words.strip(),
                url=sheet.get_absolute_url(),
                region=sheet.region_id,
                unique_key=f"{TURN}:{sheet.pk}:{sheet.version}",
            )
        )
    return send_all(letters, on=on)


def _to_representatives(sheet: SubsidySheet, on: dt.date) -> Iterator[Letter]:
    """Tell everybody what he was paid; the reason of every yuan is on his own page."""
    rows = sheet.lines.values_list("representative").annotate(sum=Sum("amount"))
    amounts = {person: amount for person, amount in rows.order_by() if amount > NOUGHT}
    posts = Post.objects.active(on).filter(
        region=sheet.region_id, narrowed_to__in=amounts
    )
    for post in posts.select_related("user"):
        yield Letter(
            to=(post,),
            kind=PAID,
            title=f"{sheet}已发放，您的是 {said(amounts[post.narrowed_to or 0])}",
            body="怎样算的，点进去看；有不对的，请向村里提出。",
            url=reverse("funding:mine"),
            region=sheet.region_id,
            unique_key=f"{PAID}:{sheet.pk}",
        )


# --- the morning ------------------------------------------------------------------------


@transaction.atomic
def remind(on: dt.date) -> int:
    """Tell of notices that are over and of months that can be reckoned; count the new."""
    return send_all([*_over(on), *_months(on)], on=on)


def _over(on: dt.date) -> Iterator[Letter]:
    rows = SubsidySheet.objects.filter(state=SheetState.POSTED, notice__last_day__lt=on)
    shown = rows.exclude(notice__state=State.WITHDRAWN)
    due = list(shown.select_related("notice"))
    checkers = holders_by_region({row.region_id for row in due}, P.FUND_CHECK, on=on)
    for row in due:
        yield Letter(
            to=checkers[row.region_id],
            kind=OVER,
            title=f"{row}公示期满，请锁定",
            body="还有异议没有处理的，先处理异议。",
            url=row.get_absolute_url(),
            region=row.region_id,
            unique_key=f"{OVER}:{row.pk}:{row.notice.pk}",
        )


def _months(on: dt.date) -> Iterator[Letter]:
    """Villages with a resolution that have not reckoned the month that is over."""
    month = (on.replace(day=1) - dt.timedelta(days=1)).replace(day=1)
    resolved = set(Resolution.objects.in_force(month).values_list("region", flat=True))
    begun = SubsidySheet.objects.filter(month__gte=month)
    wanting = resolved - set(begun.values_list("region", flat=True))
    keepers = holders_by_region(wanting, P.FUND_KEEP, on=on)
    for region in sorted(wanting):
        yield Letter(
            to=keepers[region],
            kind=MONTH,
            title=f"{month.year}年{month.month}月的误工补贴表可以生成了",
            url=reverse("funding:subsidies"),
            region=region,
            unique_key=f"{MONTH}:{region}:{month:%Y-%m}",
        )
