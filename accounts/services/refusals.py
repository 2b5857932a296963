"""What a service answers when it will not do what was asked."""

from typing import ClassVar


class Refused(Exception):
    """What was asked cannot be done; the message tells the person why.

    Programs are told by `status` and `code` (see `accounts.api.explain`).
    """

    status: ClassVar[int] = 422
    code: ClassVar[str] = "refused"


class Meanwhile(Refused):
    """Somebody was faster: it is no longer as it was when the page was opened.

    Nothing was saved. Subclasses carry what there is to show of the other's change.
    """

    status = 409
    code = "conflict"


class NotYours(Refused):
    """Another post would have to do it: a matter of rights, not of the facts."""

    status = 403
    code = "not_yours"
