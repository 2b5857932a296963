"""Addresses of messages."""

from django.urls import path

from inbox import views

app_name = "inbox"
urlpatterns = [
    path("inbox/", views.message_list, name="list"),
    path("inbox/sent/", views.sent_list, name="sent"),
    path("inbox/read/", views.read_all, name="read-all"),
    path("inbox/<int:pk>/open/", views.open_message, name="open"),
]
