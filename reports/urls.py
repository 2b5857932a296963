"""Addresses of the pages that show several domains."""

from django.urls import path

from reports import views

app_name = "reports"
urlpatterns = [
    path("", views.home, name="home"),
    path("d/<int:code>/", views.region, name="region"),
    path("d/<int:code>/people/<int:pk>/", views.person, name="person"),
    path("places/", views.picker, name="picker"),
    path("system/", views.system, name="system"),
]
