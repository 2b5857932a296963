"""Addresses of /api/v1/ for the accounts that one manages."""

from django.urls import path

from accounts.api_people import (
    AccountClose,
    AccountDetail,
    AccountList,
    AccountPassword,
    AccountPostEnd,
    AccountPosts,
    AccountReopen,
    AccountSecondFactor,
    AccountUnlock,
)

urlpatterns = [
    path("accounts/", AccountList.as_view(), name="accounts"),
    path("accounts/<int:pk>/", AccountDetail.as_view(), name="account"),
    *(
        path(f"accounts/<int:pk>/{part}/", view.as_view(), name=f"account-{part}")
        for part, view in (
            ("close", AccountClose),
            ("reopen", AccountReopen),
            ("unlock", AccountUnlock),
            ("second-factor", AccountSecondFactor),
            ("password", AccountPassword),
            ("posts", AccountPosts),
        )
    ),
    path(
        "accounts/<int:pk>/posts/<int:post>/end/",
        AccountPostEnd.as_view(),
        name="account-post-end",
    ),
]
