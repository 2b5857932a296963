"""Addresses of /api/v1/: each app's endpoints under one namespace."""

from django.urls import include, path

from appraisals.api_urls import ENDPOINTS as APPRAISAL_ENDPOINTS
from evaluations.api_urls import ENDPOINTS as RATING_ENDPOINTS
from funding.api import FundDetail, FundEntryDetail, FundEntryReversal
from funding.api_keeping import (
    FundCarryOver,
    FundList,
    MoneyScan,
    PayAccountDetail,
    ResolutionWithdrawal,
    StandardList,
)
from funding.api_subsidies import (
    ResolutionDetail,
    ResolutionList,
    SheetDetail,
    SheetList,
    SheetNotice,
    SheetSignatures,
    SheetStepTaken,
    StatementMine,
    StatementOf,
)
from households.api import ByElectionFiling
from inbox.api import MessageList, MessageRead
from notices.api import (
    NoticeDetail,
    NoticeList,
    NoticeObjections,
    NoticePublication,
    NoticeWithdrawal,
    ObjectionSettlement,
)
from reports.api import RegionList
from reports.centre.api import ExportDetail, ExportList
from reports.centre.feeds import LedgerFeed, LedgerList
from reports.summary.api import SummaryDetail
from representatives.api import ByElectionDetail, ByElectionList
from representatives.api_steps import (
    ByElectionCancel,
    ByElectionCandidates,
    ByElectionNotice,
    ByElectionPlan,
    ByElectionRepeat,
    ByElectionReview,
    ByElectionRound,
    CandidateDetail,
)
from sentiment.api import IssueDetail, IssueEntry, IssueList, IssueStepTaken
from sentiment.api_desk import IssueMerge, ReviewDecision, ReviewTexts
from sentiment.api_meetings import (
    ReviewCorrection,
    ReviewDetail,
    ReviewList,
    ReviewReturn,
    ReviewSubmission,
    TalkDetail,
    TalkList,
    TalkWithdrawal,
)
from sentiment.api_party_days import PartyDayDetail, PartyDayList, PartyDayVisits
from trainings.api import (
    AttendanceList,
    TrainingCancellation,
    TrainingDetail,
    TrainingList,
    TrainingRoster,
    TrainingSignIn,
)
from visits.api import Ping, VisitDetail, VisitHandOver, VisitList, VisitWithdrawal
from visits.api_enclosures import VisitAttachment
from visits.api_standings import StandingList

