"""Objects that fill the arguments of every address, one set in each of three villages."""

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from accounts.models import Post, Token, User
from accounts.sealing import Sealed, blind_index
from appraisals.models import (
    Appraisal,
    AppraisalPlan,
    AppraisalResult,
    AppraisalScan,
    Commendation,
    CommendationPhoto,
    Demonstration,
    Growth,
    Honour,
)
from attachments.models import Attachment, AttachmentContent
from evaluations.models import (
    Covenant,
    CovenantVersion,
    Entry,
    HouseholdRating,
    ManualPoints,
    RatingRound,
    SchemeItem,
    VillageRating,
)
from evaluations.rules.recommended import HOUSEHOLDS
from evaluations.services.schemes import lay_down
from funding.models import (
    FundEntry,
    PayAccount,
    Resolution,
    Scan,
    SubsidySheet,
    WorkFund,
)
from households.models import ContactLink, Household, Transfer
from jobs.models import Job
from notices.models import Objection, PublicNotice
from regions.models import Region, VillagerGroup
from reports.models import Approval
from representatives.models import (
    ByElection,
    Candidate,
    CommitteeTerm,
    Constituency,
    Mandate,
    MandateEnd,
    Representative,
    Seat,
    Vacancy,
)
from sentiment.models import Exhibit, Issue, PartyDay, Review, TalkMeeting
from tests.cast import SINCE, VILLAGE, first_village, hashed, sibling_code
from trainings.models import Attendance, Material, Training
from visits.models import (
    Enclosure,
    HandedVisit,
    Policy,
    PolicyPlan,
    Visit,
    Waiver,
)
from workbooks.models import Upload

ABSENT = 987_654_321
ABSENT_UUID = uuid.UUID(int=ABSENT)
OTHER = 430582102000


@dataclass(frozen=True)
class Place:
    """A village with one of everything; `mark` stands in each name on its pages."""

    code: int
    mark: str
    objects: Mapping[str, Any]


def build_places() -> dict[str, Place]:
    """Set up our village, its sibling and a village of the other township."""
    return {
        "own": _furnish(VILLAGE, "甲"),
        "sibling": _furnish(sibling_code(), "乙"),
        "foreign": _furnish(first_village(OTHER), "丙"),
    }


def _furnish(code: int, mark: str) -> Place:
    today = timezone.localdate()
    group = VillagerGroup.objects.create(region_id=code, number=1)
    term = CommitteeTerm.objects.create(
        region_id=code,
        started_on=dt.date(2026, 1, 1),
        ends_on=dt.date(2030, 12, 31),
        members=5,
        women=2,
    )
    unit = Constituency.objects.create(
        region_id=code, name="1组", mode="group", group=group
    )
    seats = [
        Seat.objects.create(
            region_id=code, constituency=unit, number=number, opened_on=SINCE
        )
        for number in (1, 2, 3)
    ]
    serving, gone = (_representative(code, group, f"{mark}代表{n}") for n in "一二")
    Mandate.objects.create(
        region_id=code,
        representative=serving,
        seat=seats[0],
        mode="group",
        started_on=SINCE,
        until=dt.date(2030, 12, 31),
    )
    Mandate.objects.create(
        region_id=code,
        representative=gone,
        seat=seats[1],
        mode="group",
        started_on=SINCE,
        until=dt.date(2030, 12, 31),
        ended_on=today,
        end_cause=MandateEnd.MOVED,
    )
    household = Household.objects.create(
        region_id=code,
        group=group,
        head=f"{mark}户主",
        id_number=Sealed.of("430599195611059784", "id_number"),
        id_index=blind_index(f"430599195611059784{mark}"),
        phone=Sealed.of("13800036893", "phone"),
        registered_on=SINCE,
    )
    ContactLink.objects.create(
        region_id=code, household=household, representative=serving, started_on=SINCE
    )
    user, post = _account(code, mark)
    serving.photo = _file(code, user)
    serving.save(update_fields=["photo"])
    visit = _visit(code, household, serving, user)
    election = _election(code, unit, seats[2], user)
    enclosed = _attachment(visit, user)
    return Place(
        code,
        mark,
        {
            "code": code,
            "representative": serving.pk,
            "former": gone.pk,
            "unit": unit.pk,
            "term": term.pk,
            "vacant": seats[2].pk,
            "household": household.pk,
            "incoming": _transfer(code, mark, household, is_outgoing=False).pk,
            "outgoing": _transfer(code, mark, household, is_outgoing=True).pk,
            "account": user.pk,
            "post": post.pk,
            "token": _token(code, user, post).pk,
            "job": _job(code).pk,
            "visit": visit.pk,
            "attachment": enclosed.pk,
            **_rated(household, post, enclosed),
            "issue": _issue(code, mark, serving, household).pk,
            **_meetings(code, household, serving, user),
            **_training(code, serving, user),
            "handed": _handed(code, household, serving, user).pk,
            "waiver": _waiver(code, household, user).pk,
            "upload": _upload(code, user, post).pk,
            "approval": _approval(code, user, post).pk,
            "plan": _plan(code, user).pk,
            "policy": Policy.objects.order_by("effective_from")[0].pk,
            "election": election.pk,
            "candidate": _candidate(code, election, f"{mark}户主").pk,
            "notice": election.notice_id,
            "objection": _objection(code, election.notice, user).pk,
            **_appraisal(code, serving, user),
            **_money(code, serving, user),
        },
    )


