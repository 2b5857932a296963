"""The city's standards: a new one holds from its day on, an old one stays as it was."""

import datetime as dt
from decimal import Decimal

from django.db import IntegrityError, transaction

from accounts.models import Post
from accounts.services import Refused
from funding.models import Standard, StandardKind
from funding.rules import said


@transaction.atomic
def set_standard(
    *,
    kind: str,
    amount: Decimal,
    effective_from: dt.date,
    basis: str,
    on: dt.date,
    by: Post,
) -> Standard:
    """Set a standard from today or later on. Raises Refused."""
    if effective_from < on:
        raise Refused("标准不能从过去的日期起改，已经安排和发放的按当时的标准。")
    if not basis.strip():
        raise Refused("请写明依据，例如文件名和文号。")
    if amount <= 0:
        raise Refused(f"{StandardKind(kind).label}不能是 {said(amount)}，请核对。")
    try:
        with transaction.atomic():
            return Standard.objects.create(
                kind=kind, amount=amount, effective_from=effective_from, basis=basis
            )
    except IntegrityError as taken:
        raise Refused("这一天起已经有这个标准，请换一个日期。") from taken
