"""Seats, mandates and people: each write leaves its row and its line, or is refused."""

import datetime as dt
from typing import Any

import pytest

from accounts.editing import EditedMeanwhile
from accounts.models import Post
from accounts.sealing import blind_index
from accounts.services import Refused
from regions.models import VillagerGroup
from representatives import services
from representatives.models import (
    CommitteeTerm,
    Constituency,
    Mandate,
    MandateEnd,
    Mode,
    Representative,
    Seat,
)
from tests.cast import Cast, at
from tests.days import in_days, today, yesterday
from tests.rolls import (
    ID_NUMBERS,
    Rolls,
    changes,
    set_up_other,
)

ONE_DAY = dt.timedelta(days=1)


def person(name: str = "彭德明", id_number: str = "", **facts: Any) -> dict[str, Any]:
    """Return what is entered of a person."""
    identity = services.sealed_identity(id_number=id_number)
    return {"name": name, "birth_year": 1970, **identity, **facts}


def take_vacant_seat(rolls: Rolls, **kwargs: Any) -> Mandate:
    """Enter a person for the stage's vacant seat."""
    given: dict[str, Any] = {"seat": rolls.seats[3, 2], "person": person(), **kwargs}
    given.setdefault("started_on", today())
    return services.enrol(mode=Mode.HOUSEHOLDS, until=rolls.term_ends_on, **given)


# --- enrolling ------------------------------------------------------------------


def test_enrolling_fills_the_seat_and_is_in_the_history(
    cast: Cast, rolls: Rolls
) -> None:
    with at(cast.secretary):
        mandate = take_vacant_seat(rolls, person=person(id_number=ID_NUMBERS[0]))

        assert mandate.representative.initials == "pdm"
        assert mandate.person_index == blind_index(ID_NUMBERS[0])
        assert not Seat.objects.vacant(today()).exists()
        [line] = changes(mandate.representative, "insert")
        assert line.user == cast.secretary.user_id


def test_enrolling_in_a_held_seat_is_refused(cast: Cast, rolls: Rolls) -> None:
    with at(cast.secretary):
        before = Representative.objects.count()
        with pytest.raises(Refused, match="席位已有在任代表"):
            take_vacant_seat(rolls, seat=rolls.seats[1, 1])
        assert Representative.objects.count() == before


def end_one(mandate: Mandate, on: dt.date, cause: MandateEnd, by: Post) -> None:
    """End a mandate on a day, as the secretary does."""
    services.end_mandate(mandate=mandate, on=on, cause=cause, evidence="调动", by=by)


def leaves(rolls: Rolls, name: str, on: dt.date, cause: MandateEnd, by: Post) -> Seat:
    """End somebody's mandate on a day; return the seat."""
    mandate = rolls.mandates[name]
    end_one(mandate, on, cause, by)
    return mandate.seat


def test_a_successor_does_not_begin_before_the_seat_is_free(
    cast: Cast, rolls: Rolls
) -> None:
    with at(cast.secretary):
        seat = leaves(rolls, "张顺民", in_days(9), MandateEnd.JOB, cast.secretary)
        with pytest.raises(Refused, match="张顺民到"):
            take_vacant_seat(rolls, seat=seat, started_on=in_days(8))
        assert take_vacant_seat(rolls, seat=seat, started_on=in_days(9)).pk


def test_an_entry_in_error_held_no_seat(cast: Cast, rolls: Rolls) -> None:
    with at(cast.secretary):
        wrong = MandateEnd.ENTRY_ERROR
        seat = leaves(rolls, "张顺民", today(), wrong, cast.secretary)
        assert take_vacant_seat(rolls, seat=seat, started_on=in_days(-30)).pk


def test_a_seat_has_one_holder_on_past_days_after_an_entry_is_mended(
    cast: Cast, rolls: Rolls
) -> None:
    wrong = rolls.mandates["张顺民"]
    with at(cast.secretary):
        seat = leaves(rolls, "张顺民", today(), MandateEnd.ENTRY_ERROR, cast.secretary)
        right = services.give_seat(
            seat=seat,
            representative=wrong.representative,
            mode=Mode.HOUSEHOLDS,
            started_on=in_days(-30),
            until=rolls.term_ends_on,
        )
        assert list(Mandate.objects.active(yesterday()).filter(seat=seat)) == [right]
        assert not Mandate.objects.active(in_days(-40)).filter(seat=seat)


