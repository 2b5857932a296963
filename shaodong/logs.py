"""What the log says of a request."""

import logging


class AnswersWithoutStack(logging.Filter):
    """Leaves the stack out where a request was answered as it should be.

    Django logs a refused or missing page with the exception that carried the answer:
    forty lines of no use to whoever reads the log, and work for every one of them.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Drop the stack of an answer below 500; let every record through."""
        if getattr(record, "status_code", 500) < 500:
            record.exc_info = None
        return True