def _election(code: int, unit: Constituency, seat: Seat, user: User) -> ByElection:
    """Make a by-election whose plan is there and whose notice is a draft."""
    today = timezone.localdate()
    notice = PublicNotice.objects.create(
        region_id=code,
        kind="by_election",
        title="补选结果公示",
        issuer="村民委员会",
        first_day=today,
        last_day=today,
        contact_name="申主任",
        contact_phone="0739-2721234",
    )
    election = ByElection.objects.create(
        region_id=code,
        constituency=unit,
        mode="group",
        stage="review",
        started_on=SINCE,
        started_by=user,
        meets_on=today,
        entitled=40,
        notice=notice,
    )
    Vacancy.objects.create(
        region_id=code,
        by_election=election,
        seat=seat,
        since=SINCE,
        evidence="增加名额的决定",
    )
    return election


def _candidate(code: int, election: ByElection, name: str) -> Candidate:
    return Candidate.objects.create(
        region_id=code,
        by_election=election,
        name=name,
        sex="f",
        birth_year=1970,
        politics="masses",
        nominated_by="self",
        has_rights=True,
    )


def _objection(code: int, notice: PublicNotice, user: User) -> Objection:
    return Objection.objects.create(
        region_id=code,
        notice=notice,
        received_on=timezone.localdate(),
        way="phone",
        words="年龄不够",
        recorded_by=user,
        recorded_at=timezone.now(),
    )


def _representative(code: int, group: VillagerGroup, name: str) -> Representative:
    return Representative.objects.create(
        region_id=code,
        name=name,
        group=group,
        id_number=Sealed.of("430599195611059784", "id_number"),
        id_index=blind_index(name + str(code)),
        phone=Sealed.of("13800036893", "phone"),
    )


def _account(code: int, mark: str) -> tuple[User, Post]:
    user = User.objects.create(
        username=f"clerk-{code}",
        name=f"{mark}文书",
        password=hashed(),
        must_change_password=False,
    )
    post = Post.objects.create(
        user=user, role="village_clerk", region_id=code, started_on=SINCE
    )
    return user, post


def _token(code: int, user: User, post: Post) -> Token:
    today = timezone.localdate()
    return Token.objects.create(
        name="一表通",
        digest=f"{code}",
        hint="abcd",
        user=user,
        post=post,
        place_id=code,
        made_on=today,
        expires_on=today + dt.timedelta(days=30),
    )


def _transfer(
    code: int, mark: str, household: Household, *, is_outgoing: bool
) -> Transfer:
    """Make both halves of a move; the other half lies in a village of nobody's."""
    pair, elsewhere = uuid.uuid4(), last_village(OTHER)
    halves = {
        side: Transfer.objects.create(
            region_id=code if side == is_outgoing else elsewhere,
            pair=pair,
            is_outgoing=side,
            household=household if side and is_outgoing else None,
            other_region=elsewhere if side == is_outgoing else code,
            head=f"{mark}户主",
            offered_on=SINCE,
        )
        for side in (True, False)
    }
    return halves[is_outgoing]


def last_village(township: int) -> int:
    """Return a village that no one of the cast stands in."""
    villages = Region.objects.filter(parent_id=township).order_by("-code")
    return villages[0].code


def _visit(
    code: int, household: Household, person: Representative, user: User
) -> Visit:
    now = timezone.now()
    return Visit.objects.create(
        id=uuid.uuid4(),
        region_id=code,
        household=household,
        representative=person,
        visited_on=now.date(),
        counts=True,
        entered_by=user,
        captured_at=now,
        received_at=now,
        fingerprint="",
    )


