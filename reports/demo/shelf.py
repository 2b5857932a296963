"""What the demo's offices ask for each month: presets, and a report that comes by itself."""

import datetime as dt

from django.db import transaction

from accounts.models import Post
from reports.centre import presets, schedules
from reports.centre.choosing import Choice
from reports.centre.entries import entry_of
from reports.models import Preset

SHELF = (
    ("上月汇总表", "summary-month", "xlsx"),
    ("上月通报", "bulletin-month", "docx"),
)


@transaction.atomic
def stock(posts: dict[str, Post], on: dt.date) -> None:
    """Let city and township keep what they take each month; idempotent."""
    for post in (posts["city"], posts["township"]):
        if Preset.objects.offered_to(post).exists():
            continue
        for name, key, form in SHELF:
            if entry := entry_of(key):
                choice = Choice(period="last-month", form=form)
                presets.save(
                    by=post, entry=entry, name=name, choice=choice, is_shared=True
                )
        if entry := entry_of("summary-month"):
            schedules.begin(by=post, entry=entry, choice=Choice(), on=on)
