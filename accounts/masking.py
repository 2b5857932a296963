"""How sensitive values are shown, and how logs are kept free of them.

Forms in common use: 430582********1234, 138****5678 (`docs/THREAT_MODEL.md`).
"""

import logging
import re
from collections.abc import Callable

ID_NUMBER = re.compile(r"(?<![\d.])(\d{6})\d{8}(\d{3}[\dXx])(?![\dXx])")
PHONE = re.compile(r"(?<![\d.])(1\d{2})\d{4}(\d{4})(?!\d)")


def mask_id_number(plain: str) -> str:
    """Return an ID number without the birthday."""
    return f"{plain[:6]}{'*' * max(len(plain) - 10, 4)}{plain[-4:]}"


def mask_phone(plain: str) -> str:
    """Return a phone number without its middle digits."""
    return f"{plain[:3]}****{plain[-4:]}" if len(plain) >= 7 else "****"


def mask_bank_account(plain: str) -> str:
    """Return a bank account with its last four digits only."""
    return f"{'*' * max(len(plain) - 4, 4)}{plain[-4:]}"


MASKS: dict[str, Callable[[str], str]] = {
    "id_number": mask_id_number,
    "phone": mask_phone,
    "bank_account": mask_bank_account,
}


def mask_text(text: str) -> str:
    """Return free text with the ID numbers and phones in it masked."""
    text = ID_NUMBER.sub(r"\1********\2", text)
    return PHONE.sub(r"\1****\2", text)


class LogMask(logging.Filter):
    """Masks ID numbers and phones in everything that is logged."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Replace the message by its masked form; let every record through."""
        record.msg, record.args = mask_text(record.getMessage()), None
        return True
