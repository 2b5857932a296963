"""Work funds and 误工补贴 of the demo, by the services: books, a paid month, exceptions.

长冲口村 has a resolution and one signed month; since then it turned out that somebody
came into office earlier, so that the month after begins with an adjustment.
"""

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from django.db import transaction
from django.utils import timezone

from accounts.models import Post, User
from accounts.services import Refused
from attachments.examining import Examined
from attachments.rules import Kind
from funding import services
from funding.models import (
    EntryKind,
    FundEntry,
    LineKind,
    SubsidyLine,
    SubsidySheet,
    WorkFund,
)
from funding.rules import last_day
from funding.services import Adopted, Spending
from notices.rules import last_day_of
from notices.services import Terms
from regions.models import Region
from regions.scoping import scope
from representatives.models import Mandate, Representative

DAY = dt.timedelta(days=1)
OWN = 430582113219
PURPOSES = (
    ("恳谈会茶水、纸笔", 60, 260),
    ("代表培训资料打印", 80, 420),
    ("代表联系牌制作", 300, 900),
    ("集中走访慰问困难户", 200, 800),
    ("民情分析会会议用品", 50, 180),
    ("学习观摩租车", 400, 900),
)
LARGE = (("代表培训班食宿和资料", 900, 1600), ("代表活动室桌椅、宣传栏", 800, 1700))
NOT_RECEIVED, NEVER_SPENT = 11, 8
"""One village in so many has not received its money, or has hardly spent any."""
PAGE = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n"
    b"xref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n"
    b"0000000052 00000 n \n0000000101 00000 n \n"
    b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n166\n%%EOF\n"
)
"""An empty page: the demo shows where a scan lies, not what is on it."""


@dataclass(frozen=True)
class Desk:
    """Who keeps the money of a village, and the day of loading."""

    by: Post
    today: dt.date

    @property
    def months(self) -> tuple[dt.date, dt.date]:
        """The month before last, and the last one."""
        last = (self.today.replace(day=1) - DAY).replace(day=1)
        return (last - DAY).replace(day=1), last


def keep(city: Post, village: Post, townships: list[int], today: dt.date) -> int:
    """Fill the books of some townships; return how many lines were written.

    A city that has funds is left alone.
    """
    with scope(city.scope(request="load_demo")), transaction.atomic():
        if WorkFund.objects.exists():
            return 0
        services.open_year(place=city.region, year=today.year, by=city)
        written = sum(
            _books(one.pk, city.user, today, is_full=one.pk in townships)
            for one in Region.objects.townships().current()
        )
        _pay(Desk(village, today))
        _exceptions(townships[0], village, city.user, today)
    return written


def _books(township: int, keeper: User, today: dt.date, *, is_full: bool) -> int:
    """Write the books of a township, all lines in one statement.

    Those of a township that is not shown in full have a few large lines.
    """
    random = Random(township)  # noqa: S311 - a demo's dice
    funds = WorkFund.objects.select_related("region").filter(
        region__parent=township, year=today.year
    )
    entries = [
        entry
        for number, fund in enumerate(funds.order_by("region"))
        for entry in _book(random, fund, number, keeper, today, is_full=is_full)
    ]
    FundEntry.objects.bulk_create(sorted(entries, key=lambda one: one.booked_on))
    return len(entries)


def _book(
    random: Random,
    fund: WorkFund,
    number: int,
    keeper: User,
    today: dt.date,
    *,
    is_full: bool,
) -> Iterator[FundEntry]:
    """Yield a year of one village: the allotment in spring, then small payments."""
    is_own = fund.region_id == OWN
    if number % NOT_RECEIVED == NOT_RECEIVED - 1 and not is_own:
        return
    came = min(dt.date(today.year, 3, 18), today)
    entry = FundEntry(
        id=uuid.uuid4(), region_id=fund.region_id, fund=fund, kind=EntryKind.RECEIVED,
        booked_on=came, amount=fund.allotted, purpose="市财政拨付工作经费",
        voucher="收001", entered_by=keeper, entered_at=timezone.now(),
    )  # fmt: skip
    yield entry
    left, day = fund.allotted, came
    idle = number % NEVER_SPENT == NEVER_SPENT - 1 and not is_own
    usual = random.randrange(9, 14) if is_full else random.randrange(3, 5)
    for nth in range(1, 2 if idle else usual):
        purpose, low, high = random.choice(PURPOSES if is_full or idle else LARGE)
        amount = Decimal(random.randrange(low * 10, high * 10)) / 10
        day += dt.timedelta(days=random.randrange(8, 30 if is_full else 60))
        if day > today or amount > left:
            return
        left -= amount
        yield FundEntry(
            id=uuid.uuid4(), region_id=fund.region_id, fund=fund, kind=EntryKind.SPENT,
            booked_on=day, amount=-amount, purpose=purpose, voucher=f"支{nth:03}",
            handled_by="村文书", approved_by="村书记", entered_by=keeper,
            entered_at=timezone.now(),
        )  # fmt: skip