def test_somebody_known_by_id_number_is_taken_up_again_not_entered_twice(
    cast: Cast, rolls: Rolls
) -> None:
    with at(cast.secretary):
        first = take_vacant_seat(rolls, person=person(id_number=ID_NUMBERS[0]))
        end_one(first, today(), MandateEnd.JOB, cast.secretary)
        again = take_vacant_seat(
            rolls, person=person("彭得明", id_number=ID_NUMBERS[0])
        )

        assert again.representative_id == first.representative_id
        assert again.representative.name == "彭得明"
        assert again.representative.version == 2


def test_somebody_taken_up_again_keeps_what_is_not_said_anew(
    cast: Cast, rolls: Rolls
) -> None:
    known = services.sealed_identity(id_number=ID_NUMBERS[0], phone="13800003333")
    with at(cast.secretary):
        told = person(education="senior", group=rolls.groups[3]) | known
        first = take_vacant_seat(rolls, person=told)
        end_one(first, today(), MandateEnd.JOB, cast.secretary)
        unsaid = person(id_number=ID_NUMBERS[0], education="", group=None)
        again = take_vacant_seat(rolls, person=unsaid).representative

        assert again.pk == first.representative_id
        assert again.phone
        assert again.phone.reveal() == "13800003333"
        assert again.phone_index == known["phone_index"]
        assert (again.education, again.group) == ("senior", rolls.groups[3])


def test_somebody_who_serves_in_another_township_is_refused_in_neutral_words(
    cast: Cast, rolls: Rolls
) -> None:
    other = set_up_other()
    with at(cast.other_secretary):
        take_vacant_seat(other, person=person("甲", id_number=ID_NUMBERS[1]))

    with at(cast.secretary):
        with pytest.raises(Refused) as refusal:
            take_vacant_seat(rolls, person=person("乙", id_number=ID_NUMBERS[1]))
        assert str(refusal.value) == services.SERVES_ALREADY
        assert not Representative.objects.filter(name="乙").exists()


def test_an_abolished_seat_takes_nobody(cast: Cast, rolls: Rolls) -> None:
    with at(cast.secretary):
        services.close_seat(seat=rolls.seats[3, 2], on=today())
        with pytest.raises(Refused, match="已撤销"):
            take_vacant_seat(rolls)


# --- correcting -----------------------------------------------------------------


def test_an_edit_counts_up_the_version_and_follows_the_name(
    cast: Cast, rolls: Rolls
) -> None:
    row = rolls.people["李红英"]
    with at(cast.secretary):
        services.edit_representative(
            representative=row, changes={"name": "李洪英"}, version=1
        )

        row.refresh_from_db()
        assert (row.name, row.initials, row.version) == ("李洪英", "lhy", 2)
        [line] = changes(row)
        assert line.before == {"name": "李红英"}
        assert line.after == {"name": "李洪英"}


def test_the_second_editor_is_shown_what_the_first_changed(
    cast: Cast, rolls: Rolls
) -> None:
    row = rolls.people["李红英"]
    with at(cast.secretary):
        services.edit_representative(
            representative=row, changes={"remark": "先改的"}, version=1
        )
        with pytest.raises(EditedMeanwhile) as other:
            services.edit_representative(
                representative=row, changes={"remark": "后改的"}, version=1
            )
        [difference] = other.value.differences
        assert (difference.theirs, difference.mine) == ("先改的", "后改的")


def test_an_id_number_that_serves_elsewhere_cannot_be_edited_in(
    cast: Cast, rolls: Rolls
) -> None:
    other = set_up_other()
    with at(cast.other_secretary):
        take_vacant_seat(other, person=person("甲", id_number=ID_NUMBERS[2]))

    row = rolls.people["李红英"]
    with at(cast.secretary):
        with pytest.raises(Refused) as refusal:
            services.edit_representative(
                representative=row,
                changes=services.sealed_identity(id_number=ID_NUMBERS[2]),
                version=1,
            )
        assert str(refusal.value) == services.SERVES_ALREADY
        row.refresh_from_db()
        assert row.id_index is None


# --- ending ---------------------------------------------------------------------


def end(cast: Cast, rolls: Rolls, on: dt.date, name: str = "李红英") -> None:
    """End somebody's mandate."""
    services.end_mandate(
        mandate=rolls.mandates[name],
        on=on,
        cause=MandateEnd.RESIGNED,
        evidence="书面辞职",
        by=cast.secretary,
    )


def test_an_ended_mandate_leaves_the_seat_vacant_from_that_day(
    cast: Cast, rolls: Rolls
) -> None:
    with at(cast.secretary):
        end(cast, rolls, today())

        assert rolls.seats[1, 2] in Seat.objects.vacant(today())
        assert rolls.seats[1, 2] not in Seat.objects.vacant(yesterday())
        [line] = changes(rolls.mandates["李红英"])
        assert line.after["end_cause"] == MandateEnd.RESIGNED


