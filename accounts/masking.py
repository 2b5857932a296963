"""How sensitive values are shown, and how logs are kept free of them.

Forms in common use: 430582********1234, 138****5678 (`docs/THREAT_MODEL.md`).
"""

import logging
import re
from collections.abc import Callable

ID_NUMBER = re.compile(r"(?<![\d.])(\d{6})\d{8}(\d{3}[\dXx])(?![\dXx])")
PHONE = re.compile(r"(?<![\d.])((?:\+?86[- ]?)?1\d{2})[- ]?\d{4}[- ]?(\d{4})(?!\d)")
ACCOUNT = re.compile(
    r"(?<![\d.])\d{11,15}(\d{4})(?!\d)"
)  # 15 digits: old ID numbers too
HIDDEN = "****"
_EXCEPTIONS = logging.Formatter()


def mask_id_number(plain: str) -> str:
    """Return an ID number without the birthday; nothing of what is none."""
    if len(plain) < 15:
        return HIDDEN
    return f"{plain[:6]}{'*' * (len(plain) - 10)}{plain[-4:]}"


def mask_phone(plain: str) -> str:
    """Return a phone without its middle digits, of a short one the last two digits."""
    if len(plain) >= 11:
        return f"{plain[:3]}{HIDDEN}{plain[-4:]}"
    return f"{HIDDEN}{plain[-2:]}" if len(plain) >= 7 else HIDDEN


def mask_bank_account(plain: str) -> str:
    """Return a bank account with its last four digits only."""
    return f"{'*' * (len(plain) - 4)}{plain[-4:]}" if len(plain) >= 8 else HIDDEN


def mask_name(plain: str) -> str:
    """Return a name as lists of people in need show it: 张*, 张*明."""
    if len(plain) <= 1:
        return plain
    return f"{plain[0]}*" if len(plain) == 2 else f"{plain[0]}*{plain[-1]}"


MASKS: dict[str, Callable[[str], str]] = {
    "id_number": mask_id_number,
    "phone": mask_phone,
    "bank_account": mask_bank_account,
    "name": mask_name,
}


def mask_text(text: str) -> str:
    """Return free text with the ID numbers, phones and bank accounts in it masked."""
    text = ID_NUMBER.sub(r"\1********\2", text)
    text = PHONE.sub(r"\1****\2", text)
    return ACCOUNT.sub(r"****\1", text)


class LogMask(logging.Filter):
    """Masks numbers in everything that is logged: message, exception, stack."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Replace the texts by their masked forms; let every record through."""
        record.msg, record.args = mask_text(_message(record)), None
        if record.exc_info:
            # What the formatter finds here it does not format again, unmasked.
            record.exc_text = _EXCEPTIONS.formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = mask_text(record.exc_text)
        if record.stack_info:
            record.stack_info = mask_text(record.stack_info)
        return True


def _message(record: logging.LogRecord) -> str:
    """Return the message; a malformed call is logged as it is, and breaks nothing."""
    try:
        return record.getMessage()
    except (KeyError, TypeError, ValueError):
        return f"{record.msg} {record.args}"
