"""恳谈会: noting one once, correcting it, taking it back (domain 3.5, L33)."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts.editing import save_edit
from accounts.models import Post
from accounts.permissions import Permission
from accounts.services import Refused
from attachments.examining import Examined
from households.models import Household
from representatives.models import Mandate, Representative
from sentiment.models import (
    Issue,
    MeetingKind,
    Source,
    State,
    TalkMeeting,
    TalkPresence,
)
from sentiment.services.entering import Heard, collect, plain
from sentiment.services.exhibits import exhibit
from sentiment.services.stepping import withdraw as withdraw_issue

PLAIN = (
    "kind",
    "held_on",
    "place",
    "recorder",
    "topics",
    "replies",
    "others_present",
)


@dataclass(frozen=True)
class Opinion:
    """What somebody said at the meeting; `household` None is somebody unnamed."""

    words: str
    topic: str
    household: int | None = None
    satisfaction: str = ""


@dataclass(frozen=True)
class Talk:
    """What is noted of a talk meeting, as the form or a program has it."""

    representative: int
    held_on: dt.date
    place: str
    topics: str
    kind: str = MeetingKind.TALK
    recorder: str = ""
    replies: str = ""
    others_present: int = 0
    present: tuple[int, ...] = ()
    opinions: tuple[Opinion, ...] = ()

    def columns(self) -> dict[str, object]:
        """Return what the meeting's own row keeps."""
        return {name: getattr(self, name) for name in PLAIN}


class OtherContent(Exception):
    """A meeting with this id is kept already, and says something else."""

    def __init__(self, stored: TalkMeeting) -> None:
        super().__init__("这次会已经记过了，内容不一样。要改请打开那一次，点“更正”。")
        self.stored = stored


@transaction.atomic
def hold(
    *,
    talk_id: uuid.UUID,
    content: Talk,
    by: Post,
    files: Collection[Examined] = (),
) -> tuple[TalkMeeting, bool]:
    """Keep a talk meeting once; return it and whether it is new.

    Each opinion becomes an issue of the village. Raises Refused with a sentence, and
    OtherContent when the id was used for another meeting.
    """
    stored = TalkMeeting.objects.filter(pk=talk_id).first()
    if stored:
        exhibit(owner=_same_again(stored, content), files=files, by=by)
        return stored, False
    person = _convener(content.representative)
    _check(person, content.held_on, content.present, content.others_present)
    talk, created = TalkMeeting.objects.get_or_create(
        pk=talk_id,
        defaults={
            **content.columns(),
            "region_id": person.region_id,
            "representative": person,
            "entered_by": by.user,
            "on_behalf": by.narrowed_to != person.pk,
            "entered_at": timezone.now(),
        },
    )
    if not created:
        return _same_again(talk, content), False
    _seat(talk, content.present)
    hear(talk=talk, opinions=content.opinions, by=by)
    exhibit(owner=talk, files=files, by=by)
    return talk, True


@transaction.atomic
def hear(*, talk: TalkMeeting, opinions: Iterable[Opinion], by: Post) -> list[Issue]:
    """Make an issue of each opinion that was said at the meeting."""
    opinions = tuple(opinions)
    homes = Household.objects.filter(region=talk.region_id).select_related("group")
    people = homes.in_bulk([one.household for one in opinions if one.household])
    if any(one.household and one.household not in people for one in opinions):
        raise Refused("有一条意见的户不在本村名册上，请重新选。")
    today = timezone.localdate()
    return [
        collect(
            heard=Heard(
                source=Source.TALK,
                talk=talk,
                household=people.get(one.household or 0),
                representative=talk.representative,
                heard_on=talk.held_on,
                topic=one.topic,
                words=one.words,
                satisfaction=one.satisfaction,
            ),
            on=today,
            by=by,
        )
        for one in opinions
    ]


