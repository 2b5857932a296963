"""Three villages in which each of the 14 ledgers has lines, what is over and what is not."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from django.utils import timezone

from evaluations.models import HouseholdRating, RatingRound, VillageRating
from funding.models import FundEntry, SubsidyLine
from households.models import Category, CategoryTag, Household
from representatives.models import ByElection, Mandate, Representative, Vacancy
from sentiment.models import Issue, Review, TalkMeeting
from tests.cast import SINCE
from tests.days import today, yesterday
from tests.policy.objects.places import Place, build_places
from trainings.models import Attendance, Training
from visits.models import Visit


def set_stage() -> dict[str, Place]:
    """Set up our village, its sibling and a foreign one, and bring matters to their ends."""
    places = build_places()
    for place in places.values():
        _people(place)
        _filed(place)
        _met(place)
        _rated(place)
        _paid(place)
    return places


def _people(place: Place) -> None:
    """Let who serves be a young party member with schooling; one household be 重点."""
    Representative.objects.filter(pk=place.objects["representative"]).update(
        sex="f", politics="member", education="college", birth_year=today().year - 30
    )
    home = Household.objects.get(pk=place.objects["household"])
    Household.objects.filter(pk=home.pk).update(members=4, residents=3)
    CategoryTag.objects.create(
        region_id=place.code, household=home, started_on=SINCE,
        category=Category.objects.filter(is_key=True)[0],
    )  # fmt: skip
    told = Visit.objects.get(pk=place.objects["visit"])
    told.pk, told.has_matter, told.words, told.for_village = (
        uuid.uuid4(), True, "水管漏水", True,
    )  # fmt: skip
    told.visited_on = yesterday()
    told.save(force_insert=True)


def _filed(place: Place) -> None:
    """Seat somebody by the by-election, and file it; the other vacancy stays open."""
    row = ByElection.objects.get(pk=place.objects["election"])
    vacancy = Vacancy.objects.get(by_election=row)
    chosen = Representative.objects.create(
        region_id=place.code, name=f"{place.mark}当选人", sex="f"
    )
    mandate = Mandate.objects.create(
        region_id=place.code, representative=chosen, seat=vacancy.seat, mode="group",
        started_on=today(), until=dt.date(2030, 12, 31), is_by_election=True,
    )  # fmt: skip
    Vacancy.objects.filter(pk=vacancy.pk).update(mandate=mandate)
    ByElection.objects.filter(pk=row.pk).update(stage="done", filed_on=today())


def _met(place: Place) -> None:
    """Withdraw one talk and resolve one matter; hold a training; count who came."""
    talk = TalkMeeting.objects.get(pk=place.objects["talk"])
    user = talk.entered_by
    talk.pk = uuid.uuid4()
    talk.withdrawn_at, talk.withdrawn_by, talk.withdrawal = timezone.now(), user, "记错"
    talk.save(force_insert=True)
    Issue.objects.filter(pk=place.objects["matter"]).update(
        state="told", resolved_on=today(), told_on=today(), answer="good"
    )
    Issue.objects.filter(pk=place.objects["issue"]).update(
        state="in_hand", holder="township", accepted_on=today()
    )
    Review.objects.filter(pk=place.objects["held"]).update(expected=9, present=7)
    held = Training.objects.filter(pk=place.objects["training"])
    held.update(state="held", signed_by=user, signed_at=timezone.now())
    Attendance.objects.filter(training=place.objects["training"]).update(sign="present")


def _rated(place: Place) -> None:
    """Confirm and file the round of the households, and the village's own grade."""
    rating = HouseholdRating.objects.get(pk=place.objects["rated"])
    over = {"stage": "done", "confirmed_on": today(), "filed_on": today()}
    RatingRound.objects.filter(pk=rating.round_id).update(**over)
    village = VillageRating.objects.get(pk=place.objects["village_rating"])
    VillageRating.objects.filter(pk=village.pk).update(
        state="filed", total=Decimal("88.5"), tier=rating.tier, confirmed_on=today(),
        confirmed_by=rating.round.began_by, filed_on=today(),
    )  # fmt: skip


def _paid(place: Place) -> None:
    """Pay a month of before the system, and spend from the fund."""
    SubsidyLine.objects.create(
        region_id=place.code, representative_id=place.objects["representative"],
        kind="past", of_month=today().replace(month=1, day=1), due=150, amount=150,
    )  # fmt: skip
    first = FundEntry.objects.get(pk=place.objects["fund_entry"])
    facts: dict[str, Any] = {
        "kind": "spent", "amount": -40, "purpose": "茶水", "voucher": "1",
        "handled_by": "文书", "approved_by": "书记",
    }  # fmt: skip
    FundEntry.objects.create(
        id=uuid.uuid4(), region_id=place.code, fund=first.fund, booked_on=today(),
        entered_by=first.entered_by, entered_at=timezone.now(), **facts,
    )  # fmt: skip