def _waiver(code: int, household: Household, user: User) -> Waiver:
    today = timezone.localdate()
    return Waiver.objects.create(
        region_id=code,
        household=household,
        first=today,
        last=today + dt.timedelta(days=20),
        reason="away",
        entered_by=user,
    )


def _training(code: int, person: Representative, user: User) -> dict[str, Any]:
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
    kept = _file(code, user)
    Material.objects.create(region_id=code, training=training, attachment=kept)
    return {"training": training.pk, "handout": kept.pk}


def _attachment(visit: Visit, user: User) -> Attachment:
    kept = _file(visit.region_id, user)
    Enclosure.objects.create(region_id=visit.region_id, visit=visit, attachment=kept)
    return kept


def _file(code: int, user: User) -> Attachment:
    kept = Attachment.objects.create(
        id=uuid.uuid4(),
        region_id=code,
        kind="photo",
        mime="image/jpeg",
        name="照片.jpg",
        size=1,
        added_by=user,
        added_at=timezone.now(),
    )
    AttachmentContent.objects.create(region_id=code, attachment=kept, content=b"x")
    return kept


def _meetings(
    code: int, household: Household, person: Representative, user: User
) -> dict[str, Any]:
    """Hold one of each meeting, and let one matter wait for a review in work."""
    now = timezone.now()
    month = now.date().replace(day=1)
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
        heard_on=now.date(),
        topic="其他",
        words="水管漏水",
        due_on=SINCE,
    )
    photos = [_file(code, user) for _ in range(2)]
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


def _appraisal(code: int, person: Representative, user: User) -> dict[str, Any]:
    """Make a draft of this year, a result of last year with its honour, and a 示范村."""
    today, entered = timezone.localdate(), {"region_id": code, "entered_by": user}
    plan = AppraisalPlan.objects.of_year(today.year, today)
    both = {"region_id": code, "plan": plan, "begun_by": user}
    draft = Appraisal.objects.create(year=today.year, counts_until=SINCE, **both)
    last = Appraisal.objects.create(
        year=2025, counts_until=SINCE, stage="done", filed_on=SINCE, met_on=SINCE,
        is_imported=True, **both,
    )  # fmt: skip
    of = {"region_id": code, "representative": person}
    result = AppraisalResult.objects.create(appraisal=last, grade="excellent", **of)
    AppraisalResult.objects.create(appraisal=draft, **of)
    honour = Honour.objects.create(
        **of, result=result, year=2025, plaque="1", awarded_on=SINCE, entered_by=user
    )
    held = Commendation.objects.create(
        **entered, year=2025, held_on=SINCE, place="村部"
    )
    scan, photo = (_file(code, user) for _ in range(2))
    AppraisalScan.objects.create(region_id=code, appraisal=draft, attachment=scan)
    CommendationPhoto.objects.create(
        region_id=code, commendation=held, attachment=photo
    )
    growth = Growth.objects.create(
        **of, kind="activist", started_on=SINCE, decided="支部会议", set_by=user
    )
    shown = Demonstration.objects.create(
        region_id=code, year=2025, chosen_on=SINCE, lessons="包片", chosen_by=user
    )
    return {
        "appraisal": draft.pk,
        "filed": last.pk,
        "result": result.pk,
        "scan": scan.pk,
        "honour": honour.pk,
        "commendation": held.pk,
        "photo": photo.pk,
        "growth": growth.pk,
        "demonstration": shown.pk,
    }


def _money(code: int, person: Representative, user: User) -> dict[str, Any]:
    """Set up a fund with a line, a resolution with a sheet, an account, a scan."""
    now = timezone.now()
    month = (now.date().replace(day=1) - dt.timedelta(days=1)).replace(day=1)
    entered = {"region_id": code, "entered_by": user, "entered_at": now}
    fund = WorkFund.objects.create(
        region_id=code,
        year=now.year,
        allotted=5000,
        basis="标准",
        opened_by=user,
        opened_at=now,
    )
    entry = FundEntry.objects.create(
        **entered,
        id=uuid.uuid4(),
        fund=fund,
        kind="received",
        booked_on=now.date(),
        amount=100,
        purpose="拨付",
    )
    terms = {"rate": 150, "most": 150, "entitled": 30, "present": 26, "votes_for": 25}
    resolution = Resolution.objects.create(
        **entered, **terms, meeting="assembly", held_on=month, starts_on=month
    )
    sheet = SubsidySheet.objects.create(
        region_id=code, month=month, resolution=resolution
    )
    number: Any = Sealed.of("6217995550023456789", "bank_account")
    PayAccount.objects.create(
        region_id=code, representative=person, bank="农商银行", number=number
    )
    kept = Attachment.objects.create(
        id=uuid.uuid4(),
        region_id=code,
        kind="scan",
        mime="application/pdf",
        name="凭证.pdf",
        size=1,
        added_by=user,
        added_at=now,
    )
    AttachmentContent.objects.create(region_id=code, attachment=kept, content=b"x")
    scan = Scan.objects.create(region_id=code, attachment=kept, entry=entry)
    return {
        "fund": fund.pk,
        "fund_entry": entry.pk,
        "resolution": resolution.pk,
        "sheet": sheet.pk,
        "fund_scan": scan.pk,
    }


