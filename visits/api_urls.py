"""Addresses of /api/v1/ for waivers, 催办, the village's desk and the city's lists."""

from django.urls import path

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
from visits.api_waivers import (
    PolicyList,
    UrgingList,
    WaiverEnd,
    WaiverList,
    WaiverWithdrawal,
)

urlpatterns = [
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
    path("topics/<str:name>/", TopicDetail.as_view(), name="topic"),
    path("marks/", MarkList.as_view(), name="marks"),
    path("marks/<int:pk>/", MarkDetail.as_view(), name="mark"),
]
