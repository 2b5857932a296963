"""Writing covenants: a title for a slot, texts version by version, dates as they come."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import audit
from accounts.editing import save_edit
from accounts.models import Action, Post
from accounts.services import Refused
from attachments import services as attachments
from attachments.examining import Examined
from evaluations.models import Covenant, CovenantVersion
from evaluations.rules.covenants import WARNING, Paperwork, day_faults
from regions.models import Region

DATES = ("studied_on", "adopted_on", "filed_on")


@transaction.atomic
def enter(
    *,
    village: Region,
    slot: int,
    title: str,
    given: Mapping[str, Any],
    scans: Sequence[Examined] = (),
    on: dt.date,
    by: Post,
) -> CovenantVersion:
    """Enter a covenant with its first text. Raises Refused if the slot is taken."""
    try:
        with transaction.atomic():
            covenant = Covenant.objects.create(region=village, slot=slot, title=title)
    except IntegrityError as taken:
        raise Refused("这个位置已经登记了公约，请先停用原来那一个。") from taken
    return _add(covenant, 1, given, scans, on, by)


@transaction.atomic
def revise(
    *,
    covenant: Covenant,
    given: Mapping[str, Any],
    scans: Sequence[Examined] = (),
    on: dt.date,
    by: Post,
) -> CovenantVersion:
    """Enter a new text of a covenant as its next version; the older ones stay."""
    held = Covenant.objects.select_for_update(no_key=True).get(pk=covenant.pk)
    if held.ended_on:
        raise Refused("这个公约已经停用，不能再修订。")
    return _add(held, held.versions.count() + 1, given, scans, on, by)


def _add(
    covenant: Covenant,
    number: int,
    given: Mapping[str, Any],
    scans: Sequence[Examined],
    on: dt.date,
    by: Post,
) -> CovenantVersion:
    _refuse_days(covenant, given, on)
    region = covenant.region_id
    kept = attachments.keep_all(files=scans, region=region, by=by.user)
    made = CovenantVersion.objects.create(
        region_id=region,
        covenant=covenant,
        number=number,
        scan=kept[0] if kept else None,
        entered_by=by.user,
        entered_at=timezone.now(),
        **given,
    )
    if made.risky:
        note_risk(f"《{covenant.title}》", made.risky, region=region, by=by)
    return made


def note_risk(where: str, words: Sequence[str], *, region: int, by: Post) -> None:
    """Log that somebody was warned of a consequence that the law may forbid (article 27)."""
    audit.record(
        Action.SYSTEM,
        region=region,
        by=by.user,
        subject=f"提醒：{where}里有{'、'.join(words)}",
        reason=WARNING[:200],
    )


@transaction.atomic
def save_dates(
    *,
    text: CovenantVersion,
    changes: Mapping[str, Any],
    version: int,
    on: dt.date,
) -> None:
    """Fill in when a text was studied, adopted and filed (L26, L39)."""
    _refuse_days(text.covenant, changes, on)
    save_edit(text, changes=changes, version=version)


@transaction.atomic
def end(*, covenant: Covenant, on: dt.date) -> None:
    """Give a covenant up; another one may take its slot. Raises Refused the second time."""
    if not Covenant.objects.filter(pk=covenant.pk, ended_on=None).update(ended_on=on):
        raise Refused("这个公约已经停用，请返回重新打开。")


def _refuse_days(covenant: Covenant, given: Mapping[str, Any], on: dt.date) -> None:
    days = {name: given.get(name) for name in DATES}
    if found := day_faults(Paperwork(covenant.title, **days), on):
        raise Refused("".join(found))
    if days["filed_on"] and not days["adopted_on"]:
        raise Refused("填了备案日期，还要填通过日期。")
    if days["adopted_on"] and not given.get("adopted_by"):
        raise Refused("请选由哪个会议通过的。")
