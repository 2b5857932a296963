"""Puts examples into the published description: of what is sent, answered and refused."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import override
from drf_spectacular.openapi import AutoSchema
from rest_framework.fields import Field

from accounts.api import CODES
from accounts.once import REPEATED
from reports.openapi.refusals import Told, refusals_of
from reports.openapi.values import DECLARED, Examples

JSON = "application/json"
MOST = 3
"""How many sentences of an endpoint are shown for one status."""
ONE_PAGE = {"count": 1, "next": None, "previous": None}


class Schema(AutoSchema):
    """Describes an endpoint; where it refuses, in the sentences of its own code."""

    def _get_response_for_code(
        self, serializer: Any, status_code: Any, *args: Any, **kwargs: Any
    ) -> Any:
        answer: Any = super()._get_response_for_code(  # type: ignore[no-untyped-call]
            serializer, status_code, *args, **kwargs
        )
        if (status := int(status_code)) >= 400:
            told = refusals_of(type(self.view), self.method.lower())
            own = [one for one in told if one.status == status][:MOST]
            if own and JSON in answer.get("content", {}):
                answer["content"][JSON]["examples"] = _named(own)
        return answer


def document_examples(result: Any, **_: Any) -> Any:
    """Give every body, every answer and every refusal of the document its example."""
    schemas = result["components"]["schemas"]
    examples = Examples(schemas)
    result["components"]["examples"] = {
        f"Refused{status}": _shown(Told(status, *said))
        for status, said in CODES.items()
    }
    for path in result["paths"].values():
        for operation in path.values():
            _document(operation, examples)
    for schema in schemas.values():
        schema.pop(DECLARED, None)
    return result


def _document(operation: dict[str, Any], examples: Examples) -> None:
    body = operation.get("requestBody", {}).get("content", {}).get(JSON)
    if body is not None:
        body["example"] = examples.of(body["schema"], sent=True)
    for status, answer in operation["responses"].items():
        media = answer.get("content", {}).get(JSON)
        if media is None:
            continue
        if int(status) < 300:
            media["example"] = _answered(media["schema"], examples)
        elif "examples" not in media:
            media["examples"] = _refused(int(status), operation, body, examples)


def _answered(schema: Any, examples: Examples) -> Any:
    """Return one answer; of a page of a list, the page that has one row."""
    example = examples.of(schema, sent=False)
    is_page = isinstance(example, dict) and {"results", *ONE_PAGE} == set(example)
    return example | ONE_PAGE if is_page else example


def _refused(status: int, operation: Any, body: Any, examples: Examples) -> Any:
    """Return what anybody may be told who is refused with this status."""
    if status == 400 and body is not None:
        required = examples.followed(body["schema"]).get("required", ())
        return {"invalid": _incomplete(required)}
    if status == 409 and _is_once(operation):
        return _named([Told(409, "key", REPEATED)])
    if status not in CODES:
        return {}
    return {CODES[status][0]: {"$ref": f"#/components/examples/Refused{status}"}}


def _is_once(operation: Any) -> bool:
    sent = operation.get("parameters", ())
    return any(one["name"] == "Idempotency-Key" for one in sent)


def _incomplete(required: Iterable[str]) -> Any:
    """Return the refusal of a body that lacks the first of what must be in it."""
    with override("zh-hans"):
        words = str(Field.default_error_messages["required"])
    return _shown(Told(400, *CODES[400]), {name: [words] for name in [*required][:1]})


def _named(told: Iterable[Told]) -> dict[str, Any]:
    """Return refusals under names of their own, which an OpenAPI document asks for."""
    return {f"{one.code}{number or ''}": _shown(one) for number, one in enumerate(told)}


def _shown(told: Told, fields: dict[str, Any] | None = None) -> dict[str, Any]:
    value = {"code": told.code, "message": told.message, "fields": fields or {}}
    return {"value": value}