def test_a_mandate_ends_once(cast: Cast, rolls: Rolls) -> None:
    with at(cast.secretary):
        end(cast, rolls, today())
        with pytest.raises(Refused, match="已经办理过离任"):
            end(cast, rolls, today())


def test_a_mandate_does_not_end_before_it_began(cast: Cast, rolls: Rolls) -> None:
    with at(cast.secretary), pytest.raises(Refused, match="不能早于当选时间"):
        end(cast, rolls, rolls.mandates["李红英"].started_on - ONE_DAY)


# --- terms, constituencies, seats ----------------------------------------------------


def test_a_term_is_corrected_in_place(cast: Cast, rolls: Rolls) -> None:
    with at(cast.secretary):
        [term] = CommitteeTerm.objects.filter(region=rolls.village)
        services.set_term(
            village=rolls.village,
            term=term,
            started_on=term.started_on - ONE_DAY,
            ends_on=term.ends_on,
            members=7,
            women=3,
        )

        [again] = CommitteeTerm.objects.filter(region=rolls.village)
        assert (again.pk, again.members) == (term.pk, 7)
        assert changes(term)[0].after["women"] == 3


def test_terms_do_not_overlap(cast: Cast, rolls: Rolls) -> None:
    with at(cast.secretary), pytest.raises(Refused, match="重叠"):
        services.set_term(
            village=rolls.village,
            started_on=today(),
            ends_on=rolls.term_ends_on + ONE_DAY,
            members=5,
            women=1,
        )


def open_unit(rolls: Rolls, **kwargs: Any) -> Constituency:
    """Set up a constituency."""
    given: dict[str, Any] = {"name": "4 组片", "mode": Mode.HOUSEHOLDS, "seats": 2}
    return services.open_constituency(
        village=rolls.village, on=today(), **(given | kwargs)
    )


def test_a_constituency_begins_with_vacant_seats(cast: Cast, rolls: Rolls) -> None:
    with at(cast.secretary):
        unit = open_unit(rolls)
        more = services.add_seats(constituency=unit, count=1, on=today())

        assert [seat.number for seat in unit.seats.order_by("number")] == [1, 2, 3]
        assert more[0].number == 3
        assert set(unit.seats.all()) <= set(Seat.objects.vacant(today()))
        assert changes(unit, "insert")


@pytest.mark.parametrize(
    "given",
    [{"name": "1 组片"}, {"mode": Mode.GROUP}],
    ids=["a name that is taken", "by group, without a group"],
)
def test_a_constituency_that_contradicts_is_refused(
    cast: Cast, rolls: Rolls, given: dict[str, Any]
) -> None:
    with at(cast.secretary), pytest.raises(Refused):
        open_unit(rolls, **given)


def test_the_decision_on_seats_can_be_entered_later(cast: Cast, rolls: Rolls) -> None:
    unit = rolls.units[2]
    with at(cast.secretary):
        services.edit_constituency(
            constituency=unit, name="2 组", decided_on=today(), decision="村民会议"
        )
        unit.refresh_from_db()
        assert (unit.name, unit.decision) == ("2 组", "村民会议")
        with pytest.raises(Refused, match="已有推选单元"):
            services.edit_constituency(
                constituency=unit, name="1 组片", decided_on=None, decision=""
            )


def test_a_seat_that_is_held_is_not_abolished(cast: Cast, rolls: Rolls) -> None:
    with at(cast.secretary):
        with pytest.raises(Refused, match="还有在任代表"):
            services.close_seat(seat=rolls.seats[1, 1], on=today())
        services.close_seat(seat=rolls.seats[3, 2], on=today())
        assert rolls.seats[3, 2] not in Seat.objects.open()


def test_a_constituency_ends_only_without_seats(cast: Cast, rolls: Rolls) -> None:
    with at(cast.secretary):
        with pytest.raises(Refused, match="还有席位"):
            services.end_constituency(constituency=rolls.units[1], on=today())
        unit = open_unit(rolls, seats=1)
        services.close_seat(seat=unit.seats.get(), on=today())
        services.end_constituency(constituency=unit, on=today())
        assert unit not in Constituency.objects.current()


def test_a_group_is_set_up_once(cast: Cast, rolls: Rolls) -> None:
    with at(cast.secretary):
        first = services.village_group(village=rolls.village, number=9)
        again = services.village_group(village=rolls.village, number=9)
        assert first == again
        assert VillagerGroup.objects.filter(number=9).count() == 1
