"""The month's sheet, step by step: each checked by the rules and written with its line.

`version` is the one the person saw; whoever is second is told so, and nothing is
written. Lines are only ever reckoned (`funding.reckoning`), never typed.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone

from accounts.models import Post
from accounts.services import Meanwhile, NotYours, Refused
from attachments.examining import Examined
from funding import reckoning, rules, telling
from funding.announcing import announcement
from funding.models import (
    Resolution,
    SheetStep,
    SubsidyLine,
    SubsidySheet,
)
from funding.rules import NOUGHT, SheetAct
from funding.rules.sheets import WAYS, blocks_locking, unfinished_month
from funding.services.scanning import keep_scans
from notices import services as notices
from notices.models import PublicNotice, State
from notices.rules import Kind
from notices.services import Terms
from regions.models import Level, Region

NO_RESOLUTION = (
    "{month} 没有生效的补贴决议，不能生成补贴表：发不发、发给谁、发多少，先由村（居）民会议或"
    "代表会议决定（《村民委员会组织法》（2018年修正）第二十四条）。请先登记决议。"
)
CHANGED = "代表任职或走访有了变动，和表上不一样了。请先点“重新计算”，再核对。"
DECIDED = (
    "现在生效的补贴决议和表上的不是同一个。请先点“重新计算”，按现在的决议算好，再核对。"
)


@transaction.atomic
def make(*, village: Region, month: dt.date, on: dt.date, by: Post) -> SubsidySheet:
    """生成: reckon a month. Raises Refused without a resolution (L23).

    Also before the month is over, twice, and while another sheet is not locked.
    """
    month = month.replace(day=1)
    if village.level != Level.VILLAGE:
        raise Refused("补贴表由村（社区）生成。")
    if wrong := unfinished_month(month, on):
        raise Refused(wrong)
    sheet = _begun(village, month, _found(village.pk, month))
    _fill(sheet)
    if not sheet.lines.exists():
        raise Refused(f"{month.month} 月没有要发补贴的代表，请先核对代表名册。")
    _step(sheet, SheetAct.MAKE, "", on, by)
    return sheet


def _found(village: int, month: dt.date) -> Resolution:
    """Return the resolution that pays a month, locked: nobody takes it back meanwhile.

    Raises Refused where there is none (L23).
    """
    rows = Resolution.objects.select_for_update(no_key=True).filter(region=village)
    found = rows.in_force(month).first()
    if found is None:
        raise Refused(NO_RESOLUTION.format(month=f"{month.year} 年 {month.month} 月"))
    return found


def _begun(village: Region, month: dt.date, resolution: Resolution) -> SubsidySheet:
    _refuse_beside_another(village.pk, month)
    try:
        with transaction.atomic():
            return SubsidySheet.objects.create(
                region=village, month=month, resolution=resolution
            )
    except IntegrityError as taken:
        raise Refused(f"{month.month} 月的补贴表已经生成，请直接打开。") from taken


def _refuse_beside_another(village: int, month: dt.date) -> None:
    other = SubsidySheet.objects.unfinished().filter(region=village).first()
    if other and other.month != month:
        how = "作废" if other.at is rules.SheetState.DRAFT else "先退回、再作废"
        raise Refused(
            f"{other}还是“{other.get_state_display()}”，锁定以后才能生成别的月份；"
            f"那个月不发的，请打开它{how}。"
        )


@transaction.atomic
def void(
    *, sheet: SubsidySheet, words: str, version: int, on: dt.date, by: Post
) -> SubsidySheet:
    """作废: the month is not paid; a draft is given up, with the reason."""
    row = _taken(sheet, SheetAct.VOID, version, by, words)
    row.lines.all().delete()
    return _done(row, SheetAct.VOID, words, on, by, total=NOUGHT)


def _revive(row: SubsidySheet) -> None:
    """Make a draft again of a sheet that was given up: only drafts have other lines."""
    _refuse_beside_another(row.region_id, row.month)
    row.state = rules.SheetState.DRAFT.value
    try:
        with transaction.atomic():
            row.save(update_fields=["state"])
    except IntegrityError as taken:
        raise Refused("别的月份正在办理，锁定以后再重新计算这个月。") from taken


@transaction.atomic
def refresh(
    *, sheet: SubsidySheet, version: int, on: dt.date, by: Post
) -> SubsidySheet:
    """重新计算: reckon a draft anew, by the facts of now and the resolution in force.

    One that was given up is a draft again. Raises Refused without a resolution (L23), and
    while another month is in work.
    """
    row = _taken(sheet, SheetAct.REFRESH, version, by)
    if row.at is rules.SheetState.VOID:
        _revive(row)
    row.resolution = _found(row.region_id, row.month)
    _fill(row)
    return _done(row, SheetAct.REFRESH, "", on, by)


@transaction.atomic
def check(*, sheet: SubsidySheet, version: int, on: dt.date, by: Post) -> SubsidySheet:
    """核对: what is on the sheet is what the facts of now say. Raises Refused if not."""
    row = _taken(sheet, SheetAct.CHECK, version, by)
    if _found(row.region_id, row.month) != row.resolution:
        raise Refused(DECIDED)
    if _figures(reckoning.lines_of(row)) != _figures(row.lines.all()):
        raise Refused(CHANGED)
    return _done(row, SheetAct.CHECK, "", on, by)


@transaction.atomic
def post_up(
    *, sheet: SubsidySheet, terms: Terms, version: int, on: dt.date, by: Post
) -> SubsidySheet:
    """公示: names and amounts for everybody to read, from today on. Raises Refused."""
    row = _taken(sheet, SheetAct.POST, version, by)
    made = notices.draft(
        region=row.region,
        kind=Kind.PAYMENT,
        content=announcement(row),
        terms=terms,
        on=on,
        origin=row.get_absolute_url(),
    )
    notices.publish(notice=made, by=by, on=on)
    return _done(row, SheetAct.POST, "", on, by, notice=made)


@transaction.atomic
def back(
    *, sheet: SubsidySheet, words: str, version: int, on: dt.date, by: Post
) -> SubsidySheet:
    """退回: a draft again, with the reason; a notice on view is taken down."""
    row = _taken(sheet, SheetAct.BACK, version, by, words)
    shown: PublicNotice | None = row.notice
    if shown and shown.stands(on):
        notices.withdraw(notice=shown, by=by, reason=words, on=on)
    return _done(row, SheetAct.BACK, words, on, by)


@transaction.atomic
def lock(*, sheet: SubsidySheet, version: int, on: dt.date, by: Post) -> SubsidySheet:
    """锁定: after the notice, without an open objection. Then it never changes."""
    row = _taken(sheet, SheetAct.LOCK, version, by)
    # Locked: whoever enters an objection at this moment is first or comes too late.
    shown = PublicNotice.objects.select_for_update(no_key=True).get(pk=row.notice.pk)
    stands = shown.state in (State.PUBLISHED, State.ENDED)
    unsettled = shown.objections.filter(settled_on=None).count()
    if wrong := blocks_locking(shown.last_day if stands else None, unsettled, on):
        raise Refused(wrong)
    return _done(row, SheetAct.LOCK, "", on, by)


@transaction.atomic
def pay(
    *,
    sheet: SubsidySheet,
    paid_on: dt.date,
    words: str,
    version: int,
    on: dt.date,
    by: Post,
) -> SubsidySheet:
    """发放: when and in which of the `WAYS` it was paid. Raises Refused."""
    row = _taken(sheet, SheetAct.PAY, version, by, words)
    if words not in WAYS:
        raise Refused(f"发放方式只能是{'、'.join(WAYS)}，不发现金，请改好再登记。")
    if paid_on > on:
        raise Refused(f"发放日期 {paid_on} 还没有到，发完再登记。")
    if paid_on < row.month:
        raise Refused(f"发放日期 {paid_on} 早于补贴的月份，请核对。")
    return _done(row, SheetAct.PAY, words, on, by, paid_on=paid_on, paid_how=words)


@transaction.atomic
def sign(
    *,
    sheet: SubsidySheet,
    files: Sequence[Examined],
    signed_on: dt.date,
    version: int,
    on: dt.date,
    by: Post,
) -> SubsidySheet:
    """签收: the printed sheet with everybody's signature is attached. Raises Refused."""
    row = _taken(sheet, SheetAct.SIGN, version, by)
    if not files:
        raise Refused("请附上签好字的补贴表（拍照或扫描）。")
    if signed_on > on:
        raise Refused(f"签收日期 {signed_on} 还没有到，请核对。")
    keep_scans(row, files, by)
    return _done(row, SheetAct.SIGN, "", on, by, signed_on=signed_on)


