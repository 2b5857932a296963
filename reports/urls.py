"""Addresses of the pages that show several domains."""

from django.urls import path

from reports import views, views_exports, views_past

app_name = "reports"
urlpatterns = [
    path("", views.home, name="home"),
    path("d/<int:code>/", views.region, name="region"),
    path("d/<int:code>/people/<int:pk>/", views.person, name="person"),
    path("d/<int:code>/past/", views_past.past, name="past"),
    path("measures/", views_past.measures, name="measures"),
    path("places/", views.picker, name="picker"),
    path("exports/", views_exports.export_list, name="export-list"),
    path("exports/new/", views_exports.export_new, name="export-new"),
    path("exports/<uuid:pk>/", views_exports.export, name="export"),
    path(
        "exports/<uuid:pk>/progress/",
        views_exports.export_progress,
        name="export-progress",
    ),
    path("exports/<uuid:pk>/file/", views_exports.export_file, name="export-file"),
    path("system/", views.system, name="system"),
]
