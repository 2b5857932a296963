"""Masks: what is shown of a number, and what a log may hold."""

import logging
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.masking import MASKS, LogMask, mask_text
from shaodong.logs import AnswersWithoutStack
from tests.cast import Cast, signed_in

ID_NUMBER, PHONE, ACCOUNT = "430582198003071234", "13812345678", "6217003140001234567"


@pytest.mark.parametrize(
    ("kind", "plain", "shown"),
    [
        ("id_number", ID_NUMBER, "430582********1234"),
        ("id_number", "43058219800307123X", "430582********123X"),
        ("id_number", "430582800307123", "430582*****7123"),
        ("id_number", "12345678", "****"),
        ("id_number", "", "****"),
        ("phone", PHONE, "138****5678"),
        ("phone", "07392712345", "073****2345"),
        ("phone", "2712345", "****45"),
        ("phone", "12345", "****"),
        ("phone", "", "****"),
        ("bank_account", ACCOUNT, "***************4567"),
        ("bank_account", "62170031", "****0031"),
        ("bank_account", "1234", "****"),
        ("name", "张明", "张*"),
        ("name", "欧阳小明", "欧*明"),
        ("name", "张", "张"),
    ],
)
def test_a_number_is_shown_in_its_usual_masked_form(
    kind: str, plain: str, shown: str
) -> None:
    assert MASKS[kind](plain) == shown


@pytest.mark.parametrize("kind", sorted(set(MASKS) - {"name"}))  # 张*明 is what is read
@given(plain=st.text(alphabet="0123456789X", max_size=25))
@settings(max_examples=300, deadline=None)
def test_a_mask_always_hides_at_least_four_characters_or_all(
    kind: str, plain: str
) -> None:
    shown = [letter for letter in MASKS[kind](plain) if letter != "*"]
    assert len(shown) <= max(len(plain) - 4, 0)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (f"身份证{ID_NUMBER}。", "身份证430582********1234。"),
        ("43058219800307123x", "430582********123x"),
        (f"id_number='{ID_NUMBER}'", "id_number='430582********1234'"),
        (f"打{PHONE}找他", "打138****5678找他"),
        (f"{PHONE}，{PHONE}", "138****5678，138****5678"),
        (f"+86{PHONE}", "+86138****5678"),
        (f"86 {PHONE}", "86 138****5678"),
        ("138 1234 5678", "138****5678"),
        ("138-1234-5678", "138****5678"),
        (f"卡号{ACCOUNT}", "卡号****4567"),
        (f"/visits/?q={PHONE}&page=2", "/visits/?q=138****5678&page=2"),
        (
            f"Key (phone)=({PHONE}) already exists",
            "Key (phone)=(138****5678) already exists",
        ),
        ("区划 430582113219", "区划 430582113219"),
        ("took 0.13812345678 s", "took 0.13812345678 s"),
        ("2026-11-23 10:00:00", "2026-11-23 10:00:00"),
        ("第 12 行", "第 12 行"),
    ],
)
def test_numbers_in_a_text_are_masked_and_nothing_else(text: str, masked: str) -> None:
    assert mask_text(text) == masked


@given(
    st.text(alphabet="行户人 ,，()=:'\"", max_size=5),
    st.sampled_from([ID_NUMBER, PHONE, ACCOUNT]),
    st.text(alphabet="行户人 ,，()=:'\"", max_size=5),
)
@settings(deadline=None)
def test_no_number_survives_whatever_stands_around_it(
    before: str, number: str, after: str
) -> None:
    assert number not in mask_text(before + number + after)


# --- the filter on every handler ------------------------------------------------------


def written(record: logging.LogRecord) -> str:
    """Return what a handler with the mask writes of a record."""
    assert LogMask().filter(record) is True
    return logging.Formatter("%(message)s").format(record)


def record(
    message: object, *values: object, exc_info: object = None
) -> logging.LogRecord:
    return logging.LogRecord(
        "shaodong",
        logging.WARNING,
        "file.py",
        1,
        message,
        values,
        exc_info,  # type: ignore[arg-type]
    )


def test_what_is_filled_into_a_message_is_masked() -> None:
    assert written(record("户主 %s，电话 %s", ID_NUMBER, PHONE)) == (
        "户主 430582********1234，电话 138****5678"
    )


def test_what_is_no_text_is_masked_too() -> None:
    assert written(record(ValueError(f"bad phone {PHONE}"))) == "bad phone 138****5678"
    assert written(record("%r", {"phone": PHONE})) == "{'phone': '138****5678'}"


def test_the_text_of_an_exception_is_masked() -> None:
    """A unique key's error names the value that was refused."""
    try:
        raise ValueError(f"Key (id_number)=({ID_NUMBER}) already exists")
    except ValueError:
        told = written(record("import failed", exc_info=sys.exc_info()))
    assert ID_NUMBER not in told
    assert "Key (id_number)=(430582********1234) already exists" in told
    assert "Traceback" in told


def test_the_cause_of_an_exception_is_masked() -> None:
    try:
        try:
            raise KeyError(PHONE)
        except KeyError as cause:
            raise ValueError("not found") from cause
    except ValueError:
        told = written(record("lookup failed", exc_info=sys.exc_info()))
    assert PHONE not in told
    assert "138****5678" in told


def test_a_stack_is_masked() -> None:
    asked = record("where")
    asked.stack_info = f"Stack: find('{PHONE}')"
    assert PHONE not in written(asked)


def test_a_malformed_call_is_written_and_does_not_raise() -> None:
    """A mistake in a line of the log must not break the request that wrote it."""
    told = written(record("%s and %s", PHONE))
    assert "%s and %s" in told
    assert PHONE not in told


def test_every_handler_masks(settings: object) -> None:
    logging_settings = settings.LOGGING  # type: ignore[attr-defined]
    assert logging_settings["filters"]["mask"] == {"()": "accounts.masking.LogMask"}
    for handler in logging_settings["handlers"].values():
        assert "mask" in handler["filters"]
    assert [type(f) for h in logging.getLogger().handlers for f in h.filters].count(
        LogMask
    ) == len(logging_settings["handlers"])


# --- answers ----------------------------------------------------------------------------


def test_an_answer_is_logged_without_its_stack_and_a_fault_with_it(
    cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    signed_in(cast.clerk).get("/nowhere/")

    [line] = [line for line in caplog.records if line.name == "django.request"]
    assert (line.status_code, line.exc_info) == (404, None)  # type: ignore[attr-defined]
    fault = record("broken", exc_info=(ValueError, ValueError(), None))
    assert AnswersWithoutStack().filter(fault)
    assert fault.exc_info
