"""Trainings: kept once, within the host's range, called off; the copy that a village sees."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.editing import EditedMeanwhile
from accounts.services import Refused
from tests.cast import CITY, OTHER_TOWNSHIP, TOWNSHIP, VILLAGE, Cast, at, everywhere
from tests.days import dated, days_ago, tomorrow
from tests.rolls import Rolls, changes, set_up_other, set_up_sibling
from tests.trainings.stage import (
    AWAY,
    CAME,
    ILL,
    content,
    held,
    listed,
    planned,
    signed,
    signs,
)
from trainings import services
from trainings.models import Attendance, Kind, Level, Sign, State, Training
from trainings.services import Mark

# --- a training -----------------------------------------------------------------


def test_sending_a_training_twice_keeps_it_once(cast: Cast) -> None:
    number, by = uuid.uuid4(), cast.township_staff
    with at(by):
        sent = {"training_id": number, "host": TOWNSHIP, "by": by}
        first, is_new = services.plan(content=content(), **sent)
        again, is_new_again = services.plan(content=content(), **sent)
        with pytest.raises(services.OtherContent, match="内容不一样"):
            services.plan(content=content(place="别处"), **sent)

    assert (first, is_new, is_new_again) == (again, True, False)
    assert (first.level, first.state) == (Level.TOWNSHIP_GENERAL, State.PLANNED)
    with at(by):
        assert changes(first, "insert"), "the audit has no line"


@pytest.mark.parametrize(
    ("host", "more", "words"),
    [
        (CITY, {}, "不在您管理的范围内"),
        (OTHER_TOWNSHIP, {}, "不在您管理的范围内"),
        (TOWNSHIP + 999, {}, "不在您管理的范围内"),
        (TOWNSHIP, {"hours": 0}, "课时填 1 到 80"),
        (TOWNSHIP, {"sent_by": CITY}, "请选那个村"),
        (VILLAGE, {"sent_by": OTHER_TOWNSHIP}, "只能是这个村的镇或者市"),
        (TOWNSHIP, {"kind": Kind.TOUR}, "到哪个村观摩"),
        (TOWNSHIP, {"kind": Kind.TOUR, "host_village": TOWNSHIP}, "到哪个村观摩"),
        (TOWNSHIP, {"lessons": "很好"}, "只有观摩学习会"),
    ],
)
def test_a_training_that_cannot_be_is_refused_in_words(
    cast: Cast, host: int, more: dict[str, Any], words: str
) -> None:
    with pytest.raises(Refused, match=words):
        planned(cast.township_staff, host, **more)
    with everywhere():
        assert not Training.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"level": Level.CITY_DEMO},
        {"state": State.HELD},
        {"state": State.CANCELLED},
        {"kind": Kind.TOUR},
        {"sent_by_id": TOWNSHIP},
        {"hours": 81},
    ],
)
def test_the_database_refuses_what_must_never_be_false(
    cast: Cast, wrong: dict[str, Any]
) -> None:
    training = planned(cast.township_staff)
    with at(cast.township_staff), pytest.raises(IntegrityError), transaction.atomic():
        Training.objects.filter(pk=training.pk).update(**wrong)


def test_a_speaker_is_sent_to_a_village_and_the_village_sees_the_training(
    cast: Cast,
) -> None:
    training = planned(cast.township_staff, VILLAGE, sent_by=TOWNSHIP)
    with at(cast.clerk):
        seen = Training.objects.get(pk=training.pk)
    assert (seen.sent_by_id, seen.level) == (TOWNSHIP, Level.VILLAGE_CATCHALL)
    with at(cast.sibling_secretary):
        assert not Training.objects.exists()


def test_of_two_editors_the_second_is_told(cast: Cast) -> None:
    by = cast.township_staff
    training = planned(by)
    edit = {"training": training, "version": 1, "by": by}
    with at(by):
        services.amend(content=content(place="中学礼堂"), **edit)
        with pytest.raises(EditedMeanwhile) as clash:
            services.amend(content=content(place="影剧院"), **edit)
        assert changes(training)[0].after["place"] == "中学礼堂"
    assert [one.label for one in clash.value.differences] == ["地点"]


def test_a_training_that_is_called_off_says_why_and_counts_for_nobody(
    cast: Cast, rolls: Rolls
) -> None:
    by = cast.township_staff
    training = held(by, rolls, "张顺民")
    off = {"training": training, "version": training.version, "by": by}
    with at(by):
        with pytest.raises(Refused, match="写明取消的原因"):
            services.cancel(reason=" ", **off)
        services.cancel(reason="登记重了", **off)
        assert not Attendance.objects.counting().exists()
        with pytest.raises(Refused, match="已经取消"):
            services.cancel(reason="再取消", **off)
        with pytest.raises(Refused, match="已经取消"):
            services.enrol(training=training, people=[], by=by)


# --- the roster -----------------------------------------------------------------


def test_a_village_learns_of_its_own_people_and_no_more(
    cast: Cast, rolls: Rolls
) -> None:
    sibling = set_up_sibling()
    by = cast.township_staff
    training = planned(by)
    listed(by, training, rolls.people["张顺民"], sibling.people["李红英"])
    with at(cast.clerk):
        row = Attendance.objects.get()
        assert not Training.objects.exists()
        assert row.representative == rolls.people["张顺民"]
        assert (row.topic, row.level, row.held_on, row.hours, row.state) == (
            *("走访怎么走", Level.TOWNSHIP_GENERAL, training.held_on, 4, State.PLANNED),
        )
    with at(cast.other_staff):
        assert not Attendance.objects.exists()


def test_what_the_village_sees_follows_the_training(cast: Cast, rolls: Rolls) -> None:
    by = cast.township_staff
    training = held(by, rolls, "张顺民")
    with at(by):
        services.amend(
            training=training,
            content=content(topic="政策宣讲", hours=6, held_on=days_ago(3)),
            version=training.version,
            by=by,
        )
    with at(cast.clerk):
        row = Attendance.objects.get()
    assert (row.topic, row.hours, row.held_on) == ("政策宣讲", 6, days_ago(3))


@pytest.mark.parametrize(
    "wrong", [{"topic": "别的"}, {"training": uuid.UUID(int=1)}, {"hours": 40}]
)
def test_nobody_writes_the_copy_but_the_database(
    cast: Cast, rolls: Rolls, wrong: dict[str, Any]
) -> None:
    held(cast.township_staff, rolls, "张顺民")
    with at(cast.clerk), pytest.raises(IntegrityError), transaction.atomic():
        Attendance.objects.update(**wrong)


def test_a_village_cannot_put_its_people_on_a_roster_above(
    cast: Cast, rolls: Rolls
) -> None:
    training = planned(cast.township_staff)
    with at(cast.clerk), pytest.raises(IntegrityError), transaction.atomic():
        Attendance.objects.create(
            region_id=VILLAGE,
            training=training.pk,
            representative=rolls.people["张顺民"],
            entered_by=cast.clerk.user,
            entered_at=training.entered_at,
        )


def test_a_roster_holds_only_people_of_its_host(cast: Cast, rolls: Rolls) -> None:
    foreign = set_up_other()
    training = planned(cast.township_staff)
    with at(cast.city_staff), pytest.raises(Refused, match="不归这期培训"):
        services.enrol(
            training=training,
            people=[foreign.people["张顺民"].pk],
            by=cast.city_staff,
        )
    with everywhere(), pytest.raises(IntegrityError), transaction.atomic():
        Attendance.objects.create(
            region_id=foreign.village.code,
            training=training.pk,
            representative=foreign.people["张顺民"],
            entered_by=cast.clerk.user,
            entered_at=training.entered_at,
        )


def test_who_does_not_serve_on_the_day_is_named(cast: Cast, rolls: Rolls) -> None:
    training = planned(cast.township_staff, held_on=days_ago(400))
    with pytest.raises(Refused, match=r"张顺民在 .* 不是在任代表"):
        listed(cast.township_staff, training, rolls.people["张顺民"])


def test_putting_somebody_on_twice_counts_him_once(cast: Cast, rolls: Rolls) -> None:
    by, person = cast.township_staff, rolls.people["张顺民"]
    training = listed(by, planned(by), person)
    with at(by):
        assert services.enrol(training=training, people=[person.pk], by=by) == 0
        assert Attendance.objects.count() == 1
        assert services.take_off(training=training, people=[person.pk]) == 1
        assert not Attendance.objects.exists()


def test_a_roster_has_an_end(
    cast: Cast, rolls: Rolls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "MOST", 1)
    people = rolls.people["张顺民"], rolls.people["李红英"]
    with pytest.raises(Refused, match="最多 1 人"):
        listed(cast.township_staff, planned(cast.township_staff), *people)


# --- the sign-in ----------------------------------------------------------------


def test_everybody_was_there_but_those_who_are_marked(cast: Cast, rolls: Rolls) -> None:
    by = cast.township_staff
    training = listed(by, planned(by), *rolls.people.values())
    signed(by, training, 李红英=ILL, 申秋云=AWAY)
    assert signs(training) == {
        "张顺民": ("present", ""),
        "李红英": ("leave", "生病"),
        "申秋云": ("absent", ""),
        "周静霞": ("present", ""),
    }
    with at(by):
        row = Attendance.objects.get(representative__name="李红英")
        assert changes(row)[0].after["sign"] == "leave"
    signed(by, training, 李红英=CAME)
    assert signs(training)["李红英"] == ("present", "")
    assert signs(training)["申秋云"] == ("absent", ""), "who is not marked stays"


@pytest.mark.parametrize(
    ("more", "mark", "words"),
    [
        ({"held_on": tomorrow}, CAME, "那天再签到"),
        ({}, Mark(Sign.LEAVE, " "), "写明原因"),
        ({}, Mark(Sign.PRESENT, "生病"), "到了的不用写原因"),
    ],
)
def test_a_sign_in_that_cannot_be_is_refused(
    cast: Cast, rolls: Rolls, more: dict[str, Any], mark: Mark, words: str
) -> None:
    by = cast.township_staff
    training = listed(by, planned(by, **dated(more)), rolls.people["张顺民"])
    with pytest.raises(Refused, match=words):
        signed(by, training, 张顺民=mark)
    assert signs(training) == {"张顺民": ("listed", "")}


def test_an_empty_roster_is_not_signed(cast: Cast) -> None:
    training = planned(cast.township_staff)
    with pytest.raises(Refused, match="先选名单"):
        signed(cast.township_staff, training)
    with everywhere():
        assert Training.objects.get().state == State.PLANNED


def test_who_is_added_to_a_training_that_was_held_came(
    cast: Cast, rolls: Rolls
) -> None:
    training = held(cast.township_staff, rolls, "张顺民")
    listed(cast.township_staff, training, rolls.people["李红英"])
    assert signs(training)["李红英"] == ("present", "")


def test_of_two_clerks_the_second_is_told_and_overwrites_nothing(
    cast: Cast, rolls: Rolls
) -> None:
    by = cast.township_staff
    training = listed(by, planned(by), *rolls.people.values())
    stale = Training(version=training.version, pk=training.pk)
    signed(by, training, 李红英=ILL)
    with at(by):
        stale.refresh_from_db()
        with pytest.raises(EditedMeanwhile):
            services.sign_in(training=stale, marks={}, version=1, by=by)
    assert signs(training)["李红英"] == ("leave", "生病")


def test_a_training_does_not_move_behind_its_sign_in(cast: Cast, rolls: Rolls) -> None:
    training = held(cast.clerk, rolls, "张顺民", held_on=days_ago(5))
    with at(cast.clerk):
        signed_at = timezone.now() - dt.timedelta(days=4)
        Training.objects.filter(pk=training.pk).update(signed_at=signed_at)
        training.refresh_from_db()
        moved: dict[str, Any] = {
            "training": training, "version": training.version, "by": cast.clerk,
        }  # fmt: skip
        with pytest.raises(Refused, match=f"{days_ago(4)} 已经签到"):
            services.amend(content=content(held_on=days_ago(1)), **moved)
        services.amend(content=content(held_on=days_ago(4)), **moved)
