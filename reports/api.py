"""The division tree for other programs, within the caller's scope."""

from functools import cache
from typing import Any, ClassVar

from django.http import HttpResponse
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework import generics, serializers
from rest_framework.request import Request

from accounts.access import PUBLIC, Access
from accounts.permissions import Permission
from regions.models import Region, RegionQuerySet
from regions.scoping import current_scope


class RegionSerializer(serializers.ModelSerializer[Region]):
    """A division, by its 12-digit code."""

    class Meta:
        model = Region
        fields: ClassVar = ("code", "name", "level", "kind", "parent")


class RegionList(generics.ListAPIView[Region]):
    """The divisions in the caller's scope, in administrative order."""

    access = Access(permission=Permission.OVERVIEW_VIEW)
    serializer_class = RegionSerializer
    queryset = Region.objects.none()
    filterset_fields = ("level", "parent")

    def get_queryset(self) -> RegionQuerySet:
        """Return what the open scope covers."""
        opened = current_scope()
        if opened is None:
            return Region.objects.none()
        return Region.objects.current().within(opened).order_by("code")


class Schema(SpectacularAPIView):
    """The OpenAPI description of this interface; it names no one and no place.

    Written once in a process: it takes seconds, and anybody may ask for it.
    """

    access = PUBLIC

    @extend_schema(exclude=True)
    def get(self, request: Request, *_: object, **__: object) -> HttpResponse:
        """Answer in YAML or JSON, as the program wants it."""
        wanted = request.accepted_renderer
        answer = HttpResponse(written(wanted.format), content_type=wanted.media_type)
        answer.headers["Content-Disposition"] = (
            f'inline; filename="api.{wanted.format}"'
        )
        return answer


WRITERS = {one.format: one for one in (OpenApiYamlRenderer, OpenApiJsonRenderer)}


@cache
def written(form: str) -> bytes:
    """Return the description as "yaml" or "json"."""
    generator: Any = SchemaGenerator()  # type: ignore[no-untyped-call]
    document = generator.get_schema(request=None, public=True)
    found: Any = WRITERS[form]().render(document, renderer_context={})
    return bytes(found)
