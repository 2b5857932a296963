"""Addresses of visits: the representative's phone, and the village's side of it."""

from django.urls import path

from visits.views import (
    bursts,
    desk,
    enclosures,
    handed,
    marks,
    mine,
    overdue,
    phone,
    records,
    waivers,
    week,
)

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
    path("visits/desk/", desk.desk_home, name="desk"),
    path("visits/desk/<int:pk>/", desk.enter, name="enter"),
    path("visits/desk/sheets/", desk.sheets, name="sheets"),
    path("visits/records/", records.record_list, name="records"),
    path("visits/records/<uuid:pk>/", records.record, name="record"),
    path(
        "visits/records/<uuid:pk>/correct/",
        records.record_correct,
        name="record-correct",
    ),
    path(
        "visits/records/<uuid:pk>/withdraw/",
        records.record_withdraw,
        name="record-withdraw",
    ),
    path("visits/homes/<int:pk>/", records.home, name="home"),
    path("visits/waivers/", waivers.waiver_list, name="waivers"),
    path("visits/waivers/new/", waivers.waiver_new, name="waiver-new"),
    path("visits/waivers/<int:pk>/end/", waivers.waiver_end, name="waiver-end"),
    path(
        "visits/waivers/<int:pk>/withdraw/",
        waivers.waiver_withdraw,
        name="waiver-withdraw",
    ),
    path("visits/bursts/", bursts.burst_list, name="bursts"),
    path("visits/week/", week.week, name="week"),
    path("visits/marks/", marks.mark_list, name="marks"),
    path("visits/marks/new/", marks.mark_new, name="mark-new"),
    path("visits/marks/<int:pk>/", marks.mark_edit, name="mark-edit"),
    path("sw.js", phone.service_worker, name="service-worker"),
]
