"""Issues, talks and reviews on the stage of the rolls, written by the services."""

import datetime as dt
import uuid
from typing import Any

from accounts.models import Post
from sentiment import review_queue
from sentiment.models import Issue, Review, Source
from sentiment.services import Heard, collect
from sentiment.services import reviews as review_services
from sentiment.services.talks import Opinion, Talk
from tests.cast import at, everywhere
from tests.days import today
from tests.rolls import Rolls

WORDS = (
    "冬季缺水，三天来一次",
    "通组路路灯坏了五盏",
    "医保今年涨了，想缓缴",
    "林地边界有争议",
)


def month() -> dt.date:
    """Return the month of today."""
    return today().replace(day=1)


def as_representative(post: Post, rolls: Rolls, name: str = "张顺民") -> Post:
    """Give a representative's post the person of the stage."""
    with everywhere():
        post.narrowed_to = rolls.people[name].pk
        post.save()
    return post


def heard(rolls: Rolls, by: Post, words: str, head: str = "", **more: Any) -> Issue:
    """Let somebody say something today."""
    with at(by):
        return collect(
            heard=Heard(
                source=Source.CALLER,
                heard_on=today(),
                topic=more.pop("topic", "基础设施"),
                words=words,
                household=rolls.households[head] if head else None,
                **more,
            ),
            on=today(),
            by=by,
        )


def talk_of(rolls: Rolls, name: str = "张顺民", **more: Any) -> Talk:
    """Return what is noted of a meeting of one of the people, today."""
    homes = rolls.held_by(name)
    facts: dict[str, Any] = {
        "representative": rolls.people[name].pk,
        "held_on": today(),
        "place": "申家院子",
        "topics": "冬季用水",
        "present": tuple(home.pk for home in homes[:3]),
        "opinions": (Opinion("水管漏水", "基础设施", homes[0].pk, "bad"),),
    }
    return Talk(**{**facts, **more})


def new_id() -> uuid.UUID:
    """Return what a form makes for its meeting."""
    return uuid.uuid4()


def begun(by: Post) -> Review:
    """Begin this month's review of somebody's village."""
    with at(by):
        return review_services.begin(village=by.region, month=month(), by=by)


def decided(by: Post, review: Review, decision: str = "village", **more: Any) -> None:
    """Decide on everything that waits, with the suggestions of the page."""
    with at(by):
        for matter in review_queue.queue_of(review, today()).waiting:
            hints = review_queue.hints_for(review, by.region, today())
            review_services.decide_item(
                review=review,
                issue=matter.issue,
                given={"decision": decision, "conclusion": "照会上定的办。"} | more,
                was={},
                hints=hints.of(matter.issue),
            )


def met(by: Post, review: Review) -> Review:
    """Write down that the meeting was held today."""
    with at(by):
        review_services.save_texts(
            review=review,
            given={
                "held_on": today(),
                "place": "村部会议室",
                "chair": "周建国",
                "attendees": "代表：张顺民、李红英；党员3人",
                "conclusion": "抓紧办。",
            },
            was={},
        )
        review.refresh_from_db()
    return review


def submitted(by: Post, review: Review) -> Review:
    """Decide everything, hold the meeting, submit."""
    decided(by, review)
    met(by, review)
    with at(by):
        return review_services.submit(review=review, version=review.version, by=by)
