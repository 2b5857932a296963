"""What endpoints are asked: by the same filters and forms as the pages, or in codes."""

from collections.abc import Iterable
from typing import Any, TypeVar

from django import forms
from django.core.files.base import ContentFile
from drf_spectacular.utils import OpenApiParameter, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request

from regions.forms import in_range
from regions.models import Level, Region

BIGGEST = 2**63 - 1
NO_VILLAGE = "没有这个村（社区），或不在您的管理范围内。请填 12 位区划代码。"
Form = TypeVar("Form", bound=forms.BaseForm)


class Masked(serializers.CharField):
    """A sealed value as pages show it: its middle hidden; null where there is none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, allow_null=True, **kwargs)


class VillageField(serializers.IntegerField):
    """A village of the caller's range by its 12-digit code; gives the Region."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=BIGGEST, **kwargs)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        """Return the village; raise ValidationError for what is none of the range."""
        code = super().run_validation(data)
        village = in_range().filter(level=Level.VILLAGE, code=code).first()
        if village is None:
            raise serializers.ValidationError(NO_VILLAGE)
        return village

    def to_representation(self, value: Any) -> int:
        """Return the code."""
        return int(value.code if isinstance(value, Region) else value)


def shown(**values: Any) -> Any:
    """Declare beside a serializer what its example needs that no field says by itself.

    The rest of the example comes from the fields (`reports.openapi`).
    """
    return extend_schema_serializer(extensions={"x-example": values})


def read(
    sent: type[serializers.Serializer[Any]], request: Request, **more: Any
) -> dict[str, Any]:
    """Return what was sent, as the serializer reads it; raise ValidationError."""
    read_in = sent(data=request.data, **more)
    read_in.is_valid(raise_exception=True)
    return dict(read_in.validated_data)


def in_order(form: Form) -> Form:
    """Return a page's form that is in order; raise ValidationError in its words."""
    if not form.is_valid():
        raise serializers.ValidationError(
            {name: [str(one) for one in words] for name, words in form.errors.items()}
        )
    return form


def sent_file(request: Request) -> "ContentFile[bytes]":
    """Return the body as a file; its announced length shows whether it was cut off."""
    raw = request._request
    upload = ContentFile(raw.body, name=request.query_params.get("name") or None)
    upload.size = int(raw.META.get("CONTENT_LENGTH") or 0)
    return upload


def filters_of(
    form: type[forms.Form], sorts: Iterable[str] = ()
) -> list[OpenApiParameter]:
    """Describe the filters of a page, and what its list can be sorted by."""
    found = [_parameter(name, field) for name, field in form.base_fields.items()]
    orders = [order for key in sorts for order in (key, f"-{key}")]
    if orders:
        words = "按什么排序，前面加 - 倒过来"
        found.append(OpenApiParameter("sort", str, enum=orders, description=words))
    return found


def _parameter(name: str, field: forms.Field) -> OpenApiParameter:
    offered = [value for value, _ in getattr(field, "choices", ()) if value]
    is_number = isinstance(field, forms.IntegerField | forms.ModelChoiceField)
    return OpenApiParameter(
        name,
        int if is_number else str,
        enum=offered or None,
        description=str(field.label),
    )
