"""Addresses of /api/v1/: each app's endpoints under one namespace."""

from django.urls import path

from inbox.api import MessageList, MessageRead
from reports.api import RegionList
from visits.api import (
    Ping,
    VisitAttachment,
    VisitDetail,
    VisitHandOver,
    VisitList,
    VisitWithdrawal,
)

app_name = "api"
urlpatterns = [
    path("regions/", RegionList.as_view(), name="regions"),
    path("ping/", Ping.as_view(), name="ping"),
    path("messages/", MessageList.as_view(), name="messages"),
    path("messages/<int:pk>/read/", MessageRead.as_view(), name="message-read"),
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
]
