"""What each view asks of its caller, declared on the view and enforced in one place.

    @requires(Permission.ACCOUNT_VIEW)
    def account_list(request): ...

`AccessMiddleware` refuses a view that declares nothing, and a test walks the URLconf
to find one first. Inside a scope, a permission is a property of the active post alone:
rows outside its range do not exist for it (404), rights it lacks are refused (403).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from accounts.permissions import Permission

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Access:
    """A declaration: anyone, anyone signed in, or a post with a permission.

    `unfinished` views also serve people who still have to change an initial password
    or confirm a second factor.
    """

    signed_in: bool = True
    permission: Permission | None = None
    unfinished: bool = False


PUBLIC = Access(signed_in=False, unfinished=True)


def public(view: View) -> View:
    """Anyone may call this view; it sees no scoped rows."""
    return _declare(view, PUBLIC)


def signed_in(view: View) -> View:
    """Anyone who is signed in may call this view, whatever his posts."""
    return _declare(view, Access())


def signing_in(view: View) -> View:
    """Anyone who is signed in, even if password or second factor are still due."""
    return _declare(view, Access(unfinished=True))


def requires(permission: Permission) -> Callable[[View], View]:
    """Callers need an active post that carries `permission`."""

    def declare(view: View) -> View:
        return _declare(view, Access(permission=permission))

    return declare


def declared(view: Any) -> Access | None:
    """Return what a view, or the class behind it, declares.

    Django's own `login_not_required` counts as public, which apps below this one use.
    DRF sets that mark on each of its views, so there it says nothing.
    """
    endpoint = getattr(view, "cls", None)
    found = getattr(view, "access", None) or getattr(endpoint, "access", None)
    if isinstance(found, Access):
        return found
    if endpoint is None and getattr(view, "login_required", True) is False:
        return PUBLIC
    return None


def _declare(view: View, access: Access) -> View:
    view.access = access  # type: ignore[attr-defined]
    return view
