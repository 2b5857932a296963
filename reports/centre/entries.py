"""What can be exported, by purpose: one declaration for each thing.

A ledger in `exports.ROLLS` that nobody declares here stands under 台账 by itself, but
for the sign-in sheet: it is of one training, and is taken from its page.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.urls import reverse

from accounts.models import Post
from accounts.permissions import Permission
from appraisals.ledgers import AppraisalTable, HonourRoll, OutstandingSummary
from evaluations.ledgers import RatingLedger, VillageLedger
from funding.ledgers import FundLedger, SubsidyLedger
from households.ledgers import HouseholdRoll, QuotaTable
from regions.models import Level, Region
from reports.bulletin.ledger import BulletinLedger
from reports.centre.files import RAW, Format
from reports.centre.rolls import Roll, formats_of
from reports.exports import ROLLS
from reports.periods import Span, Window
from reports.summary.ledger import SummaryLedger
from representatives.election_ledgers import ByElectionRegister, ByElectionTable
from representatives.ledgers import RepresentativeRoll
from representatives.public_roster import PublicRoster
from sentiment.ledgers import IssueLedger
from sentiment.meeting_ledgers import ReviewLedger, TalkLedger
from trainings.coverage_ledgers import CoverageTable, UntrainedRoll
from trainings.ledgers import SignInSheet, TrainingRegister
from ui.words import Labelled
from visits.ledgers import OverdueRoll
from visits.record_ledger import VisitRecords

Filled = Mapping[str, str]
EVERYWHERE = frozenset(Level)
ABOVE = frozenset({Level.CITY, Level.TOWNSHIP})


class Purpose(Labelled):
    """What people come for, in the order of the page."""

    MONTHLY = "monthly", "月报"
    QUARTERLY = "quarterly", "季报、年报"
    LEDGER = "ledger", "台账"
    ROSTER = "roster", "名册"
    NOTICE = "notice", "公示表"
    RAW = "raw", "原始数据"


def by_key(seen: Window) -> Filled:
    """Tell the ledger the period as addresses have it."""
    return {"p": seen.key}


def within_days(seen: Window) -> Filled:
    """Tell the ledger the first and the last day."""
    return {"first": seen.first.isoformat(), "last": seen.on.isoformat()}


def of_months(seen: Window) -> Filled:
    """Tell the ledger the first and the last month."""
    return {"since": f"{seen.first:%Y-%m}", "until": f"{seen.on:%Y-%m}"}


def visited_within(seen: Window) -> Filled:
    """Ask for the visits of the period."""
    return {"since": seen.first.isoformat(), "until": seen.on.isoformat()}


def heard_within(seen: Window) -> Filled:
    """Ask for the issues that were heard in the period, whatever became of them."""
    return {"state": "heard", **within_days(seen)}


def by_year(seen: Window) -> Filled:
    """Tell the ledger the year."""
    return {"year": str(seen.first.year)}


@dataclass(frozen=True)
class Entry:
    """One thing that can be exported.

    `span` says that it is about a period, and which kind is offered first; `fill` how
    the ledger is told of it. `page` is the address of what prints in the browser.
    """

    key: str
    purpose: Purpose
    title: str
    words: str
    source: type[Roll]
    span: Span | None = None
    fill: Callable[[Window], Filled] = field(default=by_key)
    page: str = ""
    levels: frozenset[Level] = EVERYWHERE
    files: tuple[Format, ...] = ()
    """The files that are offered, where these are not simply the ledger's own."""

    @property
    def kind(self) -> str:
        """The ledger, as exports know it."""
        return self.source.kind

    @property
    def permission(self) -> Permission:
        """What it takes to have it, besides the right to export."""
        return self.source.permission

    @property
    def spans(self) -> tuple[Span, ...]:
        """The kinds of periods that it can be of: a table by year knows no month."""
        return (Span.YEAR,) if self.fill is by_year else tuple(Span)

    @property
    def formats(self) -> tuple[Format, ...]:
        """The files it can become."""
        return self.files or formats_of(self.source)

    def is_for(self, post: Post) -> bool:
        """Say whether a post is offered it."""
        return post.may(self.permission) and Level(post.region.level) in self.levels

    def print_url(self, place: Region, seen: Window, order: str = "") -> str:
        """Return the page that prints it in an order; empty where there is none."""
        if not self.page:
            return ""
        query = f"?p={seen.key}" if seen.is_over else f"?p={seen.span.value}"
        query += f"&order={order}" if order else ""
        return reverse(self.page, args=[place.code]) + query


