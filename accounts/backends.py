"""Signing in by user name or phone."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from accounts.held import account_with_posts
from accounts.models import User


class NameOrPhoneBackend:
    """Django's authentication backend for what people type: user name or phone."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
    ) -> User | None:
        """Return the user if the password is right and the account is open."""
        if username is None or password is None:
            return None
        user = User.objects.by_login(username)
        if user is None:
            User().set_password(password)  # as slow as a real check: names do not leak
            return None
        return user if user.check_password(password) and user.is_active else None

    def get_user(self, user_id: int) -> User | None:
        """Return the signed-in user with his posts, unless the account was closed."""
        return account_with_posts(user_id, timezone.localdate())


def account_name(
    request: HttpRequest | None, credentials: dict[str, Any] | None = None
) -> str:
    """Return the user name behind what was typed, so that both ways lock one account."""
    typed = (credentials or {}).get("username") or ""
    if not typed and request is not None:
        typed = request.POST.get("username", "")
    user = User.objects.by_login(typed)
    return user.username if user else typed.strip()
