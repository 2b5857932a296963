"""The divisions of one's range, by name or code."""

from django.db.models import Q

from regions.models import Region, RegionQuerySet
from regions.scoping import current_scope


def matching(typed: str) -> RegionQuerySet:
    """Return the divisions in scope whose name or code has what was typed.

    Of “魏家桥镇 长冲” the first word names the township. Nothing typed gives the
    divisions next below one's own.
    """
    opened = current_scope()
    if opened is None:
        return Region.objects.none()
    found = Region.objects.current().within(opened).select_related("parent")
    words = typed.split()
    if not words:
        widest = found.order_by("code")[:1].values("code")
        return found.filter(Q(parent__in=widest) | Q(code__in=widest)).order_by("code")
    wanted = Q(name__contains=words[-1])
    if len(words) > 1:
        wanted &= Q(parent__name__contains=words[0])
    if typed.isascii() and typed.isdigit():
        wanted |= Q(code__contains=typed)
    return found.filter(wanted).order_by("code")
