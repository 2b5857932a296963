"""Pages of accounts: signing in, one's own account, those one manages, the log."""

from accounts.views.signing import locked_out

__all__ = ["locked_out"]
