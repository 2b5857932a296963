"""The same file by django-import-export as its manual begins: one row at a time."""

from typing import Any

from import_export import fields, resources, widgets
from tablib import Dataset

from accounts.sealing import Sealed, blind_index
from bench.clock import Taken, timed
from bench.rolls import Roll
from households.models import Household
from regions.models import Region, VillagerGroup
from regions.places import group_number
from regions.scoping import scope


class GroupWidget(widgets.ForeignKeyWidget):
    """Finds a group by its village's name and its number."""

    def clean(self, value: Any, row: Any = None, **_: Any) -> VillagerGroup:
        """Return the group; raises DoesNotExist as the library expects."""
        village = Region.objects.get(
            name=row["村(社区)"], parent__name=row["乡镇(街道)"]
        )
        return VillagerGroup.objects.get(
            region=village, number=group_number(value) or 0
        )


class SealedWidget(widgets.Widget):
    """Seals a number."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind

    def clean(self, value: Any, row: Any = None, **_: Any) -> Sealed:
        """Return the sealed number."""
        return Sealed.of(str(value), self.kind)


class IndexWidget(widgets.Widget):
    """Hashes a number."""

    def clean(self, value: Any, row: Any = None, **_: Any) -> str:
        """Return the blind index."""
        return blind_index(str(value))


class HouseholdResource(resources.ModelResource):
    """Households alone: neither links nor categories, which favours the library."""

    region = fields.Field(
        "region", "村(社区)", widget=widgets.ForeignKeyWidget(Region, "name")
    )
    group = fields.Field("group", "组别", widget=GroupWidget(VillagerGroup, "number"))
    head = fields.Field("head", "户主姓名")
    id_number = fields.Field(
        "id_number", "户主身份证号", widget=SealedWidget("id_number")
    )
    id_index = fields.Field("id_index", "户主身份证号", widget=IndexWidget())
    phone = fields.Field("phone", "联系电话", widget=SealedWidget("phone"))
    phone_index = fields.Field("phone_index", "联系电话", widget=IndexWidget())
    members = fields.Field("members", "家庭人口", widget=widgets.IntegerWidget())
    address = fields.Field("address", "住址")
    registered_on = fields.Field(
        "registered_on", "联系起始日期", widget=widgets.DateWidget()
    )

    class Meta:
        model = Household
        import_id_fields = ("region", "id_index")
        fields = (
            "region", "group", "head", "id_number", "id_index", "phone", "phone_index",
            "members", "address", "registered_on",
        )  # fmt: skip

    def after_import(self, *_: Any, **__: Any) -> None:
        """Leave the sequence alone: setting it is not among `sd_app`'s rights."""


def import_slice(roll: Roll, rows: int) -> Taken:
    """Import the first rows of the file: dry run, then the real one, as its admin does."""
    result = None
    with scope(roll.post.scope()), timed() as taken:
        for dry_run in (True, False):
            whole = Dataset().load(roll.path.read_bytes(), format="xlsx")
            sample = Dataset(*whole[:rows], headers=whole.headers)
            result = HouseholdResource().import_data(
                sample, dry_run=dry_run, use_transactions=True, raise_errors=True
            )
    if result is None or result.totals["new"] < rows * 0.98:
        raise RuntimeError(f"the library wrote only {result and result.totals}")
    return taken