def _handed(
    code: int, household: Household, person: Representative, user: User
) -> HandedVisit:
    now = timezone.now()
    return HandedVisit.objects.create(
        id=uuid.uuid4(),
        region_id=code,
        household=household,
        head=household.head,
        representative=person,
        visited_on=now.date(),
        refusal="当天这一户已调整给别人联系",
        captured_at=now,
        handed_at=now,
        handed_by=user,
    )


def _issue(code: int, mark: str, person: Representative, household: Household) -> Issue:
    now = timezone.now()
    return Issue.objects.create(
        region_id=code,
        source="caller",
        household=household,
        representative=person,
        heard_on=now.date(),
        topic="其他",
        words=f"{mark}户主说路灯坏了",
        entered_at=now,
        due_on=now.date(),
    )


def _upload(code: int, user: User, post: Post) -> Upload:
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
        business_date=now.date(),
    )


def _approval(code: int, user: User, post: Post) -> Approval:
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


def _plan(code: int, user: User) -> PolicyPlan:
    return PolicyPlan.objects.create(
        region_id=code,
        effective_from=timezone.localdate() + dt.timedelta(days=30),
        ways=["door"],
        planned_by=user,
    )


def _job(code: int) -> Job:
    now = timezone.now()
    return Job.objects.create(
        region_id=code,
        kind="test",
        title="任务",
        unique_key=str(code),
        business_date=now.date(),
        asked_at=now,
        not_before=now,
    )


def _rated(household: Household, post: Post, scan: Attachment) -> dict[str, Any]:
    """Let a village rate its households by a draft of its own, and itself."""
    code, today, user = household.region_id, timezone.localdate(), post.user
    where = {"region_id": code}
    covenant = Covenant.objects.create(**where, slot=1, title="村规民约")
    text = CovenantVersion.objects.create(
        **where, covenant=covenant, text="一条", scan=scan, entered_by=user,
        entered_at=timezone.now(),
    )  # fmt: skip
    scheme = lay_down(
        HOUSEHOLDS,
        owner=Region.objects.get(pk=code),
        year=today.year,
        on=today,
        by=post,
    )
    item = SchemeItem.objects.filter(category__scheme=scheme).first()
    lowest = scheme.tiers.get(threshold=None)
    recording, reviewing = (
        RatingRound.objects.create(
            **where, scheme=scheme, year=today.year, number=number, stage=stage,
            first_day=today, last_day=today, began_on=today, began_by=user,
        )
        for number, stage in ((1, "record"), (2, "review"))
    )  # fmt: skip
    entry = Entry.objects.create(
        **where, round=recording, household=household, item=item, on=today,
        evidence=scan, entered_by=user, entered_at=timezone.now(),
    )  # fmt: skip
    result = HouseholdRating.objects.create(
        **where, round=reviewing, household=household, total=70, tier=lowest
    )
    village = VillageRating.objects.create(**where, scheme=scheme, year=today.year)
    mark = ManualPoints.objects.create(
        **where, rating=village, item=item, points=1, words="会议记录", evidence=scan,
        given_by=user,
    )  # fmt: skip
    return {
        "covenant": covenant.pk,
        "covenant_text": text.pk,
        "scheme": scheme.pk,
        "scheme_item": item.pk if item else 0,
        "scheme_category": scheme.categories.values_list("pk", flat=True)[0],
        "scheme_tier": scheme.tiers.values_list("pk", flat=True)[0],
        "round": recording.pk,
        "entry": entry.pk,
        "rated": result.pk,
        "village_rating": village.pk,
        "manual_item": mark.item_id,
    }


Fill = Callable[[Place], Any]


def of(name: str) -> Fill:
    """Return a filler that takes the place's object of that name."""
    return lambda place: place.objects[name]


