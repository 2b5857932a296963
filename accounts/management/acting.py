"""Who acts when a command is run `--as USER`."""

from django.core.management.base import CommandError
from django.utils import timezone

from accounts.held import held_posts
from accounts.models import Post, User


def acting_post(login: str) -> Post:
    """Return the first post of a user.

    Raises CommandError if there is none, and for an account that is closed.
    """
    user = User.objects.by_login(login)
    if user and not user.is_active:
        raise CommandError(f"账号“{login}”已经停用，请先重新启用，或者换一个账号。")
    posts = held_posts(user, timezone.localdate()) if user else []
    if not posts:
        raise CommandError(f"没有账号“{login}”，或这个账号没有职务。")
    return posts[0]
