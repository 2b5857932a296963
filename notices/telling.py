"""The message that an objection has come: to the office that published, and the one above.

Nothing goes on before an objection is settled, so both learn of it at once and not by
looking. Whoever has just entered it knows it and is told nothing.
"""

import datetime as dt

from accounts.models import Post
from accounts.permissions import Permission
from inbox.recipients import holders_by_region
from inbox.services import Letter, send_all
from notices.models import Objection
from regions.codes import township_of

OBJECTED = "notices.objected"


def tell_of_objection(objection: Objection, *, on: dt.date, by: Post) -> int:
    """Tell those who may settle an objection, once each; return how many were told."""
    notice = objection.notice
    way = objection.get_way_display()
    letter = Letter(
        to=_answerable(notice.region_id, on=on, but=by),
        kind=OBJECTED,
        title=f"公示收到异议，请处理：{notice.title}",
        body=f"{notice.issuer}的公示，{objection.received_on} {way}提出。"
        "请在公示页上看内容、写处理结果；没有处理完的，后面的步骤办不了。",
        url=notice.get_absolute_url(),
        region=notice.region_id,
        unique_key=f"{OBJECTED}:{objection.pk}",
    )
    return send_all([letter], on=on)


def _answerable(region: int, *, on: dt.date, but: Post) -> tuple[Post, ...]:
    """Return who keeps the notices of a division and of the township that it lies in."""
    desks = holders_by_region(
        {region, township_of(region)}, Permission.NOTICE_KEEP, on=on
    )
    people = {post.user_id: post for desk in desks.values() for post in desk}
    people.pop(but.user_id, None)
    return tuple(people.values())