def _pay(desk: Desk) -> None:
    """Bring the month before last to its signatures, with one thing to be made up for."""
    before, _ = desk.months
    village = desk.by.region
    _accounts(desk)
    services.adopt(
        village=village, content=_decided(desk, village), on=desk.today, by=desk.by,
        files=[_scan("补贴决议.pdf")],
    )  # fmt: skip
    late = _late_starter(village, before)
    begun = late.started_on
    Mandate.objects.filter(pk=late.pk).update(started_on=before.replace(day=11))
    _signed(desk, before)
    Mandate.objects.filter(pk=late.pk).update(started_on=begun)


def _decided(desk: Desk, village: Region) -> Adopted:
    before, _ = desk.months
    serving = Mandate.objects.filter(region=village).active(before).count()
    members = serving + 5
    held = before - 6 * DAY
    return Adopted(
        meeting="assembly",
        held_on=held,
        studied_on=held - 4 * DAY,
        entitled=members,
        present=members - members // 9,
        votes_for=members - members // 9 - 1,
        rate=Decimal(120),
        per_visit=Decimal(2),
        most=Decimal(160),
        starts_on=before,
    )


def _late_starter(village: Region, month: dt.date) -> Mandate:
    """Return the mandate whose beginning was written down wrongly; not an account's."""
    held = Mandate.objects.filter(region=village, representative__user=None)
    return held.active(month).filter(ended_on=None).order_by("pk")[2]


def _accounts(desk: Desk) -> None:
    """Note where most of the village's representatives are paid."""
    people = Representative.objects.filter(region=desk.by.region).serving(desk.today)
    for number, person in enumerate(people.order_by("pk")):
        if number % 9 != 8:
            services.keep_account(
                representative=person, bank="邵东农商银行（一卡通）",
                number=f"62309012345{number:08}", by=desk.by,
            )  # fmt: skip


def _signed(desk: Desk, month: dt.date) -> SubsidySheet:
    by, day = desk.by, last_day(month)
    sheet = services.make(village=by.region, month=month, on=day, by=by)
    sheet = services.check(sheet=sheet, version=sheet.version, on=day, by=by)
    terms = Terms(
        first_day=day, last_day=last_day_of(day, 5), contact_name="村务监督委员会申主任",
        contact_phone="0739-2721234", contact_place="村部一楼", least=5,
    )  # fmt: skip
    sheet = services.post_up(
        sheet=sheet, terms=terms, version=sheet.version, on=day, by=by
    )
    sheet = services.lock(sheet=sheet, version=sheet.version, on=day + 6 * DAY, by=by)
    sheet = services.pay(
        sheet=sheet, paid_on=day + 8 * DAY, words="一卡通转账", version=sheet.version,
        on=desk.today, by=by,
    )  # fmt: skip
    return services.sign(
        sheet=sheet, files=[_scan("签字补贴表.pdf")], signed_on=day + 12 * DAY,
        version=sheet.version, on=desk.today, by=by,
    )  # fmt: skip


def _scan(name: str) -> Examined:
    return Examined(Kind.SCAN, "application/pdf", name, PAGE, uuid.uuid4().hex)


def _exceptions(township: int, own: Post, keeper: User, today: dt.date) -> None:
    """Let one village try to overdraw, and another have paid without a resolution."""
    others = Region.objects.current().villages().filter(parent_id=township)
    first, second = others.exclude(pk=own.region_id).order_by("code")[2:4]
    by = Post(user=keeper, role="village_secretary", region=first)
    fund = WorkFund.objects.get(region=first, year=today.year)
    wanted = Spending(
        today,
        fund.balance + Decimal("860.00"),
        "添置办公桌椅",
        "支099",
        "村文书",
        "村书记",
    )
    with suppress(Refused):  # refused, and kept: that is what the township sees
        services.spend(fund=fund, entry_id=uuid.uuid4(), spending=wanted, by=by)
    people = Representative.objects.filter(region=second).order_by("pk")[:6]
    SubsidyLine.objects.bulk_create(
        SubsidyLine(
            region=second, representative=person, kind=LineKind.PAST,
            of_month=dt.date(today.year, 3, 1), due=Decimal(100), amount=Decimal(100),
            words="台账导入",
        )
        for person in people
    )  # fmt: skip
