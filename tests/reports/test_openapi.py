"""The published API shows an example of everything, and none of them can go stale.

What is sent is given to the serializer that reads it; what is answered is held against
its schema; what is refused is a sentence of the code.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from drf_spectacular.generators import SchemaGenerator
from jsonschema import (  # type: ignore[import-untyped]
    Draft7Validator,
    FormatChecker,
)
from rest_framework import serializers

from accounts.editing import MEANWHILE
from households.api_roll import HouseholdDetail
from reports.api import written
from reports.openapi.refusals import OPEN, refusals_of
from reports.openapi.values import NAMELESS, Examples
from representatives.api_seats import ConstituencyList, TermDetail
from tests.cast import everywhere

JSON = "application/json"
Document = dict[str, Any]
SAID_ELSEWHERE = [("get /api/v1/villages/{code}/proposal/", "422")]
"""The solver's own words of why there is no proposal: pure code, which knows no refusal."""


@cache
def generated() -> tuple[Document, dict[str, Any]]:
    """Return the document, and by its name what reads each operation's body."""
    generator: Any = SchemaGenerator()  # type: ignore[no-untyped-call]
    document = generator.get_schema(request=None, public=True)
    asked = {}
    for path, regex, method, view in generator._get_paths_and_endpoints():
        schema, shown = view.schema, generator.coerce_path(path, method, view)
        schema.path, schema.path_regex, schema.method = path, regex, method
        asked[f"{method.lower()} {shown}"] = schema.get_request_serializer()
    return document, asked


def operations() -> Iterator[tuple[str, Document]]:
    for path, item in generated()[0]["paths"].items():
        for method, operation in item.items():
            yield f"{method} {path}", operation


def shown(part: Document) -> Any:
    return part.get("content", {}).get(JSON)


def strict(schema: Any) -> Any:
    """Return a schema of OpenAPI 3.0 in JSON Schema's own words: null is a type there."""
    if isinstance(schema, list):
        return [strict(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {key: strict(value) for key, value in schema.items() if key != "nullable"}
    return (
        {"anyOf": [plain, {"type": "null"}]}
        if schema.get("nullable") is True
        else plain
    )


# --- what is sent -----------------------------------------------------------------------


def test_every_body_has_an_example_that_its_serializer_accepts(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows that are referred to are stubbed; all else is checked as if it were sent."""
    monkeypatch.setattr(
        serializers.PrimaryKeyRelatedField, "to_internal_value", lambda field, key: key
    )
    wrong, read = {}, 0
    for name, operation in operations():
        body = shown(operation.get("requestBody", {}))
        if body is None:
            continue
        read += 1
        given = generated()[1][name]
        given = given[JSON] if isinstance(given, dict) else given
        kind = given if isinstance(given, type) else type(given)
        with everywhere():
            reader = kind(data=body["example"], partial=name.startswith("patch"))
            if not reader.is_valid():
                wrong[name] = reader.errors
    assert wrong == {}, "\n".join(map(str, wrong.items()))
    assert read > 100


# --- what is answered -------------------------------------------------------------------


def test_every_answer_has_an_example_that_fits_its_schema() -> None:
    document = strict(generated()[0])
    wrong, read = {}, 0
    for name, operation in operations():
        for status, answer in operation["responses"].items():
            media = shown(answer)
            if media is None or int(status) >= 300:
                continue
            read += 1
            schema = strict(media["schema"]) | {"components": document["components"]}
            check = Draft7Validator(schema, format_checker=FormatChecker())
            if found := [
                error.message for error in check.iter_errors(media["example"])
            ]:
                wrong[name, status] = found
    assert wrong == {}, "\n".join(map(str, wrong.items()))
    assert read > 200


def test_a_list_shows_one_row() -> None:
    for name, operation in operations():
        example = (shown(operation["responses"].get("200", {})) or {}).get("example")
        if isinstance(example, dict) and "next" in example:
            assert (example["count"], len(example["results"])) == (1, 1), name


def test_no_text_is_without_words_of_its_own() -> None:
    """A field of a new name asks for a line in `reports.openapi.words`."""
    nameless = {
        (name, field)
        for name, operation in operations()
        for part in (operation.get("requestBody", {}), *operation["responses"].values())
        for field in _nameless((shown(part) or {}).get("example"))
    }
    assert nameless == set(), sorted(nameless)


def _nameless(example: Any, name: str = "") -> Iterator[str]:
    if isinstance(example, dict):
        for field, value in example.items():
            yield from _nameless(value, name if field == "1" else field)
    elif isinstance(example, list):
        for value in example:
            yield from _nameless(value, name)
    elif example == NAMELESS:
        yield name


def test_no_answer_shows_a_whole_number_unless_it_was_asked_to() -> None:
    for name, operation in operations():
        answers = str([shown(one) for one in operation["responses"].values()])
        if "reveal" not in name:
            assert not re.search(r"\D\d{17}[\dX]\D|\D1\d{10}\D", answers), name


# --- what is refused --------------------------------------------------------------------


def refused() -> Iterator[tuple[str, str, Document]]:
    for name, operation in operations():
        for status, answer in operation["responses"].items():
            if int(status) >= 400:
                yield name, status, answer["content"][JSON]


def test_every_refusal_shows_the_one_shape_in_chinese() -> None:
    document, _ = generated()
    lacking, read = [], 0
    for name, status, media in refused():
        assert media["schema"]["$ref"].endswith("/Problem")
        if not media["examples"]:
            lacking.append((name, status))
        for example in media["examples"].values():
            if link := example.get("$ref"):
                example = document["components"]["examples"][link.rpartition("/")[2]]
            assert set(example["value"]) == {"code", "message", "fields"}
            assert re.search(
                "[\u4e00-\u9fff].*(。|……)$", example["value"]["message"]
            ), name
            read += 1
    assert lacking == SAID_ELSEWHERE, lacking
    assert read > 1000


def test_refusals_are_those_of_the_code_that_the_endpoint_runs() -> None:
    """Straight in its service; through a form of the page; by somebody else's edit."""
    term = [told.message for told in refusals_of(TermDetail, "put")]
    assert any("届" in message for message in term)
    unit = [told.message for told in refusals_of(ConstituencyList, "post")]
    assert unit != []
    edit = refusals_of(HouseholdDetail, "patch")
    assert (409, MEANWHILE) in [(told.status, told.message) for told in edit]


def test_whole_sentences_come_before_those_that_are_filled_in() -> None:
    for endpoint, method in ((TermDetail, "put"), (ConstituencyList, "post")):
        open_ones = [OPEN in told.message for told in refusals_of(endpoint, method)]
        assert open_ones == sorted(open_ones)


# --- the test of the test ---------------------------------------------------------------


def test_a_wrong_example_would_be_found() -> None:
    field = {
        "type": "object",
        "properties": {"on": {"type": "string", "format": "date"}},
    }
    check = Draft7Validator(field, format_checker=FormatChecker())
    assert check.is_valid(Examples({}).of(field, sent=False))
    assert not check.is_valid({"on": "someday"})
    assert list(_nameless({"a": [{"brand_new": NAMELESS}]})) == ["brand_new"]


def test_the_description_is_written_once_for_all_who_ask(db: None) -> None:
    """It takes seconds, and whoever asks need not sign in."""
    written.cache_clear()
    asked = [
        Client().get(reverse("schema"), headers={"Accept": JSON}) for _ in range(2)
    ]
    assert [json.loads(answer.content) for answer in asked] == [generated()[0]] * 2
    assert (written.cache_info().misses, written.cache_info().hits) == (1, 1)
