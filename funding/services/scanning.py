"""Keeping scans with what they show, in the transaction of whoever writes that."""

from collections.abc import Sequence

from accounts.models import Post
from attachments import services as attachments
from attachments.examining import Examined
from funding.models import FundEntry, Resolution, Scan, SubsidySheet

Owner = FundEntry | Resolution | SubsidySheet
SIDES: dict[type, str] = {
    FundEntry: "entry",
    Resolution: "resolution",
    SubsidySheet: "sheet",
}


def keep_scans(owner: Owner, files: Sequence[Examined], by: Post) -> None:
    """Keep files with the one thing that they show."""
    kept = attachments.keep_all(files=files, region=owner.region_id, by=by.user)
    side = SIDES[type(owner)]
    Scan.objects.bulk_create(
        Scan(region_id=owner.region_id, attachment=one, **{side: owner}) for one in kept
    )