SUMMARY = "各乡镇（村）的代表、走访、会议、民情、缺额，一行一个地方，有合计"
BULLETIN = "按数字写好的通报稿：总体情况、数据表、做得好的、存在的问题、下步工作"
DECLARED: tuple[Entry, ...] = (
    Entry(
        "summary-month", Purpose.MONTHLY, "工作汇总表（月）", SUMMARY, SummaryLedger,
        Span.MONTH, page="reports:summary-paper",
    ),
    Entry(
        "bulletin-month", Purpose.MONTHLY, "工作情况通报（月）", BULLETIN, BulletinLedger,
        Span.MONTH, page="reports:bulletin-paper", levels=ABOVE,
    ),
    Entry(
        "summary-quarter", Purpose.QUARTERLY, "工作汇总表（季、年）", SUMMARY, SummaryLedger,
        Span.QUARTER, page="reports:summary-paper",
    ),
    Entry(
        "bulletin-quarter", Purpose.QUARTERLY, "工作情况通报（季、年）", BULLETIN,
        BulletinLedger, Span.QUARTER, page="reports:bulletin-paper", levels=ABOVE,
    ),
    Entry(
        "by-election-table", Purpose.QUARTERLY, "代表补选情况统计表",
        "应有、现有、缺额、出缺原因、补选人数，按年", ByElectionTable, Span.YEAR, by_year,
    ),
    Entry(
        "training-coverage", Purpose.QUARTERLY, "培训覆盖情况表",
        "每个单位的代表总数、已训人数、覆盖率、期数，按年", CoverageTable, Span.YEAR, by_year,
    ),
    Entry(
        "outstanding", Purpose.QUARTERLY, "优秀代表汇总表",
        "各村代表总数、参评、优秀人数、比例和名单，按年", OutstandingSummary, Span.YEAR, by_year,
    ),
    Entry(
        "village-ratings", Purpose.QUARTERLY, "“双约双评”村评定表",
        "示范村、进步村，各项得分和等次，按年", VillageLedger, Span.YEAR, by_year,
    ),
    Entry(
        "issues", Purpose.LEDGER, "社情民意台账", "一期里收集的民情和办理结果",
        IssueLedger, Span.MONTH, heard_within,
    ),
    Entry(
        "visits", Purpose.LEDGER, "走访记录表", "一期里的每一次走访：谁、哪天、哪一户、怎么样",
        VisitRecords, Span.MONTH, visited_within,
    ),
    Entry(
        "talks", Purpose.LEDGER, "恳谈会台账", "一期里开过的恳谈会：谁召集、多少户到会、收集几件民情",
        TalkLedger, Span.QUARTER, within_days,
    ),
    Entry(
        "reviews", Purpose.LEDGER, "民情分析会台账", "一期里开过的民情分析会：应到实到、议了几件",
        ReviewLedger, Span.MONTH, of_months,
    ),
    Entry(
        "overdue", Purpose.LEDGER, "走访超期清单", "今天超期没有走访的户，先长后短",
        OverdueRoll,
    ),
    Entry(
        "by-election-register", Purpose.LEDGER, "补选登记表",
        "每次补选的票数和当选人，按年", ByElectionRegister, Span.YEAR, by_year,
    ),
    Entry(
        "trainings", Purpose.LEDGER, "培训情况登记表",
        "每期培训的时间、地点、主讲、应到实到，按年", TrainingRegister, Span.YEAR, by_year,
    ),
    Entry(
        "appraisals", Purpose.LEDGER, "代表履职评议表",
        "已确认的评议：履职情况、各方评议和等次，按年", AppraisalTable, Span.YEAR, by_year,
    ),
    Entry(
        "honours", Purpose.LEDGER, "优秀代表表彰名单",
        "号牌、奖金或纪念品，谁哪天领的，按年", HonourRoll, Span.YEAR, by_year,
    ),
    Entry(
        "ratings", Purpose.LEDGER, "“双约双评”家庭评定表",
        "已确认的评定：各项得分、加减分、等次，按年", RatingLedger, Span.YEAR, by_year,
    ),
    Entry(
        "subsidies", Purpose.LEDGER, "误工补贴发放表",
        "每人每月的标准、金额和理由，账号隐去中间几位，按年", SubsidyLedger, Span.YEAR, by_year,
    ),
    Entry(
        "funds", Purpose.LEDGER, "工作经费台账",
        "每村一年的安排、到账、支出和结余，按年", FundLedger, Span.YEAR, by_year,
    ),
    Entry(
        "quotas", Purpose.LEDGER, "名额分配表", "各小组的户数、人口和代表名额", QuotaTable,
    ),
    Entry(
        "representatives", Purpose.ROSTER, "代表花名册", "在任的代表，号码隐去中间几位",
        RepresentativeRoll,
    ),
    Entry(
        "households", Purpose.ROSTER, "联系户花名册", "联系户和联系代表，号码隐去中间几位",
        HouseholdRoll,
    ),
    Entry(
        "trained", Purpose.ROSTER, "代表参训情况名单",
        "在任代表今年参加了几期，没有参加过的在前", UntrainedRoll,
    ),
    Entry(
        "public-roster", Purpose.NOTICE, "代表名单公示表",
        "张贴用：姓名、小组、推选单元、任期，不带号码、住址", PublicRoster,
    ),
    Entry(
        "raw-representatives", Purpose.RAW, "代表数据", "一行一位在任代表，号码隐去中间几位",
        RepresentativeRoll, files=RAW,
    ),
    Entry(
        "raw-households", Purpose.RAW, "联系户数据", "一行一户，号码隐去中间几位",
        HouseholdRoll, files=RAW,
    ),
    Entry(
        "raw-visits", Purpose.RAW, "走访数据", "一期里的走访，一行一次",
        VisitRecords, Span.MONTH, visited_within, files=RAW,
    ),
    Entry(
        "raw-issues", Purpose.RAW, "民情数据", "一期里收集的民情，一行一件",
        IssueLedger, Span.MONTH, heard_within, files=RAW,
    ),
    Entry(
        "raw-summary", Purpose.RAW, "汇总数据", "每个乡镇（村）一行，列和汇总表一样",
        SummaryLedger, Span.MONTH, files=RAW,
    ),
)  # fmt: skip


def entries() -> tuple[Entry, ...]:
    """Return all that can be exported, by purpose; undeclared ledgers under 台账."""
    named = {entry.kind for entry in DECLARED} | {SignInSheet.kind}
    others = tuple(
        Entry(kind.replace("_", "-"), Purpose.LEDGER, roll.title, "", roll)
        for kind, roll in ROLLS.items()
        if kind not in named
    )
    order = list(Purpose)
    return tuple(sorted((*DECLARED, *others), key=lambda one: order.index(one.purpose)))


def entry_of(key: str) -> Entry | None:
    """Return the entry with a key, None if there is none."""
    return next((entry for entry in entries() if entry.key == key), None)


def offered_to(post: Post) -> list[tuple[Purpose, list[Entry]]]:
    """Return what a post is offered, by purpose; empty purposes are left out."""
    found = [entry for entry in entries() if entry.is_for(post)]
    groups = [
        (purpose, [entry for entry in found if entry.purpose is purpose])
        for purpose in Purpose
    ]
    return [(purpose, held) for purpose, held in groups if held]
