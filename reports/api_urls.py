"""Addresses of /api/v1/: each app's endpoints under one namespace."""

from django.urls import include, path

from reports.api import RegionList
from reports.centre.api import ExportDetail, ExportList
from reports.centre.feeds import LedgerFeed, LedgerList
from reports.summary.api import SummaryDetail

APPS = (
    "accounts",
    "inbox",
    "notices",
    "representatives",
    "trainings",
    "households",
    "visits",
    "sentiment",
    "evaluations",
    "appraisals",
    "funding",
)

app_name = "api"
urlpatterns = [
    path("regions/", RegionList.as_view(), name="regions"),
    path("summary/", SummaryDetail.as_view(), name="summary"),
    path("ledgers/", LedgerList.as_view(), name="ledgers"),
    path("ledgers/<slug:key>/", LedgerFeed.as_view(), name="ledger"),
    path("exports/", ExportList.as_view(), name="exports"),
    path("exports/<uuid:pk>/", ExportDetail.as_view(), name="export"),
    *(path("", include(f"{app}.api_urls")) for app in APPS),
]
