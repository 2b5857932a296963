"""What is done: visits, meetings, issues, trainings, and the jobs of the office."""

import datetime as dt
import uuid
from typing import Any

from django.utils import timezone

from accounts.models import Post, User
from attachments.models import Attachment, AttachmentContent
from households.models import Household
from jobs.models import Job
from reports.models import Approval
from representatives.models import (
    Representative,
)
from sentiment.models import Exhibit, Issue, PartyDay, Review, TalkMeeting
from tests.cast import SINCE
from tests.days import in_days, today
from trainings.models import Attendance, Material, Training
from visits.models import (
    Enclosure,
    HandedVisit,
    PolicyPlan,
    Visit,
    Waiver,
)
from workbooks.models import Upload


def make_visit(
    code: int, household: Household, person: Representative, user: User
) -> Visit:
    now = timezone.now()
    return Visit.objects.create(
        id=uuid.uuid4(),
        region_id=code,
        household=household,
        representative=person,
        visited_on=today(),
        counts=True,
        entered_by=user,
        captured_at=now,
        received_at=now,
        fingerprint="",
    )


def make_waiver(code: int, household: Household, user: User) -> Waiver:
    day = today()
    return Waiver.objects.create(
        region_id=code,
        household=household,
        first=day,
        last=day + dt.timedelta(days=20),
        reason="away",
        entered_by=user,
    )


def make_plan(code: int, user: User) -> PolicyPlan:
    return PolicyPlan.objects.create(
        region_id=code,
        effective_from=in_days(30),
        ways=["door"],
        planned_by=user,
    )


def make_attachment(visit: Visit, user: User) -> Attachment:
    kept = make_file(visit.region_id, user)
    Enclosure.objects.create(region_id=visit.region_id, visit=visit, attachment=kept)
    return kept


def make_file(
    code: int, user: User, kind: str = "photo", mime: str = "image/jpeg"
) -> Attachment:
    kept = Attachment.objects.create(
        id=uuid.uuid4(),
        region_id=code,
        kind=kind,
        mime=mime,
        name="照片.jpg",
        size=1,
        added_by=user,
        added_at=timezone.now(),
    )
    AttachmentContent.objects.create(region_id=code, attachment=kept, content=b"x")
    return kept


def make_handed(
    code: int, household: Household, person: Representative, user: User
) -> HandedVisit:
    now = timezone.now()
    return HandedVisit.objects.create(
        id=uuid.uuid4(),
        region_id=code,
        household=household,
        head=household.head,
        representative=person,
        visited_on=today(),
        refusal="当天这一户已调整给别人联系",
        captured_at=now,
        handed_at=now,
        handed_by=user,
    )


def make_issue(
    code: int, mark: str, person: Representative, household: Household
) -> Issue:
    now = timezone.now()
    return Issue.objects.create(
        region_id=code,
        source="caller",
        household=household,
        representative=person,
        heard_on=today(),
        topic="其他",
        words=f"{mark}户主说路灯坏了",
        entered_at=now,
        due_on=today(),
    )


def make_meetings(
    code: int, household: Household, person: Representative, user: User
) -> dict[str, Any]:
    """Hold one of each meeting, and let one matter wait for a review in work."""
    now = timezone.now()
    month = today().replace(day=1)
    entered = {"region_id": code, "entered_by": user, "entered_at": now}
    talk = TalkMeeting.objects.create(
        **entered,
        id=uuid.uuid4(),
        representative=person,
        held_on=SINCE,
        place="村部",
        topics="用水",
    )
    matter = Issue.objects.create(
        **entered,
        source="talk",
        talk=talk,
        household=household,
        representative=person,
        heard_on=today(),
        topic="其他",
        words="水管漏水",
        due_on=SINCE,
    )
    photos = [make_file(code, user) for _ in range(2)]
    for side, owner, photo in zip(
        ("talk", "issue"), (talk, matter), photos, strict=True
    ):
        Exhibit.objects.create(region_id=code, attachment=photo, **{side: owner})
    held = Review.objects.create(
        region_id=code,
        month=(month - dt.timedelta(days=1)).replace(day=1),
        state="submitted",
        held_on=SINCE,
        submitted_at=now,
        submitted_by=user,
    )
    return {
        "talk": talk.pk,
        "matter": matter.pk,
        "talk_photo": photos[0].pk,
        "matter_photo": photos[1].pk,
        "party_day": PartyDay.objects.create(**entered, held_on=SINCE).pk,
        "held": held.pk,
        "draft": Review.objects.create(region_id=code, month=month).pk,
    }


def make_training(code: int, person: Representative, user: User) -> dict[str, Any]:
    """Plan a training of the village, with somebody on its roster and a file."""
    now = timezone.now()
    entered = {"region_id": code, "entered_by": user, "entered_at": now}
    training = Training.objects.create(
        **entered,
        id=uuid.uuid4(),
        topic="走访怎么走",
        level="village_catchall",
        held_on=SINCE,
        place="村部",
        hours=2,
    )
    Attendance.objects.create(**entered, training=training.pk, representative=person)
    kept = make_file(code, user)
    Material.objects.create(region_id=code, training=training, attachment=kept)
    return {"training": training.pk, "handout": kept.pk}


def make_upload(code: int, user: User, post: Post) -> Upload:
    now = timezone.now()
    return Upload.objects.create(
        region_id=code,
        kind="households",
        name="名册.xlsx",
        sha256="0" * 64,
        size=1,
        user=user,
        post=post,
        uploaded_at=now,
        business_date=today(),
    )


def make_approval(code: int, user: User, post: Post) -> Approval:
    return Approval.objects.create(
        region_id=code,
        title="导出联系户花名册",
        rows=1,
        reason="核对",
        arguments={"kind": "households", "data": {}, "full": True, "reason": "核对"},
        token=str(code),
        post=post,
        asked_by=user,
        asked_at=timezone.now(),
    )


def make_job(code: int) -> Job:
    now = timezone.now()
    return Job.objects.create(
        region_id=code,
        kind="test",
        title="任务",
        unique_key=str(code),
        business_date=today(),
        asked_at=now,
        not_before=now,
    )
