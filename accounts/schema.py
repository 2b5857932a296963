"""How our sign-in and our errors are described in the OpenAPI document."""

from typing import Any

from django.db import models
from drf_spectacular.extensions import (
    OpenApiAuthenticationExtension,
    OpenApiSerializerFieldExtension,
)


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """A program's token in the Authorization header; it reads and cannot write."""

    target_class = "accounts.api.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """Return the scheme as OpenAPI writes it."""
        return {"type": "http", "scheme": "bearer"}


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The session cookie, by its name."""

    target_class = "accounts.api.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """Return the scheme as OpenAPI writes it."""
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}


class ReadChoice(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    """A choice that may be empty in its row may be empty in what is read.

    Of a field that is only read the serializer forgets that it may be blank.
    """

    target_class = "rest_framework.fields.ChoiceField"
    match_subclasses = True

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> Any:
        """Describe the field as its model's column allows."""
        model = getattr(getattr(self.target.parent, "Meta", None), "model", None)
        if self.target.read_only and model and self.target.source in _blank(model):
            self.target.allow_blank = True
        return auto_schema._map_serializer_field(
            self.target, direction, bypass_extensions=True
        )


def _blank(model: type[models.Model]) -> set[str]:
    return {field.name for field in model._meta.fields if field.blank}


SHAPE = {"$ref": "#/components/schemas/Problem"}
ALWAYS = {
    "401": "没有登录，或令牌无效",
    "403": "没有这项权限",
    "404": "没有，或不在管理范围内",
    "406": "要的不是 JSON",
}
SENT = {"400": "提交的内容有误", "415": "提交的不是 JSON"}
DECLARED = {"409": "别人刚改过，或同一个键发过别的内容", "422": "按规矩不能这样办"}
EDITED = {"412": "If-Match 写的不是现在的样子，别人刚改过"}
ONCE = {
    "in": "header",
    "name": "Idempotency-Key",
    "schema": {"type": "string", "maxLength": 64},
    "description": "同一个键两天里只办一次，再发得到同样的回答；内容不同答 409。",
}
IF_MATCH = {
    "in": "header",
    "name": "If-Match",
    "schema": {"type": "string"},
    "description": "上次 GET 的 ETag；别人改过就不改，答 412。",
}


def document_errors(result: Any, **_: Any) -> Any:
    """Say of every operation how it refuses: one shape, whatever the reason."""
    for path in result["paths"].values():
        for method, operation in path.items():
            responses = operation["responses"]
            if method == "post":
                operation.setdefault("parameters", []).append(ONCE)
                responses.setdefault("409", _refusal("同一个键发过别的内容"))
            if method in {"put", "patch", "delete"} and "get" in path:
                operation.setdefault("parameters", []).append(IF_MATCH)
                responses.setdefault("412", _refusal(EDITED["412"]))
            said = ALWAYS | (
                SENT if "requestBody" in operation else {"400": SENT["400"]}
            )
            for status, words in said.items():
                responses.setdefault(status, _refusal(words))
            for status, words in (DECLARED | said).items():
                if status in responses:
                    responses[status]["description"] = (
                        responses[status]["description"] or words
                    )
    return result


def _refusal(words: str) -> dict[str, Any]:
    return {
        "description": words,
        "content": {"application/json": {"schema": SHAPE}},
    }
