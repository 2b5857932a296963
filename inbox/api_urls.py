"""Addresses of /api/v1/ for the inbox."""

from django.urls import path

from inbox.api import MessageList, MessageRead

urlpatterns = [
    path("messages/", MessageList.as_view(), name="messages"),
    path("messages/<int:pk>/read/", MessageRead.as_view(), name="message-read"),
]
