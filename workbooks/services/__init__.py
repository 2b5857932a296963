"""The wizard's writes: a file comes in, is checked, confirmed, applied, taken back."""

from workbooks.services.applying import (
    confirm,
    is_interrupted,
    run_apply,
    same_file,
    written,
)
from workbooks.services.checking import run_check
from workbooks.services.storing import (
    KEPT_DAYS,
    has_file,
    refused_path,
    stored_path,
    tidy,
)
from workbooks.services.taking_back import (
    UNDO_HOURS,
    ask_undo,
    may_undo,
    run_undo,
    undo_until,
)
from workbooks.services.uploading import (
    abandon,
    check_again,
    choose_columns,
    choose_sheet,
    fingerprint,
    receive,
    resume,
)

__all__ = [
    "KEPT_DAYS",
    "UNDO_HOURS",
    "abandon",
    "ask_undo",
    "check_again",
    "choose_columns",
    "choose_sheet",
    "confirm",
    "fingerprint",
    "has_file",
    "is_interrupted",
    "may_undo",
    "receive",
    "refused_path",
    "resume",
    "run_apply",
    "run_check",
    "run_undo",
    "same_file",
    "stored_path",
    "tidy",
    "undo_until",
    "written",
]
