"""The published API shows an example of everything, and none of them can go stale.

What is sent is given to the serializer that reads it; what is answered is held against
its schema; what is refused is said somewhere in the code.
"""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft7Validator, FormatChecker
from rest_framework import serializers

from accounts.api import CODES
from accounts.editing import MEANWHILE
from reports.openapi.refusals import refusals_of
from reports.openapi.values import BY_TYPE, Examples
from representatives.api_seats import ConstituencySeats, TermList
from tests.cast import everywhere
from visits.api import VisitDetail

JSON = "application/json"
NAMELESS = "说明"


@cache
def document() -> dict[str, Any]:
    generator: Any = SchemaGenerator
    return dict(generator().get_schema(request=None, public=True))


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    for path, item in document()["paths"].items():
        for method, operation in item.items():
            yield f"{method.upper()} {path}", operation


def media(answer: dict[str, Any]) -> Any:
    return answer.get("content", {}).get(JSON)


# --- what is sent -----------------------------------------------------------------------


def readers() -> Iterator[tuple[str, Any, type[serializers.Serializer[Any]]]]:
    """Yield each operation with a body: its example, and the serializer that reads it."""
    generator: Any = SchemaGenerator()
    generator.parse(None, True)
    by_id = dict((one["operationId"], one) for _, one in operations())
    for path, _, method, view in generator._get_paths_and_endpoints():
        view.schema.path, view.schema.method = path, method
        yield from ()
