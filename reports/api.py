"""The division tree for other programs, within the caller's scope."""

from typing import ClassVar

from drf_spectacular.views import SpectacularAPIView
from rest_framework import generics, serializers

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
    """The OpenAPI description of this interface; it names no one and no place."""

    access = PUBLIC
