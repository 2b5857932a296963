"""Addresses of /api/v1/: each app's endpoints under one namespace."""

from django.urls import path

from reports.api import RegionList

app_name = "api"
urlpatterns = [
    path("regions/", RegionList.as_view(), name="regions"),
]
