"""How a statement's trigger sees the rows that the statement has touched."""

TRANSITIONS = {
    "insert": "REFERENCING NEW TABLE AS new_rows",
    "update": "REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "delete": "REFERENCING OLD TABLE AS old_rows",
}


def touched(columns: str) -> dict[str, str]:
    """Return by event which values of these columns a statement's rows have or had."""
    new, old = (f"SELECT {columns} FROM {r}" for r in ("new_rows", "old_rows"))  # noqa: S608 - our own names
    return {"insert": new, "update": f"{new} UNION {old}", "delete": old}
