"""Showing a whole number: with a reason, and never without a line in the log."""

from django.db import models, transaction

from accounts import audit
from accounts.models import Action, Post
from accounts.sealing import Sealed, SealedField
from regions.models import ScopedModel


@transaction.atomic
def reveal(*, row: ScopedModel, held: Sealed, field: str, reason: str, by: Post) -> str:
    """Return the number in the column `field`; who saw it, of whom and why is logged."""
    audit.record(
        Action.REVEALED,
        region=row.region_id,
        by=by.user,
        subject=f"{row} {label_of(row, field)}",
        reason=reason,
    )
    return held.reveal()


def sealed_value(row: models.Model, field: str) -> Sealed | None:
    """Return the sealed value in the column `field`; None where there is none."""
    sealed = {
        one.name for one in row._meta.concrete_fields if isinstance(one, SealedField)
    }
    held: Sealed | None = getattr(row, field) if field in sealed else None
    return held


def label_of(row: models.Model, field: str) -> str:
    """Return what a column of the row is called."""
    return str(getattr(row._meta.get_field(field), "verbose_name", field))
