"""Addresses of the pages that show several domains."""

from django.urls import path

from reports import views, views_exports, views_past
from reports.archive import views as archive
from reports.bulletin import views as bulletin
from reports.centre import views as centre
from reports.centre import views_approvals as approvals
from reports.portrait import views as portrait
from reports.search import views as search
from reports.summary import views as summary

app_name = "reports"
urlpatterns = [
    path("", views.home, name="home"),
    path("d/<int:code>/", views.region, name="region"),
    path("d/<int:code>/people/<int:pk>/", views.person, name="person"),
    path("d/<int:code>/past/", views_past.past, name="past"),
    path("d/<int:code>/summary/", summary.summary, name="summary"),
    path("d/<int:code>/summary/paper/", summary.summary_paper, name="summary-paper"),
    path("d/<int:code>/bulletin/", bulletin.bulletin, name="bulletin"),
    path(
        "d/<int:code>/bulletin/paper/", bulletin.bulletin_paper, name="bulletin-paper"
    ),
    path("d/<int:code>/portrait/", portrait.portrait, name="portrait"),
    path("summary/", summary.summary_home, name="summary-home"),
    path("centre/", centre.centre, name="centre"),
    path("centre/approvals/", approvals.approval_list, name="approvals"),
    path("centre/approvals/<int:pk>/", approvals.approval, name="approval"),
    path("centre/presets/<int:pk>/use/", centre.preset_use, name="preset-use"),
    path("centre/presets/<int:pk>/remove/", centre.preset_remove, name="preset-remove"),
    path("centre/schedules/<int:pk>/stop/", centre.schedule_stop, name="schedule-stop"),
    path("centre/archive/", archive.archive, name="archive"),
    path("centre/inherited/", archive.inherited, name="inherited"),
    path("centre/<slug:key>/", centre.entry, name="centre-entry"),
    path("measures/", views_past.measures, name="measures"),
    path("places/", search.picker, name="picker"),
    path("search/", search.search, name="search"),
    path("exports/", views_exports.export_list, name="export-list"),
    path("exports/new/", views_exports.export_new, name="export-new"),
    path("exports/<uuid:pk>/", views_exports.export, name="export"),
    path(
        "exports/<uuid:pk>/progress/",
        views_exports.export_progress,
        name="export-progress",
    ),
    path(
        "exports/<uuid:pk>/cancel/", views_exports.export_cancel, name="export-cancel"
    ),
    path("exports/<uuid:pk>/file/", views_exports.export_file, name="export-file"),
    path("system/", views.system, name="system"),
]
