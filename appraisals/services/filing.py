"""From the grades to the filing: the notice of the 优秀, and the township's word."""

import datetime as dt

from django.db import IntegrityError, transaction

from accounts.models import Post
from accounts.services import Refused
from appraisals import telling
from appraisals.board import Board
from appraisals.models import Appraisal
from appraisals.rules.appraisals import plain
from appraisals.rules.steps import Act, Stage, missing
from appraisals.services.appraisals import locked, save_step, stepped
from notices import services as notices
from notices.models import PublicNotice
from notices.rules import Content, Kind
from notices.services import Terms
from regions.models import Level


@transaction.atomic
def draft_notice(
    *,
    appraisal: Appraisal,
    content: Content,
    terms: Terms,
    version: int,
    on: dt.date,
) -> PublicNotice:
    """Write the notice of the 优秀; it is put on view from its own page.

    A draft that is there is replaced. Raises Refused before the confirmation, while a
    notice is on view, and for what a notice may not say.
    """
    now = locked(appraisal, version)
    if now.at is not Stage.NOTICE:
        raise Refused(f"现在是“{now.at.label}”这一步，还不能公示。")
    made = notices.redraft(
        now,
        kind=Kind.HONOUR,
        content=content,
        terms=terms,
        on=on,
        subject="优秀代表",
    )
    save_step(now, notice=made)
    return made


@transaction.atomic
def file(*, appraisal: Appraisal, version: int, on: dt.date, by: Post) -> None:
    """镇备案: the appraisal is final from here.

    Raises Refused before the notice is over, while an objection is open, and where the
    township as a whole would have more 优秀 than its ratio (the database counts).
    """
    if by.region.level != Level.TOWNSHIP:
        raise Refused("备案由乡镇（街道）办理。")
    now = stepped(appraisal, Act.FILE, version)
    _refuse_unnoticed(now, on)
    try:
        with transaction.atomic():
            save_step(now, filed_on=on, filed_by=by.user)
    except IntegrityError as refused:
        if "eval_township_ratio" not in _constraint(refused):
            raise
        share = plain(now.plan.township_share)
        raise Refused(
            f"备案以后，全镇的优秀代表会超过在任代表的 {share}%。请退回村里减少名额，"
            "或者请市里调整全镇比例。"
        ) from refused
    telling.tell_of_step(now, "镇里已备案，可以登记表彰", on=on, by=by)


def _refuse_unnoticed(now: Appraisal, on: dt.date) -> None:
    board = Board(now, on)
    if board.excellent and not board.has_notice:
        raise Refused("优秀代表还没有公示，请村里先公示。")
    if found := missing(Stage.FILING, board.facts, on):
        raise Refused("".join(found))


def _constraint(error: IntegrityError) -> str:
    cause = error.__cause__
    return str(getattr(getattr(cause, "diag", None), "constraint_name", "") or "")
