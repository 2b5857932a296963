"""An example of every schema: from its type, and from what its fields are called."""

from collections.abc import Mapping
from typing import Any

from reports.openapi.words import DATES, MASKED, WORDS

DAY = "2026-11-20"
BY_FORMAT = {
    "date": DAY,
    "date-time": f"{DAY}T09:30:00+08:00",
    "uuid": "6f1c3b1e-6f0e-4c55-9a3c-2b7d8e9f1a20",
    "uri": "/files/12/",
    "decimal": "20.0",
}
BY_TYPE = {"boolean": True, "number": 0.5, "object": {}}
PYTHON = {"string": str, "integer": int, "array": list, "boolean": bool, "object": dict}
NAMELESS = "说明"
DECLARED = "x-example"
"""Where a serializer keeps what its fields alone do not say (`accounts.asking.shown`)."""
PATTERNS = {r"^\d{12}$": "430582113219", r"^\d{4}-\d{2}$": "2026-10"}


class Examples:
    """Writes an example for each schema of one document."""

    def __init__(self, schemas: Mapping[str, Any]) -> None:
        self.schemas = schemas

    def of(self, schema: Mapping[str, Any], *, sent: bool, name: str = "") -> Any:
        """Return what fits the schema of a field called `name`.

        In what is `sent` nothing stands that can only be read, and the reverse.
        """
        schema = self.followed(schema)
        if "enum" in schema:
            return next(one for one in schema["enum"] if one not in ("", None))
        if "properties" in schema:
            return self._object(schema, sent=sent)
        if (said := _said(name, schema, sent=sent)) is not None:
            return said
        if schema.get("type") == "array":
            return [self.of(schema["items"], sent=sent, name=name)]
        return self._plain(schema, sent=sent, name=name)

    def followed(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the schema that is meant, where one only points to another."""
        for key in ("allOf", "oneOf", "anyOf"):
            if key in schema:
                schema = schema[key][0]
        if "$ref" in schema:
            return self.followed(self.schemas[schema["$ref"].rpartition("/")[2]])
        return schema

    def _object(self, schema: Mapping[str, Any], *, sent: bool) -> dict[str, Any]:
        hidden = "readOnly" if sent else "writeOnly"
        example = {
            name: self.of(field, sent=sent, name=name)
            for name, field in schema["properties"].items()
            if not field.get(hidden) and not (sent and _is_file(field))
        }
        return example | dict(schema.get(DECLARED, {}))

    def _plain(self, schema: Mapping[str, Any], *, sent: bool, name: str) -> Any:
        kind = schema.get("type")
        if isinstance(inner := schema.get("additionalProperties"), dict):
            return {"1": self.of(inner, sent=sent, name=name)} if inner else {}
        if kind == "integer":
            return max(1, schema.get("minimum", 1))
        if kind == "string":
            return BY_FORMAT.get(schema.get("format", ""), NAMELESS)
        return BY_TYPE.get(str(kind))


def _is_file(field: Mapping[str, Any]) -> bool:
    """Say whether files are sent in a field: they come as multipart, not in JSON."""
    return field.get("items", field).get("format") in {"uri", "binary"}


def _said(name: str, schema: Mapping[str, Any], *, sent: bool) -> Any:
    """Return the words for a field of that name that it can hold; None without any."""
    if schema.get("pattern") in PATTERNS:
        return PATTERNS[schema["pattern"]]
    words = DATES if schema.get("format") == "date" else WORDS
    masked = () if sent else MASKED.get(name, ())
    for said in (*masked, *words.get(name, ())):
        if _fits(said, schema):
            return said
    return None


def _fits(said: Any, schema: Mapping[str, Any]) -> bool:
    """Say whether a value is of the schema's type and within its bounds."""
    if schema.get("format", "date") not in {"date", "int64"}:
        return False
    if type(said) is not PYTHON.get(schema.get("type", "")):
        return False
    if isinstance(said, list):
        return type(said[0]) is PYTHON.get(schema["items"].get("type", ""))
    if isinstance(said, str):
        return len(said) <= int(schema.get("maxLength", len(said)))
    return bool(schema.get("minimum", said) <= said <= schema.get("maximum", said))
