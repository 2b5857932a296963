"""The city's two lists, 五必访 and 五必记."""

from django.db import transaction

from accounts.services import Refused
from visits.models import Mark


@transaction.atomic
def keep_mark(*, mark: Mark, kind: str, name: str, order: int, is_on: bool) -> None:
    """Write one item of 五必访 or 五必记; refused if the list has the name already."""
    same = Mark.objects.filter(kind=kind, name=name).exclude(pk=mark.pk)
    if same.exists():
        raise Refused(f"已经有“{name}”，换一个名称，或改那一项。")
    mark.kind, mark.name, mark.order, mark.is_on = kind, name, order, is_on
    mark.save()
