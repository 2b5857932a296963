"""The city's list of categories: adding one, changing one, retiring one."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.db.models import Max

from accounts.services import Refused
from visits.models import Topic


@transaction.atomic
def add_topic(*, name: str, words: str) -> Topic:
    """Add a category at the end of the list. Raises Refused if there is one already."""
    last = Topic.objects.aggregate(last=Max("order"))["last"] or 0
    topic = Topic(name=name, words=words or name[:10], order=last + 1)
    try:
        with transaction.atomic():
            topic.save(force_insert=True)
    except IntegrityError as taken:
        raise Refused(f"已经有“{name}”这个类别，请换一个名称。") from taken
    return topic


@transaction.atomic
def edit_topic(
    *, topic: Topic, words: str, order: int, retired_on: dt.date | None
) -> None:
    """Change how a category is said on the phone, its place, and whether it is offered.

    The name stays: visits and issues of the past carry it.
    """
    topic.words, topic.order, topic.retired_on = words, order, retired_on
    topic.save(update_fields=["words", "order", "retired_on"])