# --- how a step is taken ----------------------------------------------------------------


def _taken(
    sheet: SubsidySheet, act: SheetAct, version: int, by: Post, words: str = ""
) -> SubsidySheet:
    """Return the sheet locked, if this step may be taken; raise Refused if not.

    Raises Meanwhile if it is not the version that the person saw.
    """
    rows = SubsidySheet.objects.select_related("region__parent", "resolution", "notice")
    row = rows.select_for_update(no_key=True, of=("self",)).get(pk=sheet.pk)
    if row.version != version:
        raise Meanwhile("别人刚办过这张表，请看过现在的样子再办。")
    try:
        rules.move(row.at, act, by.kind.permissions, words)
    except rules.NotTheirs as refused:
        raise NotYours(str(refused)) from refused
    except rules.Impossible as refused:
        raise Refused(str(refused)) from refused
    return row


def _done(
    row: SubsidySheet,
    act: SheetAct,
    words: str,
    on: dt.date,
    by: Post,
    **columns: Any,
) -> SubsidySheet:
    [line] = (one for one in rules.TABLE if one.act is act)
    row.state = line.to.value
    for name, value in columns.items():
        setattr(row, name, value)
    row.version += 1
    row.save()
    _step(row, act, words, on, by)
    return row


def _step(row: SubsidySheet, act: SheetAct, words: str, on: dt.date, by: Post) -> None:
    SheetStep.objects.create(
        region_id=row.region_id,
        sheet=row,
        act=act.value,
        words=words.strip()[:200],
        total=row.total,
        on=on,
        by=by.user,
        at=timezone.now(),
    )
    telling.tell_of_step(row, act, words, on=on, by=by)


def _fill(row: SubsidySheet) -> None:
    """Let the lines be what the facts of now say, and the total their sum."""
    row.lines.all().delete()
    SubsidyLine.objects.bulk_create(reckoning.lines_of(row))
    row.total = row.lines.aggregate(total=Sum("amount"))["total"] or NOUGHT
    row.save(update_fields=["total"])


def _figures(lines: Any) -> set[tuple[Any, ...]]:
    """Return what two reckonings must agree on."""
    return {
        (line.representative_id, line.of_month, line.kind, line.amount, line.due)
        for line in lines
    }
