"""When a meeting is due: the stored date against the pure rule, and the states."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Sum
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regions.models import VillagerGroup
from regions.scoping import Scope, scope
from representatives.models import Constituency, Mandate, Representative, Seat
from sentiment import duties
from sentiment.models import MeetingDuty, MeetingTally, Review, TalkMeeting
from sentiment.tallying import MEETINGS
from tests.cast import TOWNSHIP, VILLAGE, Cast
from tests.days import days_ago, today
from visits import rules
from visits.rules import Cadence

PAST = st.integers(0, 500).map(days_ago)
LENGTH = st.integers(1, 300)
FATE = st.sampled_from(["standing", "standing", "returned", "replaced"])
REVIEW = st.tuples(PAST, st.booleans(), FATE)


def own_month(drawn: tuple[dt.date, bool, str]) -> dt.date:
    """Return whose meeting is held that day: its own month's, or the one's before."""
    day, is_late, _ = drawn
    first = day.replace(day=1)
    return (first - dt.timedelta(days=1)).replace(day=1) if is_late else first


@st.composite
def services(draw: Any) -> dict[str, Any]:
    """Draw mandates one after the other, some with gaps, and talks anywhere."""
    mandates, day = [], draw(PAST)
    for _ in range(draw(st.integers(1, 3))):
        end = day + dt.timedelta(days=draw(LENGTH))
        mandates.append((day, end))
        day = end + dt.timedelta(days=draw(st.sampled_from([0, 0, 1, 40])))
    return {
        "mandates": mandates,
        "is_open": draw(st.booleans()),
        "talks": draw(st.lists(st.tuples(PAST, st.booleans()), max_size=4)),
    }


def counted(**wanted: Any) -> int:
    """Return how many duties the tallies of the scope count, once they proved right."""
    assert MEETINGS.sum_up() == 0, "a trigger has missed a change"
    rows = MeetingTally.objects.filter(**wanted)
    return int(rows.aggregate(number=Sum("meetings", default=0))["number"])


@pytest.fixture
def stage(cast: Cast) -> Any:
    """Open our township's scope with a seat."""
    with scope(Scope(TOWNSHIP, TOWNSHIP + 1000, user=cast.clerk.user_id)):
        group = VillagerGroup.objects.create(region_id=VILLAGE, number=1)
        unit = Constituency.objects.create(
            region_id=VILLAGE, name="1 组片", mode="group", group=group
        )
        yield unit, cast.secretary.user


@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(life=services())
def test_a_representatives_stored_date_is_the_rules(stage: Any, life: Any) -> None:
    unit, user = stage
    person = Representative.objects.create(region_id=VILLAGE, name="张顺民")
    serve(person, unit, life)
    for day, is_withdrawn in life["talks"]:
        talk(person, user, day, is_withdrawn=is_withdrawn)

    stored = MeetingDuty.objects.filter(representative=person).first()
    facts = duties.talk_facts([person.pk])[person.pk]

    assert (stored and stored.due_on) == rules.due_on(facts, today())
    assert duties.recompute() == 0, "the set-based answer differs"
    assert counted(is_talk=True) == MeetingDuty.objects.talks().count()
    if stored:
        assert stored.last_on == rules.last_visit_on(facts, today())
    judged = rules.assess(facts, today())
    if judged and stored:
        assert state_of(stored, Cadence.QUARTER) == expected(judged, facts)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(held=st.lists(REVIEW, max_size=4, unique_by=own_month))
def test_a_villages_stored_date_is_the_rules(stage: Any, held: Any) -> None:
    _, user = stage
    with transaction.atomic():
        for one in held:
            review(user, own_month(one), one[0], one[2])
        stored = MeetingDuty.objects.reviews().get(region=VILLAGE)
        facts = duties.review_facts([VILLAGE])[VILLAGE]

        assert stored.due_on == rules.due_on(facts, today())
        assert stored.last_on == rules.last_visit_on(facts, today())
        judged = rules.assess(facts, today())
        assert judged is not None
        assert state_of(stored, Cadence.MONTH) == expected(judged, facts)
        transaction.set_rollback(True)


def serve(person: Representative, unit: Constituency, life: Any) -> None:
    """Write the mandates in order; the last one may still run."""
    for number, (first, end) in enumerate(life["mandates"], 1):
        is_last = number == len(life["mandates"])
        seat = Seat.objects.create(
            region_id=VILLAGE,
            constituency=unit,
            number=Seat.objects.count() + 1,
            opened_on=first,
        )
        is_running = is_last and life["is_open"]
        Mandate.objects.create(
            region_id=VILLAGE,
            representative=person,
            seat=seat,
            mode="group",
            started_on=first,
            until=end if is_running else end + dt.timedelta(days=900),
            ended_on=None if is_running else end,
            end_cause="" if is_running else "moved",
        )


