"""Addresses of /api/v1/ for visits, waivers, 催办, the village's desk and its lists."""

from django.urls import path

import visits.paths  # noqa: F401 - registers <topic:…>
from visits.api import Ping, VisitDetail, VisitHandOver, VisitList, VisitWithdrawal
from visits.api_desk import (
    HandedDecline,
    HandedList,
    HandedTake,
    MarkDetail,
    MarkList,
    TopicDetail,
    TopicList,
    VisitCorrection,
)
from visits.api_enclosures import VisitAttachment
from visits.api_standings import StandingList
from visits.api_waivers import (
    PolicyList,
    UrgingList,
    WaiverEnd,
    WaiverList,
    WaiverWithdrawal,
)

urlpatterns = [
    path("ping/", Ping.as_view(), name="ping"),
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
    path("visits/<uuid:pk>/correct/", VisitCorrection.as_view(), name="visit-correct"),
    path("handed-visits/", HandedList.as_view(), name="handed-visits"),
    path(
        "handed-visits/<uuid:pk>/take/",
        HandedTake.as_view(),
        name="handed-visit-take",
    ),
    path(
        "handed-visits/<uuid:pk>/decline/",
        HandedDecline.as_view(),
        name="handed-visit-decline",
    ),
    path("waivers/", WaiverList.as_view(), name="waivers"),
    path("waivers/<int:pk>/end/", WaiverEnd.as_view(), name="waiver-end"),
    path(
        "waivers/<int:pk>/withdraw/",
        WaiverWithdrawal.as_view(),
        name="waiver-withdraw",
    ),
    path("urgings/", UrgingList.as_view(), name="urgings"),
    path("policies/", PolicyList.as_view(), name="policies"),
    path("topics/", TopicList.as_view(), name="topics"),
    path("topics/<topic:name>/", TopicDetail.as_view(), name="topic"),
    path("marks/", MarkList.as_view(), name="marks"),
    path("marks/<int:pk>/", MarkDetail.as_view(), name="mark"),
]
