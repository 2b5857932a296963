"""Addresses of visits: the representative's phone, and the village's side of it."""

from django.urls import path

from visits.views import enclosures, handed, mine, overdue, phone

app_name = "visits"
urlpatterns = [
    path("visits/", phone.phone, name="phone"),
    path("visits/matter/", phone.matter, name="matter"),
    path("visits/mine/", mine.mine, name="mine"),
    path("visits/outbox/", phone.outbox, name="outbox"),
    path("visits/doors/<int:pk>/", phone.door, name="door"),
    path("visits/doors/<int:pk>/quick/", phone.quick, name="quick"),
    path("visits/<uuid:pk>/change/", phone.change, name="change"),
    path(
        "visits/<uuid:pk>/attachments/<uuid:attachment>/",
        enclosures.enclosure,
        name="enclosure",
    ),
    path("visits/<uuid:pk>/undo/", phone.undo, name="undo"),
    path("visits/handed/", handed.handed_list, name="handed"),
    path("visits/handed/<uuid:pk>/take/", handed.take, name="handed-take"),
    path("visits/handed/<uuid:pk>/decline/", handed.decline, name="handed-decline"),
    path("visits/overdue/", overdue.overdue_list, name="overdue"),
    path("sw.js", phone.service_worker, name="service-worker"),
]
