"""Addresses of accounts: signing in, one's own account, and those one manages."""

from django.urls import path

from accounts.views import listing, log, managing, own, second_factor, signing, tokens

app_name = "accounts"
urlpatterns = [
    path("sign-in/", signing.sign_in, name="sign-in"),
    path("sign-out/", signing.sign_out, name="sign-out"),
    path("text-size/", signing.text_size, name="text-size"),
    path("me/", own.me, name="me"),
    path("password/", own.password, name="password"),
    path("posts/", own.posts, name="posts"),
    path("devices/end/", own.devices_end, name="devices-end"),
    path("devices/<int:pk>/end/", own.device_end, name="device-end"),
    path("second-factor/", second_factor.second_factor, name="second-factor"),
    path("second-factor/codes/", second_factor.codes_renew, name="codes-renew"),
    path(
        "second-factor/remove/",
        second_factor.second_factor_remove,
        name="second-factor-remove",
    ),
    path("people/", listing.account_list, name="list"),
    path("people/new/", managing.account_new, name="new"),
    path("people/<int:pk>/", managing.account_detail, name="detail"),
    path("people/<int:pk>/edit/", managing.account_edit, name="edit"),
    path("people/<int:pk>/posts/new/", managing.post_new, name="post-new"),
    path("people/<int:pk>/posts/<int:post>/end/", managing.post_end, name="post-end"),
    path("people/<int:pk>/password/", managing.password_reset, name="password-reset"),
    path("people/<int:pk>/unlock/", managing.unlock, name="unlock"),
    path("people/<int:pk>/close/", managing.account_close, name="close"),
    path("people/<int:pk>/reopen/", managing.account_reopen, name="reopen"),
    path(
        "people/<int:pk>/second-factor/",
        managing.second_factor_reset,
        name="second-factor-reset",
    ),
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/<int:pk>/end/", tokens.token_end, name="token-end"),
    path("roles/", log.roles, name="roles"),
    path("audit/", log.audit_log, name="audit"),
]