OF_A_SCHEME = {
    f"evaluations:scheme{what}"
    for what in (
        "", "-adapt", "-terms", "-part-new", "-part", "-part-drop", "-try", "-force",
        "-drop",
    )
}  # fmt: skip

PARTS_OF_A_SCHEME = (
    "trial", "categories", "category", "items", "item", "tiers", "tier",
)  # fmt: skip

# By address and argument; "*" stands for every address of the app that is not named.
FILLERS: dict[tuple[str, str], Fill] = {
    ("*", "code"): of("code"),
    ("representatives:*", "pk"): of("representative"),
    ("reports:person", "pk"): of("representative"),
    ("representatives:seats-add", "pk"): of("unit"),
    ("representatives:constituency-edit", "pk"): of("unit"),
    ("representatives:constituency-end", "pk"): of("unit"),
    ("representatives:seat-close", "pk"): of("vacant"),
    ("representatives:by-election", "pk"): of("election"),
    ("representatives:by-election-paper", "pk"): of("election"),
    ("representatives:by-election-start", "pk"): of("unit"),
    ("representatives:by-election-plan", "pk"): of("election"),
    ("representatives:by-election-review", "pk"): of("election"),
    ("representatives:by-election-result", "pk"): of("election"),
    ("representatives:by-election-notice", "pk"): of("election"),
    ("representatives:by-election-repeat", "pk"): of("election"),
    ("representatives:by-election-cancel", "pk"): of("election"),
    ("representatives:candidate-new", "pk"): of("election"),
    ("representatives:candidate-edit", "pk"): of("candidate"),
    ("representatives:candidate-drop", "pk"): of("candidate"),
    ("households:by-election-file", "pk"): of("election"),
    ("notices:*", "pk"): of("notice"),
    ("notices:objection-settle", "pk"): of("objection"),
    ("api:by-election", "pk"): of("election"),
    ("api:by-election-review", "pk"): of("election"),
    ("api:by-election-round", "pk"): of("election"),
    **{
        (f"api:by-election-{part}", "pk"): of("election")
        for part in ("plan", "candidates", "notice", "file", "repeat", "cancel")
    },
    ("api:candidate", "pk"): of("candidate"),
    **{
        (f"api:representative{part}", "pk"): of("representative")
        for part in ("", "-reveal", "-account", "-photo")
    },
    **{
        (f"api:constituency{part}", "pk"): of("unit") for part in ("", "-end", "-seats")
    },
    ("api:seat-close", "pk"): of("vacant"),
    ("api:term", "pk"): of("term"),
    **{
        (f"api:household{part}", "pk"): of("household")
        for part in ("", "-categories", "-labels", "-reveal", "-off-roll", "-offer")
    },
    ("api:transfer-accept", "pk"): of("incoming"),
    ("api:transfer-decline", "pk"): of("incoming"),
    ("api:transfer-withdraw", "pk"): of("outgoing"),
    ("api:representative-leave", "pk"): of("representative"),
    ("api:notice", "pk"): of("notice"),
    ("api:notice-objections", "pk"): of("notice"),
    ("api:notice-publish", "pk"): of("notice"),
    ("api:notice-withdraw", "pk"): of("notice"),
    ("api:objection-settle", "pk"): of("objection"),
    ("trainings:*", "pk"): of("training"),
    ("api:training", "pk"): of("training"),
    ("api:training-roster", "pk"): of("training"),
    ("api:training-sign-in", "pk"): of("training"),
    ("api:training-cancel", "pk"): of("training"),
    ("trainings:*", "attachment"): of("handout"),
    ("trainings:person", "pk"): of("representative"),
    ("trainings:person-record", "pk"): of("representative"),
    ("funding:*", "pk"): of("representative"),
    ("funding:fund", "pk"): of("fund"),
    ("funding:fund-paper", "pk"): of("fund"),
    ("funding:spend", "pk"): of("fund"),
    ("funding:receive", "pk"): of("fund"),
    ("funding:carry", "pk"): of("fund"),
    ("funding:reverse", "pk"): of("fund_entry"),
    ("funding:sheet", "pk"): of("sheet"),
    ("funding:sheet-paper", "pk"): of("sheet"),
    ("funding:sheet-step", "pk"): of("sheet"),
    ("funding:resolution", "pk"): of("resolution"),
    ("funding:resolution-withdraw", "pk"): of("resolution"),
    ("funding:scan", "pk"): of("fund_scan"),
    ("api:fund", "pk"): of("fund"),
    ("api:fund-entry", "pk"): of("fund"),
    ("api:fund-entry", "entry"): of("fund_entry"),
    ("api:fund-entry-reverse", "pk"): of("fund_entry"),
    ("api:fund-carry", "pk"): of("fund"),
    ("api:resolution-withdraw", "pk"): of("resolution"),
    ("api:money-scan", "pk"): of("fund_scan"),
    ("api:pay-account", "pk"): of("representative"),
    ("api:subsidy-sheet", "pk"): of("sheet"),
    ("api:subsidy-step", "pk"): of("sheet"),
    ("api:subsidy-notice", "pk"): of("sheet"),
    ("api:subsidy-signatures", "pk"): of("sheet"),
    ("api:resolution", "pk"): of("resolution"),
    ("api:subsidies-of", "pk"): of("representative"),
    ("households:*", "pk"): of("household"),
    ("households:accept", "pk"): of("incoming"),
    ("households:decline", "pk"): of("incoming"),
    ("households:withdraw", "pk"): of("outgoing"),
    ("households:leave", "pk"): of("representative"),
    ("households:left", "pk"): of("former"),
    ("appraisals:*", "pk"): of("appraisal"),
    ("appraisals:person", "pk"): of("representative"),
    ("appraisals:result", "pk"): of("result"),
    ("appraisals:appraisal-scan", "attachment"): of("scan"),
    ("appraisals:photo", "pk"): of("commendation"),
    ("appraisals:photo", "attachment"): of("photo"),
    ("appraisals:honour-receive", "pk"): of("honour"),
    ("appraisals:growth-end", "pk"): of("growth"),
    ("appraisals:demonstration-drop", "pk"): of("demonstration"),
    ("api:appraisal", "pk"): of("filed"),
    **{
        (f"api:appraisal-{step}", "pk"): of("appraisal")
        for step in (
            "meeting",
            "relist",
            "tickets",
            "self",
            "close",
            "recount",
            "grades",
            "confirm",
            "notice",
            "reopen",
            "return",
            "file",
        )
    },
    ("api:honour-receive", "pk"): of("honour"),
    ("api:growth-end", "pk"): of("growth"),
    ("api:demonstration", "pk"): of("demonstration"),
    ("sentiment:talk-sheet", "pk"): of("representative"),
    ("sentiment:talk", "pk"): of("talk"),
    ("sentiment:talk-edit", "pk"): of("talk"),
    ("sentiment:talk-paper", "pk"): of("talk"),
    ("sentiment:talk-withdraw", "pk"): of("talk"),
    ("sentiment:talk-file", "pk"): of("talk"),
    ("sentiment:talk-file", "attachment"): of("talk_photo"),
    ("sentiment:talk-file-remove", "pk"): of("talk"),
    ("sentiment:talk-file-remove", "attachment"): of("talk_photo"),
    ("sentiment:issue-file", "pk"): of("matter"),
    ("sentiment:issue-file-remove", "pk"): of("matter"),
    ("sentiment:*", "attachment"): of("matter_photo"),
    ("sentiment:party-day", "pk"): of("party_day"),
    ("sentiment:party-day-edit", "pk"): of("party_day"),
    ("sentiment:party-day-visits", "pk"): of("party_day"),
    ("sentiment:review", "pk"): of("held"),
    ("sentiment:review-return", "pk"): of("held"),
    ("sentiment:review-correct", "pk"): of("held"),
    ("sentiment:review-paper", "pk"): of("held"),
    ("sentiment:review-data", "pk"): of("draft"),
    ("sentiment:review-items", "pk"): of("draft"),
    ("sentiment:review-item", "pk"): of("draft"),
    ("sentiment:review-item", "issue"): of("matter"),
    ("sentiment:review-covenants", "pk"): of("draft"),
    ("sentiment:review-meeting", "pk"): of("draft"),
    ("sentiment:review-check", "pk"): of("draft"),
    ("sentiment:review-submit", "pk"): of("draft"),
    ("api:talk", "pk"): of("talk"),
    ("api:talk-withdraw", "pk"): of("talk"),
    ("api:review", "pk"): of("held"),
    ("api:review-submit", "pk"): of("held"),
    ("api:review-return", "pk"): of("held"),
    ("api:review-correct", "pk"): of("held"),
    ("api:review-texts", "pk"): of("draft"),
    ("api:review-item", "pk"): of("draft"),
    ("api:review-item", "issue"): of("matter"),
    ("api:issue-merge", "pk"): of("issue"),
    ("api:party-day", "pk"): of("party_day"),
    ("api:party-day-visits", "pk"): of("party_day"),
    ("visits:door", "pk"): of("household"),
    ("visits:quick", "pk"): of("household"),
    ("visits:change", "pk"): of("visit"),
    ("visits:undo", "pk"): of("visit"),
    ("visits:enter", "pk"): of("representative"),
    ("visits:home", "pk"): of("household"),
    ("visits:record", "pk"): of("visit"),
    ("visits:record-correct", "pk"): of("visit"),
    ("visits:record-withdraw", "pk"): of("visit"),
    ("visits:waiver-end", "pk"): of("waiver"),
    ("api:waiver-end", "pk"): of("waiver"),
    ("api:waiver-withdraw", "pk"): of("waiver"),
    ("api:handed-visit-take", "pk"): of("handed"),
    ("api:handed-visit-decline", "pk"): of("handed"),
    ("api:visit-correct", "pk"): of("visit"),
    ("visits:waiver-withdraw", "pk"): of("waiver"),
    ("visits:handed-take", "pk"): of("handed"),
    ("visits:handed-decline", "pk"): of("handed"),
    ("visits:enclosure", "pk"): of("visit"),
    ("visits:enclosure", "attachment"): of("attachment"),
    ("api:visit-attachment", "pk"): of("visit"),
    ("api:visit-attachment", "attachment"): of("attachment"),
    ("visits:policy-plan", "pk"): of("plan"),
    ("visits:policy-progress", "pk"): of("plan"),
    ("visits:policy-adopt", "pk"): of("plan"),
    ("visits:policy-withdraw", "pk"): of("policy"),
    ("sentiment:*", "pk"): of("issue"),
    ("sentiment:household-issues", "pk"): of("household"),
    ("api:issue", "pk"): of("issue"),
    ("api:issue-step", "pk"): of("issue"),
    ("api:visit", "pk"): of("visit"),
    ("api:visit-withdraw", "pk"): of("visit"),
    ("api:visit-hand-over", "pk"): of("handed"),
    ("evaluations:*", "pk"): of("round"),
    ("api:rating", "pk"): of("round"),
    ("api:rating-entries", "pk"): of("round"),
    ("api:rating-step", "pk"): of("round"),
    ("api:self-assessment", "pk"): of("round"),
    ("api:self-assessment", "household"): of("household"),
    ("api:rating-entry-withdraw", "pk"): of("entry"),
    ("api:rating-entry-evidence", "pk"): of("entry"),
    ("api:rating-notice", "pk"): of("round"),
    ("api:rating-place", "pk"): of("rated"),
    ("api:rating-tell", "pk"): of("rated"),
    ("api:covenant-dates", "pk"): of("covenant_text"),
    ("api:covenant-text-scan", "pk"): of("covenant_text"),
    ("api:covenant-end", "pk"): of("covenant"),
    ("api:village-rating-evidence", "pk"): of("village_rating"),
    ("api:village-rating-evidence", "item"): of("manual_item"),
    ("api:village-rating-notice", "pk"): of("village_rating"),
    **{(f"api:scheme-{part}", "pk"): of("scheme") for part in PARTS_OF_A_SCHEME},
    ("api:scheme-category", "part"): of("scheme_category"),
    ("api:scheme-item", "part"): of("scheme_item"),
    ("api:scheme-tier", "part"): of("scheme_tier"),
    ("api:covenant", "pk"): of("covenant"),
    ("api:covenant-texts", "pk"): of("covenant"),
    ("api:scheme", "pk"): of("scheme"),
    ("api:scheme-adapt", "pk"): of("scheme"),
    ("api:scheme-force", "pk"): of("scheme"),
    ("api:village-rating", "pk"): of("village_rating"),
    ("api:village-rating-mark", "pk"): of("village_rating"),
    ("api:village-rating-confirm", "pk"): of("village_rating"),
    ("api:village-rating-file", "pk"): of("village_rating"),
    ("evaluations:*", "household"): of("household"),
    ("evaluations:covenant", "pk"): of("covenant"),
    ("evaluations:covenant-revise", "pk"): of("covenant"),
    ("evaluations:covenant-end", "pk"): of("covenant"),
    ("evaluations:covenant-dates", "pk"): of("covenant_text"),
    ("evaluations:covenant-scan", "pk"): of("covenant_text"),
    **{(name, "pk"): of("scheme") for name in OF_A_SCHEME},
    ("evaluations:*", "part"): of("scheme_item"),
    ("evaluations:entry-withdraw", "pk"): of("entry"),
    ("evaluations:entry-file", "pk"): of("entry"),
    ("evaluations:rating-place", "pk"): of("rated"),
    ("evaluations:rating-tell", "pk"): of("rated"),
    ("evaluations:rating-letter", "pk"): of("rated"),
    ("evaluations:village-rating", "pk"): of("village_rating"),
    ("evaluations:village-rating-mark", "pk"): of("village_rating"),
    ("evaluations:village-rating-evidence", "pk"): of("village_rating"),
    ("evaluations:village-rating-evidence", "item"): of("manual_item"),
    ("evaluations:village-rating-confirm", "pk"): of("village_rating"),
    ("evaluations:village-rating-notice", "pk"): of("village_rating"),
    ("evaluations:village-rating-file", "pk"): of("village_rating"),
    ("workbooks:*", "pk"): of("upload"),
    ("reports:approval", "pk"): of("approval"),
    ("accounts:*", "pk"): of("account"),
    **{
        (f"api:account{part}", "pk"): of("account")
        for part in (
            "",
            "-close",
            "-reopen",
            "-unlock",
            "-second-factor",
            "-password",
            "-posts",
            "-post-end",
        )
    },
    ("api:account-post-end", "post"): of("post"),
    ("accounts:post-end", "post"): of("post"),
    ("accounts:token-end", "pk"): of("token"),
}
# Arguments that name no row of a division: the same everywhere.
CONSTANTS: dict[tuple[str, str], Any] = {
    ("representatives:reveal", "field"): "phone",
    ("households:reveal", "field"): "phone",
    ("households:category-edit", "code"): "dibao",
    ("api:category", "code"): "dibao",
    ("sentiment:issue-step", "step"): "note",
    ("visits:topic-edit", "name"): "其他",
    ("api:topic", "name"): "其他",
    ("api:mark", "pk"): 1,
    ("api:issue-step", "step"): "note",
    ("evaluations:covenant-new", "slot"): 1,
    ("evaluations:scheme-part-new", "kind"): "item",
    ("evaluations:scheme-part", "kind"): "item",
    ("evaluations:scheme-part-drop", "kind"): "item",
    ("evaluations:rating-step", "act"): "strike",
    ("api:rating-step", "act"): "strike",
    ("evaluations:rating-paper", "slug"): "sheet",
    ("workbooks:template", "kind"): "households",
    ("reports:centre-entry", "key"): "representatives",
    ("api:ledger", "key"): "representatives",
    ("funding:sheet-step", "step"): "refresh",
    ("api:subsidy-step", "step"): "refresh",
    ("visits:mark-edit", "pk"): 1,
    ("ui:gallery-trouble", "status"): 404,
    ("ui:gallery-page", "page"): "figures",
    ("representatives:by-election-paper", "slug"): "plan",
    ("appraisals:appraisal-paper", "slug"): "tickets",
    ("appraisals:appraisal-ballot", "body"): "peers",
    ("api:appraisal-tickets", "body"): "peers",
    ("notices:public", "token"): "0" * 32,
}
# Rows that belong to the asking person alone: whoever else asks finds nothing.
OWNERS_ONLY = {"workbooks:refused"}  # what a person uploaded is given back to him alone
BY_STEP = {
    "sentiment:issue-step",
    "api:issue-step",
    "api:by-elections",  # whoever reads them may ask; starting one is another right
    "evaluations:rating-step",
    "api:rating-step",
    # the same: reading is one right, writing another
    *(
        f"api:{name}"
        for name in (
            "representatives",
            "terms",
            "constituencies",
            "survey",
            "households",
            "categories",
            "accounts",
            "waivers",
            "topics",
            "marks",
            "handed-visit-take",
            "handed-visit-decline",
            "party-days",
            "funds",
        )
    ),
    *OF_A_SCHEME,
}  # which right it asks for, the step says; a draft is changed by its owner alone
PERSONAL = {
    "accounts:device-end",
    "accounts:posts",
    "inbox:open",
    "api:message-read",
    "reports:export",
    "reports:export-progress",
    "reports:export-file",
    "reports:export-cancel",
    "reports:preset-use",
    "reports:preset-remove",
    "reports:schedule-stop",
    "api:export",
}


def filler(name: str, argument: str) -> Fill | None:
    """Return what fills an argument of an address, or None if nobody taught it."""
    app = name.split(":")[0]
    for key in ((name, argument), (f"{app}:*", argument), ("*", argument)):
        if key in FILLERS:
            return FILLERS[key]
    return None
