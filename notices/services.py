"""Putting notices on view, ending them, and dealing with what is held against them."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.editing import save_edit, save_next
from accounts.models import Post
from accounts.sealing import Sealed
from accounts.services import Refused
from notices import telling
from notices.models import Objection, PublicNotice, State, Way
from notices.rules import Content, Kind, check_content, check_days, leaks
from regions.models import Region


@dataclass(frozen=True)
class Terms:
    """From when until when a notice stands, and whom to tell of an objection.

    `least` and `basis` come from the rule of whoever makes the notice.
    """

    first_day: dt.date
    last_day: dt.date
    contact_name: str
    contact_phone: str
    contact_place: str = ""
    least: int = 1
    basis: str = ""


@transaction.atomic
def draft(
    *,
    region: Region,
    kind: Kind,
    content: Content,
    terms: Terms,
    on: dt.date,
    origin: str = "",
) -> PublicNotice:
    """Write a notice that nobody sees yet; `origin` is the page it is made from.

    It follows the last one made from that page. Raises Refused if a text gives a person's numbers or door away, or the days are too few.
    """
    _refuse(content, terms, on)
    return PublicNotice.objects.create(
        region=region,
        kind=kind.value,
        origin=origin,
        follows=_last_of(origin),
        **_columns(content, terms),
    )


class Announced(Protocol):
    """What is put on view: a row with its last notice, and a page of its own."""

    notice: PublicNotice | None
    region: Region

    def get_absolute_url(self) -> str:
        """Return the address of its page."""


@transaction.atomic
def redraft(
    row: Announced,
    *,
    kind: Kind,
    content: Content,
    terms: Terms,
    on: dt.date,
    subject: str = "结果",
) -> PublicNotice:
    """Write the notice of a row, or change the draft of it that is there.

    Raises Refused as `draft` does, and when the last one is on view or has been until its end.
    """
    held = row.notice
    if held and held.is_over(on):
        raise Refused(f"{subject}已经公示期满，不能改。确实有错的，请先退回重办。")
    if held and held.stands(on):
        raise Refused(f"{subject}已经公示过。要改的，请先撤下那份公示。")
    if held and held.state == State.DRAFT:
        edit(notice=held, content=content, terms=terms, version=held.version, on=on)
        return held
    return draft(
        region=row.region,
        kind=kind,
        content=content,
        terms=terms,
        on=on,
        origin=row.get_absolute_url(),
    )


@transaction.atomic
def edit(
    *,
    notice: PublicNotice,
    content: Content,
    terms: Terms,
    version: int,
    on: dt.date,
) -> None:
    """Change a draft. Raises Refused as `draft` does, and once it has been published.

    Raises EditedMeanwhile if somebody else was first.
    """
    now = _locked(notice)
    if now.state != State.DRAFT:
        raise Refused("已经发布的公示不能改，写错了请撤下后重新公示。")
    _refuse(content, terms, on)
    save_edit(notice, changes=_columns(content, terms), version=version)


def _last_of(origin: str) -> PublicNotice | None:
    if not origin:
        return None
    return PublicNotice.objects.filter(origin=origin).order_by("-pk").first()


def _columns(content: Content, terms: Terms) -> dict[str, Any]:
    table = {"heads": content.heads, "rows": content.rows} if content.heads else {}
    return {
        "title": content.title,
        "issuer": content.issuer,
        "paragraphs": list(content.paragraphs),
        "table": table,
        "first_day": terms.first_day,
        "last_day": terms.last_day,
        "least_days": terms.least,
        "basis": terms.basis,
        "contact_name": terms.contact_name,
        "contact_phone": terms.contact_phone,
        "contact_place": terms.contact_place,
    }


def _refuse(content: Content, terms: Terms, on: dt.date) -> None:
    found = list(check_content(content))
    if leaks(terms.contact_name) or leaks(terms.contact_place):
        found.append("受理人和受理地点里不能有号码和门牌号，电话填在电话一栏。")
    found += check_days(terms.first_day, terms.last_day, terms.least, on)
    if found:
        raise Refused("".join(found))


@transaction.atomic
def publish(*, notice: PublicNotice, by: Post, on: dt.date) -> None:
    """Put a draft on view from its first day on.

    All is checked anew: days may have passed since it was drafted. Raises Refused.
    """
    now = _locked(notice)
    if now.state != State.DRAFT:
        raise Refused("这份公示已经发布过。")
    terms = Terms(
        now.first_day, now.last_day, now.contact_name, now.contact_phone,
        now.contact_place, now.least_days,
    )  # fmt: skip
    _refuse(now.content, terms, on)
    save_next(
        notice,
        state=State.PUBLISHED,
        published_at=timezone.now(),
        published_by=by.user,
    )


@transaction.atomic
def discard(notice: PublicNotice | None) -> None:
    """Throw a draft away: what it says is void, and nobody shall publish it any more.

    No row may point to it by now. Anything else than a draft stays as it is.
    """
    if notice is not None:
        PublicNotice.objects.filter(pk=notice.pk, state=State.DRAFT).delete()


@transaction.atomic
def withdraw(*, notice: PublicNotice, by: Post, reason: str, on: dt.date) -> None:
    """Take a notice off view before its time. Raises Refused unless it stands."""
    now = _locked(notice)
    if now.is_over(on):
        raise Refused(f"公示到 {now.last_day} 已经期满结束，不用撤下。")
    if now.state != State.PUBLISHED:
        raise Refused("只有公示中的才能撤下。")
    if not reason.strip():
        raise Refused("请写明为什么撤下。")
    save_next(notice, state=State.WITHDRAWN, withdrawal=reason, closed_on=on)


@transaction.atomic
def end_due(on: dt.date) -> int:
    """End every notice of the open scope whose last day is over; return how many.

    Whoever asks for one after its last day is told so without waiting for this.
    """
    return PublicNotice.objects.over(on).update(
        state=State.ENDED, closed_on=on, version=F("version") + 1
    )


@transaction.atomic
def record_objection(
    *,
    notice: PublicNotice,
    received_on: dt.date,
    way: Way,
    words: str,
    by: Post,
    on: dt.date,
    who: str = "",
) -> Objection:
    """Enter an objection that came by phone, on paper or in person; tell who must act.

    Raises Refused unless it came while the notice was on view.
    """
    now = _locked(notice)
    if now.state not in (State.PUBLISHED, State.ENDED):
        raise Refused("没有发布或已经撤下的公示，不登记异议。")
    if received_on > on:
        raise Refused("收到日期不能晚于今天。")
    if not now.first_day <= received_on <= now.last_day:
        raise Refused(
            f"公示期是 {now.first_day} 至 {now.last_day}，收到日期不在公示期内，"
            "请核对；公示期以外的意见按来访办理。"
        )
    sealed: Any = Sealed.of(who, "name") if who else None
    made = Objection.objects.create(
        region_id=notice.region_id,
        notice=notice,
        received_on=received_on,
        way=way,
        who=sealed,
        words=words,
        recorded_by=by.user,
        recorded_at=timezone.now(),
    )
    telling.tell_of_objection(made, on=on, by=by)
    return made


@transaction.atomic
def settle_objection(
    *, objection: Objection, outcome: str, by: Post, on: dt.date
) -> None:
    """Write down what came of an objection. Raises Refused once it is settled."""
    if not outcome.strip():
        raise Refused("请写明处理结果，反映人问起来好答复。")
    still_open = Objection.objects.filter(pk=objection.pk, settled_on=None)
    objection.settled_on, objection.settled_by = on, by.user
    objection.outcome = outcome
    if not still_open.update(settled_on=on, settled_by=by.user, outcome=outcome):
        raise Refused("这条异议已经处理过，请返回重新打开后查看。")


def _locked(notice: PublicNotice) -> PublicNotice:
    """Return the notice as it is now; of two who act at once the second waits."""
    return PublicNotice.objects.select_for_update(no_key=True).get(pk=notice.pk)
