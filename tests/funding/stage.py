"""A village with money: its rolls, a resolution, a fund; written by the services."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from accounts.models import Post
from attachments.examining import Examined
from attachments.rules import Kind
from funding import services
from funding.models import FundEntry, Resolution, SubsidySheet, WorkFund
from funding.rules import last_day
from funding.services import Adopted, Spending
from notices.rules import last_day_of
from notices.services import Terms
from tests.days import today
from tests.rolls import Rolls
from visits.models import Visit

D = Decimal
DAY = dt.timedelta(days=1)


def months_ago(count: int) -> dt.date:
    """Return the first day of the month so many months before this one."""
    month = today().replace(day=1)
    for _ in range(count):
        month = (month - DAY).replace(day=1)
    return month


def adopted(**more: Any) -> Adopted:
    """Return what an assembly of 30 decided: 150 yuan a month from the month before last."""
    facts: dict[str, Any] = {
        "meeting": "assembly",
        "held_on": months_ago(2),
        "studied_on": months_ago(2) - DAY,
        "entitled": 30,
        "present": 26,
        "votes_for": 25,
        "rate": D(150),
        "starts_on": months_ago(2),
    }
    return Adopted(**(facts | more))


def resolved(by: Post, **more: Any) -> Resolution:
    """Write the village's resolution down."""
    return services.adopt(village=by.region, content=adopted(**more), on=today(), by=by)


def made(by: Post, month: dt.date | None = None) -> SubsidySheet:
    """Reckon a month, the one before last if none is named, on its last day."""
    month = month or months_ago(2)
    return services.make(village=by.region, month=month, on=last_day(month), by=by)


def terms(first: dt.date, days: int = 5) -> Terms:
    """Return the terms of a notice that begins on `first`."""
    return Terms(
        first_day=first,
        last_day=last_day_of(first, days),
        contact_name="申主任",
        contact_phone="0739-2721234",
        least=5,
    )


def checked(by: Post, month: dt.date | None = None) -> SubsidySheet:
    """Reckon and check a month on its last day."""
    sheet = made(by, month)
    day = last_day(sheet.month)
    return services.check(sheet=sheet, version=sheet.version, on=day, by=by)


def posted(by: Post, month: dt.date | None = None) -> SubsidySheet:
    """Reckon, check and post a month up on its last day."""
    sheet = checked(by, month)
    day = last_day(sheet.month)
    return services.post_up(
        sheet=sheet, terms=terms(day), version=sheet.version, on=day, by=by
    )


def locked(by: Post, month: dt.date | None = None) -> SubsidySheet:
    """Bring a month to where it never changes."""
    sheet = posted(by, month)
    day = last_day(sheet.month) + 6 * DAY
    return services.lock(sheet=sheet, version=sheet.version, on=day, by=by)


def signed(by: Post, month: dt.date | None = None) -> SubsidySheet:
    """Bring a month to its end."""
    sheet = locked(by, month)
    sheet = services.pay(
        sheet=sheet, paid_on=today(), words="一卡通转账", version=sheet.version,
        on=today(), by=by,
    )  # fmt: skip
    return services.sign(
        sheet=sheet, files=[scan()], signed_on=today(), version=sheet.version,
        on=today(), by=by,
    )  # fmt: skip


def amounts(sheet: SubsidySheet) -> dict[tuple[str, str], Decimal]:
    """Return what a sheet pays, by name and kind of line."""
    lines = sheet.lines.select_related("representative")
    return {(one.representative.name, one.kind): one.amount for one in lines}


def scan(name: str = "扫描件.pdf") -> Examined:
    """Return a file as a form has examined it."""
    sent = uuid.uuid4().hex
    return Examined(
        kind=Kind.SCAN, mime="application/pdf", name=name, content=sent.encode(),
        sent=sent,
    )  # fmt: skip


def opened(by: Post, received: str = "5000.00") -> WorkFund:
    """Open this year's fund of somebody's village, with money in it."""
    services.open_year(place=by.region, year=today().year, by=by)
    fund = WorkFund.objects.get(region=by.region_id, year=today().year)
    if received:
        services.receive(
            fund=fund, entry_id=uuid.uuid4(), amount=D(received), booked_on=today(),
            purpose="市财政拨付", by=by,
        )  # fmt: skip
    return fund


def spending(amount: str = "120.50", voucher: str = "001", **more: Any) -> Spending:
    """Return a payment of today."""
    facts: dict[str, Any] = {
        "booked_on": today(),
        "amount": D(amount),
        "purpose": "恳谈会茶水",
        "voucher": voucher,
        "handled_by": "申文书",
        "approved_by": "周书记",
    }
    return Spending(**(facts | more))


def spent(fund: WorkFund, by: Post, *args: Any, **more: Any) -> FundEntry:
    """Book a payment."""
    return services.spend(
        fund=fund, entry_id=uuid.uuid4(), spending=spending(*args, **more), by=by
    )


def visited(rolls: Rolls, name: str, on: dt.date, nth: int = 0, **more: Any) -> Visit:
    """Let somebody have visited one of his households on a day."""
    home = rolls.held_by(name)[nth]
    moment = dt.datetime.combine(on, dt.time(10), tzinfo=dt.UTC)
    columns: dict[str, Any] = {
        "id": uuid.uuid4(), "region_id": home.region_id, "household": home,
        "representative": rolls.people[name], "visited_on": on, "counts": True,
        "captured_at": moment, "received_at": moment, "fingerprint": "",
    }  # fmt: skip
    return Visit.objects.create(**(columns | more))
