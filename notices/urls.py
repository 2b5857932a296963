"""Addresses of notices: the public one, and those of the staff."""

from django.urls import path

from notices.views import public, staff

app_name = "notices"
urlpatterns = [
    path("g/<slug:token>/", public.notice, name="public"),
    path("notices/", staff.notice_list, name="list"),
    path("notices/<int:pk>/", staff.detail, name="detail"),
    path("notices/<int:pk>/sheet/", staff.sheet, name="sheet"),
    path("notices/<int:pk>/edit/", staff.edit, name="edit"),
    path("notices/<int:pk>/publish/", staff.publish, name="publish"),
    path("notices/<int:pk>/withdraw/", staff.withdraw, name="withdraw"),
    path("notices/<int:pk>/objections/new/", staff.objection_new, name="objection-new"),
    path(
        "notices/objections/<int:pk>/settle/",
        staff.objection_settle,
        name="objection-settle",
    ),
]