@transaction.atomic
def amend(
    *,
    talk: TalkMeeting,
    content: Talk,
    version: int,
    by: Post,
    files: Collection[Examined] = (),
) -> TalkMeeting:
    """Correct what is noted of a meeting; add opinions and files that were left out.

    Raises EditedMeanwhile when somebody else saved first.
    """
    _refuse_withdrawn(talk)
    _check(
        talk.representative, content.held_on, content.present, content.others_present
    )
    save_edit(talk, changes=content.columns(), version=version)
    # Whatever nobody has dealt with yet was said on the day of the meeting.
    talk.issues.filter(version=1).update(heard_on=content.held_on)
    _seat(talk, content.present)
    hear(talk=talk, opinions=content.opinions, by=by)
    exhibit(owner=talk, files=files, by=by)
    return talk


@transaction.atomic
def withdraw(*, talk: TalkMeeting, reason: str, by: Post) -> None:
    """Take a meeting back: it stays readable and no longer counts.

    Opinions of it that nobody has dealt with yet go with it; with others it is refused,
    for somebody has been promised something.
    """
    _refuse_withdrawn(talk)
    if not reason.strip():
        raise Refused("请写明撤回的原因。")
    heard = list(talk.issues.exclude(state=State.WITHDRAWN))
    if any(issue.state != State.COLLECTED for issue in heard):
        raise Refused("这次会上的意见村里已经在办，不能撤回；记错的地方请用“更正”。")
    if heard and not by.may(Permission.ISSUE_HANDLE):
        raise Refused("会上的意见已经交给村里，请村里的文书或书记撤回这次会。")
    for issue in heard:
        withdraw_issue(
            issue=issue,
            version=issue.version,
            words=reason,
            on=timezone.localdate(),
            by=by,
        )
    talk.withdrawn_at, talk.withdrawn_by = timezone.now(), by.user
    talk.withdrawal = reason.strip()[:200]
    talk.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawal"])


def _convener(pk: int) -> Representative:
    person = Representative.objects.filter(pk=pk).first()
    if person is None:
        raise Refused("没有找到这位代表，请重新选。")
    return person


def _check(
    person: Representative, day: dt.date, present: tuple[int, ...], others: int
) -> None:
    """Raise Refused for a meeting that cannot have been."""
    if day > timezone.localdate():
        raise Refused(f"开会日期 {day} 还没有到，请填实际开会的日期。")
    served = Mandate.objects.filter(representative=person).active(day)
    if not served.exists():
        raise Refused(f"{person.name} {day} 不在任，请核对日期或换一位代表。")
    if not present and not others:
        raise Refused("请点一下来了的户；来的不是联系户，就填“另外还来了几个人”。")
    homes = Household.objects.filter(pk__in=present, region=person.region_id)
    if homes.count() != len(set(present)):
        raise Refused("有的户已经不在本村名册上，请重新点到会的户。")


def _seat(talk: TalkMeeting, present: tuple[int, ...]) -> None:
    """Let exactly these households be the ones that were present."""
    seated = _seated(talk)
    talk.presences.exclude(household__in=present).delete()
    TalkPresence.objects.bulk_create(
        TalkPresence(region_id=talk.region_id, meeting=talk, household_id=household)
        for household in dict.fromkeys(present)
        if household not in seated
    )


def _seated(talk: TalkMeeting) -> set[int]:
    return set(talk.presences.values_list("household_id", flat=True))


def _same_again(stored: TalkMeeting, content: Talk) -> TalkMeeting:
    """Return the meeting that is kept; raise OtherContent if more is sent than it has.

    One that was corrected since says other things than were sent: then day and place
    tell that it is the same.
    """
    said = content.columns()
    if stored.version > 1:
        said = {name: said[name] for name in ("held_on", "place")}
    is_same = (
        stored.representative_id == content.representative
        and all(getattr(stored, name) == value for name, value in said.items())
        and (stored.version > 1 or _seated(stored) == set(content.present))
        and not _is_unheard(stored, content.opinions)
    )
    if not is_same:
        raise OtherContent(stored)
    return stored


def _is_unheard(stored: TalkMeeting, opinions: Iterable[Opinion]) -> bool:
    """Say whether an opinion is no issue of the meeting, by its words now or before."""
    rows = stored.issues.values_list("words", "steps__original")
    known = {words for row in rows for words in row}
    return any(plain(one.words) not in known for one in opinions)


def _refuse_withdrawn(talk: TalkMeeting) -> None:
    if talk.withdrawn_at:
        raise Refused("这次会已经撤回，请返回重新打开。")
