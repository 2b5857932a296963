"""What a service answers when it will not do what was asked."""


class Refused(Exception):
    """What was asked cannot be done; the message tells the person why."""


class NotYours(Refused):
    """Another post would have to do it: a matter of rights, not of the facts."""
