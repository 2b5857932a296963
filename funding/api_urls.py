"""Addresses of /api/v1/ for work funds and 误工补贴."""

from django.urls import path

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

urlpatterns = [
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
