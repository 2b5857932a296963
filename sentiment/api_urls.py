"""Addresses of /api/v1/ for issues, talks, reviews and party days."""

from django.urls import path

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

urlpatterns = [
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
]