def talk(
    person: Representative, user: Any, day: dt.date, *, is_withdrawn: bool = False
) -> TalkMeeting:
    """Hold a talk meeting, and take it back if asked."""
    held = TalkMeeting.objects.create(
        id=uuid.uuid4(),
        region_id=VILLAGE,
        representative=person,
        held_on=day,
        place="村部",
        topics="用水",
        entered_by=user,
        entered_at=timezone.now(),
    )
    if is_withdrawn:
        held.withdrawn_at, held.withdrawn_by = timezone.now(), user
        held.withdrawal = "记错了"
        held.save()
    return held


def review(user: Any, month: dt.date, day: dt.date, fate: str) -> None:
    """Submit a month's review, and let the township or another end it."""
    now = timezone.now()
    facts = {
        "region_id": VILLAGE,
        "month": month,
        "held_on": day,
        "submitted_at": now,
        "submitted_by": user,
    }
    if fate == "returned":
        facts |= {"returned_at": now, "returned_by": user, "return_reason": "缺签到"}
    state = {"standing": "submitted"}.get(fate, fate)
    held = Review.objects.create(**facts, state=state)
    if fate == "replaced":
        corrected = facts | {"held_on": day - dt.timedelta(days=1), "number": 2}
        Review.objects.create(**corrected, state="submitted", corrects=held)


def state_of(stored: MeetingDuty, cadence: Cadence) -> str:
    """Return the state that a list shows for a duty."""
    rows = duties.placed(MeetingDuty.objects.filter(pk=stored.pk), today(), cadence)
    return str(rows.get().state)  # type: ignore[attr-defined]


def expected(judged: rules.Judgement, facts: rules.Facts) -> str:
    """Return the state that the pure rule's judgement means."""
    if judged.standing is not rules.Standing.DONE:
        return judged.standing.value
    last = rules.last_visit_on(facts, today())
    met = last is not None and last in rules.cadence_on(facts, today()).period(today())
    return "met" if met else "free"


def test_every_village_owes_a_review_each_month_since_the_policy_l34(
    stage: Any,
) -> None:
    villages = set(MeetingDuty.objects.reviews().values_list("region_id", flat=True))
    assert VILLAGE in villages
    assert all(TOWNSHIP < code < TOWNSHIP + 1000 for code in villages)
    assert duties.explain_review(VILLAGE, today()).startswith("已逾期")
    assert "每月至少召开民情分析会1次" in duties.explain_review(VILLAGE, today())


def test_what_is_made_up_for_late_leaves_its_own_month_owed_l34(stage: Any) -> None:
    _, user = stage
    month = Cadence.MONTH.period(today())
    before = Cadence.MONTH.period(month.start - dt.timedelta(days=1))
    duty = MeetingDuty.objects.reviews().get(region=VILLAGE)
    assert duty.due_on < before.start

    review(user, before.start, today(), "standing")
    duty.refresh_from_db()
    assert (duty.last_on, duty.due_on) == (before.end, month.end)
    assert state_of(duty, Cadence.MONTH) == duties.State.DUE
    named = f"最近开了{before.start.year}年{before.start.month}月的民情分析会"
    assert named in duties.explain_review(VILLAGE, today())

    review(user, month.start, today(), "standing")
    duty.refresh_from_db()
    assert state_of(duty, Cadence.MONTH) == duties.State.MET


def test_a_representative_owes_a_talk_each_quarter_l33(stage: Any) -> None:
    unit, user = stage
    person = Representative.objects.create(region_id=VILLAGE, name="李红英")
    quarter = Cadence.QUARTER.period(today())
    serve(person, unit, {"mandates": [(quarter.start, quarter.end)], "is_open": False})
    owed = MeetingDuty.objects.filter(representative=person, due_on__isnull=False)
    assert not owed.exists(), "a quarter that is not served whole is not owed"

    Mandate.objects.filter(representative=person).update(
        ended_on=None, end_cause="", until=quarter.end + dt.timedelta(days=900)
    )
    duty = owed.get()
    assert duty.due_on == quarter.end
    assert state_of(duty, Cadence.QUARTER) == duties.State.DUE

    held = talk(person, user, today())
    duty.refresh_from_db()
    following = Cadence.QUARTER.period(quarter.end + dt.timedelta(days=1))
    assert duty.due_on == following.end
    assert state_of(duty, Cadence.QUARTER) == duties.State.MET
    assert "已召开恳谈会" in duties.explain_talk(person.pk, today())

    TalkMeeting.objects.filter(pk=held.pk).update(
        withdrawn_at=timezone.now(), withdrawn_by=user, withdrawal="记错了"
    )
    duty.refresh_from_db()
    assert duty.due_on == quarter.end


def test_the_app_cannot_write_a_duty_itself(stage: Any) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        MeetingDuty.objects.reviews().update(due_on=today())
    with connection.cursor() as cursor:
        cursor.execute("SELECT sentiment_refresh_reviews(%s)", [[VILLAGE]])
        assert cursor.fetchone() == (0,)
