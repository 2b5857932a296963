"""Addresses of representatives and seats."""

from django.urls import path

from representatives.views import (
    by_elections,
    candidates,
    election_list,
    people,
    revealing,
    roster,
    seats,
    survey,
    terms,
)

app_name = "representatives"
urlpatterns = [
    path("representatives/", roster.representative_list, name="list"),
    path("representatives/<int:pk>/", roster.representative_detail, name="detail"),
    path("representatives/<int:pk>/edit/", people.representative_edit, name="edit"),
    path("representatives/<int:pk>/photo/", people.photo, name="photo"),
    path(
        "representatives/<int:pk>/photo/change/",
        people.photo_change,
        name="photo-change",
    ),
    path("representatives/<int:pk>/account/", people.account, name="account"),
    path(
        "representatives/<int:pk>/reveal/<slug:field>/",
        revealing.representative_reveal,
        name="reveal",
    ),
    path("seats/", seats.seats_home, name="seats-home"),
    path("seats/<int:code>/", seats.seats, name="seats"),
    path("seats/<int:code>/enrol/", people.enrol, name="enrol"),
    path("seats/<int:code>/term/", seats.term, name="term"),
    path(
        "seats/<int:code>/constituencies/new/",
        seats.constituency_new,
        name="constituency-new",
    ),
    path(
        "seats/units/<int:pk>/edit/", seats.constituency_edit, name="constituency-edit"
    ),
    path("seats/units/<int:pk>/end/", seats.constituency_end, name="constituency-end"),
    path("seats/units/<int:pk>/more/", seats.seats_add, name="seats-add"),
    path("seats/closing/<int:pk>/", seats.seat_close, name="seat-close"),
    path("terms/", terms.terms_home, name="terms-home"),
    path("terms/<int:code>/", terms.terms, name="terms"),
    path("survey/", survey.survey_home, name="survey-home"),
    path("survey/<int:code>/", survey.survey, name="survey"),
    path("survey/<int:code>/confirm/", survey.survey_confirm, name="survey-confirm"),
    path("by-elections/", election_list.by_election_list, name="by-elections"),
    path("by-elections/<int:pk>/", by_elections.by_election, name="by-election"),
    path("by-elections/<int:pk>/plan/", by_elections.plan, name="by-election-plan"),
    path(
        "by-elections/<int:pk>/review/", by_elections.review, name="by-election-review"
    ),
    path("by-elections/<int:pk>/result/", candidates.result, name="by-election-result"),
    path("by-elections/<int:pk>/notice/", candidates.notice, name="by-election-notice"),
    path(
        "by-elections/<int:pk>/repeat/", by_elections.repeat, name="by-election-repeat"
    ),
    path(
        "by-elections/<int:pk>/cancel/", by_elections.cancel, name="by-election-cancel"
    ),
    path(
        "by-elections/<int:pk>/papers/<slug:slug>/",
        by_elections.paper,
        name="by-election-paper",
    ),
    path(
        "by-elections/<int:pk>/candidates/new/",
        candidates.candidate_new,
        name="candidate-new",
    ),
    path("candidates/<int:pk>/edit/", candidates.candidate_edit, name="candidate-edit"),
    path("candidates/<int:pk>/drop/", candidates.candidate_drop, name="candidate-drop"),
    path(
        "seats/units/<int:pk>/by-election/",
        by_elections.start,
        name="by-election-start",
    ),
]
