"""Messages inside the product, and the word outside that points to them."""

from inbox.services.messages import Letter, mark_read, send, send_all, unread_count
from inbox.services.nudging import nudge, word

__all__ = ["Letter", "mark_read", "nudge", "send", "send_all", "unread_count", "word"]
