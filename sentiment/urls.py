"""Addresses of 民情."""

from django.urls import path

from sentiment.views import (
    exhibits,
    issues,
    merging,
    party_days,
    reading,
    reviews,
    talks,
    telling,
    trends,
)

app_name = "sentiment"
urlpatterns = [
    path("issues/", issues.issue_list, name="issues"),
    path("issues/new/", issues.issue_new, name="issue-new"),
    path("issues/to-tell/", telling.to_tell, name="to-tell"),
    path("trends/", trends.trends_home, name="trends-home"),
    path("trends/<int:code>/", trends.trends_of, name="trends"),
    path("issues/<int:pk>/", issues.issue, name="issue"),
    path("issues/<int:pk>/told/", telling.issue_tell, name="issue-tell"),
    path("issues/<int:pk>/step/<slug:step>/", issues.issue_step, name="issue-step"),
    path("issues/<int:pk>/files/", exhibits.issue_files, name="issue-files"),
    path(
        "issues/<int:pk>/files/<uuid:attachment>/",
        exhibits.issue_file,
        name="issue-file",
    ),
    path(
        "issues/<int:pk>/files/<uuid:attachment>/remove/",
        exhibits.issue_file_remove,
        name="issue-file-remove",
    ),
    path("issues/<int:pk>/merge/", merging.issue_merge, name="issue-merge"),
    path(
        "households/<int:pk>/issues/",
        telling.household_issues,
        name="household-issues",
    ),
    path("talks/", talks.talk_list, name="talks"),
    path("talks/in/<int:code>/", talks.talks_below, name="talks-below"),
    path("talks/new/", talks.talk_new, name="talk-new"),
    path("talks/sheet/<int:pk>/", talks.talk_sheet, name="talk-sheet"),
    path("talks/<uuid:pk>/", talks.talk, name="talk"),
    path("talks/<uuid:pk>/edit/", talks.talk_edit, name="talk-edit"),
    path("talks/<uuid:pk>/withdraw/", talks.talk_withdraw, name="talk-withdraw"),
    path(
        "talks/<uuid:pk>/files/<uuid:attachment>/", exhibits.talk_file, name="talk-file"
    ),
    path(
        "talks/<uuid:pk>/files/<uuid:attachment>/remove/",
        exhibits.talk_file_remove,
        name="talk-file-remove",
    ),
    path("talks/<uuid:pk>/paper/", talks.talk_paper, name="talk-paper"),
    path("party-days/", party_days.party_days, name="party-days"),
    path("party-days/new/", party_days.party_day_new, name="party-day-new"),
    path("party-days/<int:pk>/", party_days.party_day, name="party-day"),
    path("party-days/<int:pk>/edit/", party_days.party_day_edit, name="party-day-edit"),
    path(
        "party-days/<int:pk>/visits/",
        party_days.party_day_visits,
        name="party-day-visits",
    ),
    path("reviews/", reading.reviews, name="reviews"),
    path("reviews/in/<int:code>/", reading.reviews_below, name="reviews-below"),
    path(
        "reviews/together/<int:code>/",
        reading.reviews_together,
        name="reviews-together",
    ),
    path("reviews/begin/", reviews.review_begin, name="review-begin"),
    path("reviews/<int:pk>/", reading.review, name="review"),
    path("reviews/<int:pk>/data/", reviews.review_data, name="review-data"),
    path("reviews/<int:pk>/items/", reviews.review_items, name="review-items"),
    path(
        "reviews/<int:pk>/items/<int:issue>/", reviews.review_item, name="review-item"
    ),
    path(
        "reviews/<int:pk>/covenants/",
        reviews.review_covenants,
        name="review-covenants",
    ),
    path("reviews/<int:pk>/meeting/", reviews.review_meeting, name="review-meeting"),
    path("reviews/<int:pk>/check/", reviews.review_check, name="review-check"),
    path("reviews/<int:pk>/submit/", reviews.review_submit, name="review-submit"),
    path("reviews/<int:pk>/return/", reading.review_return, name="review-return"),
    path("reviews/<int:pk>/correct/", reading.review_correct, name="review-correct"),
    path("reviews/<int:pk>/paper/", reading.review_paper, name="review-paper"),
]