app_name = "api"
urlpatterns = [
    *APPRAISAL_ENDPOINTS,
    *RATING_ENDPOINTS,
    path("regions/", RegionList.as_view(), name="regions"),
    path("summary/", SummaryDetail.as_view(), name="summary"),
    path("ledgers/", LedgerList.as_view(), name="ledgers"),
    path("ledgers/<slug:key>/", LedgerFeed.as_view(), name="ledger"),
    path("exports/", ExportList.as_view(), name="exports"),
    path("exports/<uuid:pk>/", ExportDetail.as_view(), name="export"),
    path("", include("accounts.api_urls")),
    path("", include("representatives.api_urls")),
    path("", include("households.api_urls")),
    path("", include("visits.api_urls")),
    path("ping/", Ping.as_view(), name="ping"),
    path("messages/", MessageList.as_view(), name="messages"),
    path("messages/<int:pk>/read/", MessageRead.as_view(), name="message-read"),
    path("by-elections/", ByElectionList.as_view(), name="by-elections"),
    path("by-elections/<int:pk>/", ByElectionDetail.as_view(), name="by-election"),
    *(
        path(
            f"by-elections/<int:pk>/{part}/", view.as_view(), name=f"by-election-{part}"
        )
        for part, view in (
            ("plan", ByElectionPlan),
            ("candidates", ByElectionCandidates),
            ("notice", ByElectionNotice),
            ("file", ByElectionFiling),
            ("repeat", ByElectionRepeat),
            ("cancel", ByElectionCancel),
        )
    ),
    path("candidates/<int:pk>/", CandidateDetail.as_view(), name="candidate"),
    path(
        "by-elections/<int:pk>/review/",
        ByElectionReview.as_view(),
        name="by-election-review",
    ),
    path(
        "by-elections/<int:pk>/rounds/",
        ByElectionRound.as_view(),
        name="by-election-round",
    ),
    path("trainings/", TrainingList.as_view(), name="trainings"),
    path("trainings/<uuid:pk>/", TrainingDetail.as_view(), name="training"),
    path(
        "trainings/<uuid:pk>/cancel/",
        TrainingCancellation.as_view(),
        name="training-cancel",
    ),
    path(
        "trainings/<uuid:pk>/roster/",
        TrainingRoster.as_view(),
        name="training-roster",
    ),
    path(
        "trainings/<uuid:pk>/sign-in/",
        TrainingSignIn.as_view(),
        name="training-sign-in",
    ),
    path("attendances/", AttendanceList.as_view(), name="attendances"),
    path("notices/", NoticeList.as_view(), name="notices"),
    path("notices/<int:pk>/", NoticeDetail.as_view(), name="notice"),
    path(
        "notices/<int:pk>/publish/",
        NoticePublication.as_view(),
        name="notice-publish",
    ),
    path(
        "notices/<int:pk>/withdraw/",
        NoticeWithdrawal.as_view(),
        name="notice-withdraw",
    ),
    path(
        "notices/<int:pk>/objections/",
        NoticeObjections.as_view(),
        name="notice-objections",
    ),
    path(
        "objections/<int:pk>/settle/",
        ObjectionSettlement.as_view(),
        name="objection-settle",
    ),
    path("standings/", StandingList.as_view(), name="standings"),
    path("visits/", VisitList.as_view(), name="visits"),
    path("visits/<uuid:pk>/", VisitDetail.as_view(), name="visit"),
    path(
        "visits/<uuid:pk>/withdraw/", VisitWithdrawal.as_view(), name="visit-withdraw"
    ),
    path(
        "visits/<uuid:pk>/attachments/<uuid:attachment>/",
        VisitAttachment.as_view(),
        name="visit-attachment",
    ),
    path(
        "visits/<uuid:pk>/hand-over/", VisitHandOver.as_view(), name="visit-hand-over"
    ),
    path("issues/", IssueList.as_view(), name="issues"),
    path("issues/new/", IssueEntry.as_view(), name="issue-new"),
    path("issues/<int:pk>/", IssueDetail.as_view(), name="issue"),
    path("issues/<int:pk>/merge/", IssueMerge.as_view(), name="issue-merge"),
    path("issues/<int:pk>/<slug:step>/", IssueStepTaken.as_view(), name="issue-step"),
    path("talks/", TalkList.as_view(), name="talks"),
    path("talks/<uuid:pk>/", TalkDetail.as_view(), name="talk"),
    path("talks/<uuid:pk>/withdraw/", TalkWithdrawal.as_view(), name="talk-withdraw"),
    path("reviews/", ReviewList.as_view(), name="reviews"),
    path("reviews/<int:pk>/", ReviewDetail.as_view(), name="review"),
    path("reviews/<int:pk>/submit/", ReviewSubmission.as_view(), name="review-submit"),
    path(
        "reviews/<int:pk>/correct/", ReviewCorrection.as_view(), name="review-correct"
    ),
    path("reviews/<int:pk>/texts/", ReviewTexts.as_view(), name="review-texts"),
    path(
        "reviews/<int:pk>/items/<int:issue>/",
        ReviewDecision.as_view(),
        name="review-item",
    ),
    path("party-days/", PartyDayList.as_view(), name="party-days"),
    path("party-days/<int:pk>/", PartyDayDetail.as_view(), name="party-day"),
    path(
        "party-days/<int:pk>/visits/", PartyDayVisits.as_view(), name="party-day-visits"
    ),
    path("reviews/<int:pk>/return/", ReviewReturn.as_view(), name="review-return"),
    path("funds/", FundList.as_view(), name="funds"),
    path("funds/<int:pk>/", FundDetail.as_view(), name="fund"),
    path("funds/<int:pk>/carry/", FundCarryOver.as_view(), name="fund-carry"),
    path(
        "funds/<int:pk>/entries/<uuid:entry>/",
        FundEntryDetail.as_view(),
        name="fund-entry",
    ),
    path(
        "fund-entries/<uuid:pk>/reverse/",
        FundEntryReversal.as_view(),
        name="fund-entry-reverse",
    ),
    path("resolutions/", ResolutionList.as_view(), name="resolutions"),
    path("resolutions/<int:pk>/", ResolutionDetail.as_view(), name="resolution"),
    path(
        "resolutions/<int:pk>/withdraw/",
        ResolutionWithdrawal.as_view(),
        name="resolution-withdraw",
    ),
    path("money-standards/", StandardList.as_view(), name="money-standards"),
    path("money-scans/<int:pk>/", MoneyScan.as_view(), name="money-scan"),
    path("subsidies/", SheetList.as_view(), name="subsidy-sheets"),
    path("subsidies/mine/", StatementMine.as_view(), name="subsidies-mine"),
    path("subsidies/<int:pk>/", SheetDetail.as_view(), name="subsidy-sheet"),
    path(
        "subsidies/<int:pk>/steps/<slug:step>/",
        SheetStepTaken.as_view(),
        name="subsidy-step",
    ),
    path("subsidies/<int:pk>/notice/", SheetNotice.as_view(), name="subsidy-notice"),
    path(
        "subsidies/<int:pk>/signatures/",
        SheetSignatures.as_view(),
        name="subsidy-signatures",
    ),
    path("subsidies/of/<int:pk>/", StatementOf.as_view(), name="subsidies-of"),
    path(
        "subsidies/of/<int:pk>/account/",
        PayAccountDetail.as_view(),
        name="pay-account",
    ),
]
