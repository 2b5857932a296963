"""Addresses of the gallery; they answer 404 outside demo mode."""

from __future__ import annotations

from django.urls import path

from ui import views

app_name = "ui"

urlpatterns = [
    path("gallery/", views.gallery, name="gallery"),
    path("gallery/parts/job/", views.job, name="gallery-job"),
    path("gallery/parts/picker/", views.picker, name="gallery-picker"),
    path("gallery/parts/trouble/<int:status>/", views.trouble, name="gallery-trouble"),
    path("gallery/<slug:page>/", views.gallery, name="gallery-page"),
]
