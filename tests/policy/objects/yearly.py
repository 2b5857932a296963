"""What comes once a year or month: appraisals, ratings, and the money."""

import datetime as dt
import uuid
from typing import Any

from django.utils import timezone

from accounts.models import Post, User
from accounts.sealing import Sealed
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
from attachments.models import Attachment
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
from households.models import Household
from regions.models import Region
from representatives.models import (
    Representative,
)
from tests.cast import SINCE
from tests.days import this_year, today
from tests.policy.objects.work import make_file


def make_appraisal(code: int, person: Representative, user: User) -> dict[str, Any]:
    """Make a draft of this year, a result of last year with its honour, and a 示范村."""
    day, entered = today(), {"region_id": code, "entered_by": user}
    plan = AppraisalPlan.objects.of_year(day.year, day)
    both = {"region_id": code, "plan": plan, "begun_by": user}
    draft = Appraisal.objects.create(year=day.year, counts_until=SINCE, **both)
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
    scan, photo = (make_file(code, user) for _ in range(2))
    AppraisalScan.objects.create(region_id=code, appraisal=last, attachment=scan)
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


def make_money(code: int, person: Representative, user: User) -> dict[str, Any]:
    """Set up a fund with a line, a resolution with a sheet, an account, a scan."""
    now = timezone.now()
    month = (today().replace(day=1) - dt.timedelta(days=1)).replace(day=1)
    entered = {"region_id": code, "entered_by": user, "entered_at": now}
    fund = WorkFund.objects.create(
        region_id=code,
        year=this_year(),
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
        booked_on=today(),
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
    kept = make_file(code, user, "scan", "application/pdf")
    scan = Scan.objects.create(region_id=code, attachment=kept, entry=entry)
    return {
        "fund": fund.pk,
        "fund_entry": entry.pk,
        "resolution": resolution.pk,
        "sheet": sheet.pk,
        "fund_scan": scan.pk,
    }


def make_rated(household: Household, post: Post, scan: Attachment) -> dict[str, Any]:
    """Let a village rate its households by a draft of its own, and itself."""
    code, day, user = household.region_id, today(), post.user
    where = {"region_id": code}
    covenant = Covenant.objects.create(**where, slot=1, title="村规民约")
    text = CovenantVersion.objects.create(
        **where, covenant=covenant, text="一条", scan=scan, entered_by=user,
        entered_at=timezone.now(),
    )  # fmt: skip
    scheme = lay_down(
        HOUSEHOLDS,
        owner=Region.objects.get(pk=code),
        year=day.year,
        on=day,
        by=post,
    )
    item = SchemeItem.objects.filter(category__scheme=scheme).first()
    lowest = scheme.tiers.get(threshold=None)
    recording, reviewing = (
        RatingRound.objects.create(
            **where, scheme=scheme, year=day.year, number=number, stage=stage,
            first_day=day, last_day=day, began_on=day, began_by=user,
        )
        for number, stage in ((1, "record"), (2, "review"))
    )  # fmt: skip
    entry = Entry.objects.create(
        **where, round=recording, household=household, item=item, on=day,
        evidence=scan, entered_by=user, entered_at=timezone.now(),
    )  # fmt: skip
    result = HouseholdRating.objects.create(
        **where, round=reviewing, household=household, total=70, tier=lowest
    )
    village = VillageRating.objects.create(**where, scheme=scheme, year=day.year)
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
