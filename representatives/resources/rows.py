"""A row of the roll, resolved and compared: what is there, and what the row wants."""

from dataclasses import dataclass
from typing import Any

from representatives.models import Mandate, Mode, Representative
from representatives.resources.columns import CODES, PERSON
from workbooks.ledger import Row


@dataclass(frozen=True, slots=True)
class Present:
    """A person of the roll as he is now, with his unended mandate.

    `left` is the one that he left last, but for what was entered in error.
    """

    person: Representative
    mandate: Mandate | None
    left: Mandate | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What one row wants."""

    village: int
    group: int
    row: Row
    person: dict[str, Any]
    tenure: dict[str, Any]
    present: Present | None


def unit_key(plan: Plan) -> tuple[int, str]:
    """Return (village, name) of the constituency a row means.

    Most rolls name none: then it is the group's, and in groups that elect both ways
    the households' units are told apart from the group's.
    """
    given = str(plan.row.values.get("constituency") or "").strip()
    suffix = "" if plan.tenure["mode"] == Mode.GROUP else "（按户）"
    return plan.village, given or f"{plan.group}组{suffix}"


def person_of(values: Any) -> dict[str, Any]:
    """Return the person's columns that the file has; blank text is empty."""
    person: dict[str, Any] = {}
    for key in PERSON:
        if key not in values:
            continue
        value = values[key]
        if key in CODES:
            value = CODES[key].get(str(value or ""), "")
        person[key] = value if key == "birth_year" else (value or "")
    if "nation" in person:
        person["nation"] = person["nation"] or "汉族"
    if "offices" in values:
        person["offices"] = _offices(str(values["offices"] or ""))
    return person


def _offices(text: str) -> list[str]:
    """Return what a cell like 村民小组长、护林员 lists."""
    parts = text.replace("，", "、").replace(",", "、").replace(";", "、").split("、")
    return [part.strip()[:20] for part in parts if part.strip()]


def tenure_of(values: Any) -> dict[str, Any]:
    return {
        "mode": CODES["mode"].get(str(values.get("mode") or ""), Mode.GROUP.value),
        "started_on": values["started_on"],
        "until": values["until"],
        "is_by_election": bool(values.get("is_by_election")),
    }


def shown(person: Representative, key: str) -> str:
    if key == "offices":
        return "、".join(person.offices)
    display = getattr(person, f"get_{key}_display", None)
    value = display() if display else getattr(person, key)
    return "" if value is None else str(value)
