"""Addresses of the import wizard."""

from django.urls import path

from workbooks.views import deciding, receiving, standing

app_name = "workbooks"
urlpatterns = [
    path("", receiving.upload_list, name="list"),
    path("new/", receiving.upload_new, name="new"),
    path("templates/<slug:kind>/", receiving.template, name="template"),
    path("<uuid:pk>/", standing.upload_page, name="upload"),
    path("<uuid:pk>/progress/", standing.progress, name="progress"),
    path("<uuid:pk>/sheet/", deciding.sheet, name="sheet"),
    path("<uuid:pk>/columns/", deciding.columns, name="columns"),
    path("<uuid:pk>/confirm/", deciding.confirm, name="confirm"),
    path("<uuid:pk>/refused/", deciding.refused_rows, name="refused"),
    path("<uuid:pk>/again/", deciding.again, name="again"),
    path("<uuid:pk>/resume/", deciding.resume, name="resume"),
    path("<uuid:pk>/abandon/", deciding.abandon, name="abandon"),
    path("<uuid:pk>/undo/", deciding.undo, name="undo"),
]
