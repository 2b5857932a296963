"""Addresses of /api/v1/ for public notices and objections."""

from django.urls import path

from notices.api import (
    NoticeDetail,
    NoticeList,
    NoticeObjections,
    NoticePublication,
    NoticeWithdrawal,
    ObjectionSettlement,
)

urlpatterns = [
    path("notices/", NoticeList.as_view(), name="notices"),
    path("notices/<int:pk>/", NoticeDetail.as_view(), name="notice"),
    path(
        "notices/<int:pk>/publish/",
        NoticePublication.as_view(),
        name="notice-publish",
    ),
    path(
        "notices/<int:pk>/withdraw/",
        NoticeWithdrawal.as_view(),
        name="notice-withdraw",
    ),
    path(
        "notices/<int:pk>/objections/",
        NoticeObjections.as_view(),
        name="notice-objections",
    ),
    path(
        "objections/<int:pk>/settle/",
        ObjectionSettlement.as_view(),
        name="objection-settle",
    ),
]
