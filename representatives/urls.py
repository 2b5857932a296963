"""Addresses of representatives and seats."""

from django.urls import path

from representatives.views import people, revealing, roster, seats

app_name = "representatives"
urlpatterns = [
    path("representatives/", roster.representative_list, name="list"),
    path("representatives/<int:pk>/", roster.representative_detail, name="detail"),
    path("representatives/<int:pk>/edit/", people.representative_edit, name="edit"),
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
]
