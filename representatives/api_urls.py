"""Addresses of /api/v1/ for the roll of representatives and what they are elected to."""

from django.urls import path

from representatives.api import ByElectionDetail, ByElectionList
from representatives.api_roll import (
    RepresentativeAccount,
    RepresentativeDetail,
    RepresentativeList,
    RepresentativePhoto,
    RepresentativeReveal,
)
from representatives.api_seats import (
    ConstituencyDetail,
    ConstituencyEnd,
    ConstituencyList,
    ConstituencySeats,
    SeatClose,
    SeatList,
    SurveyDetail,
    TermDetail,
    TermList,
)
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

PERSON, UNIT = "representatives/<int:pk>/", "constituencies/<int:pk>/"

urlpatterns = [
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
    path("representatives/", RepresentativeList.as_view(), name="representatives"),
    path(PERSON, RepresentativeDetail.as_view(), name="representative"),
    path(
        f"{PERSON}reveal/", RepresentativeReveal.as_view(), name="representative-reveal"
    ),
    path(f"{PERSON}photo/", RepresentativePhoto.as_view(), name="representative-photo"),
    path(
        f"{PERSON}account/",
        RepresentativeAccount.as_view(),
        name="representative-account",
    ),
    path("terms/", TermList.as_view(), name="terms"),
    path("terms/<int:pk>/", TermDetail.as_view(), name="term"),
    path("constituencies/", ConstituencyList.as_view(), name="constituencies"),
    path(UNIT, ConstituencyDetail.as_view(), name="constituency"),
    path(f"{UNIT}end/", ConstituencyEnd.as_view(), name="constituency-end"),
    path(f"{UNIT}seats/", ConstituencySeats.as_view(), name="constituency-seats"),
    path("seats/", SeatList.as_view(), name="seats"),
    path("seats/<int:pk>/close/", SeatClose.as_view(), name="seat-close"),
    path("survey/<int:code>/", SurveyDetail.as_view(), name="survey"),
]
