"""Writes planned villages: a few statements for a township, whatever its size."""

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from accounts.models import User
from accounts.sealing import Sealed, blind_index
from households.models import CategoryTag, ContactLink, Household
from regions.models import VillagerGroup
from reports.demo.plans import Calendar, Home, Member, Seat, Unit, Village, Visited
from representatives.models import (
    CommitteeTerm,
    Constituency,
    Mandate,
    Representative,
)
from representatives.models import Seat as SeatRow
from representatives.names import initials
from visits.models import Visit, Waiver
from visits.services import Content
from workbooks.loading import insert_many, reserve_ids

NAMESPACE = uuid.UUID("2b1d0c0e-37a4-5c1f-8d6e-430582000000")


class VillageWriter:
    """Writes the villages of a township; ids are taken first, then rows refer to them."""

    def __init__(
        self, villages: Sequence[Village], keeper: User, calendar: Calendar
    ) -> None:
        self._villages = villages
        self._keeper = keeper
        self._calendar = calendar
        self._groups: dict[tuple[int, int], int] = {}
        self._ids: dict[Any, int] = {}

    @transaction.atomic
    def write(self) -> None:
        """Write everything, in the order in which rows refer to each other."""
        self.write_assemblies()
        self._write_homes()
        self._write_cares()
        self._write_visits()
        # Last: the due date of a waived household takes a search, once is enough.
        self._write_waivers()

    @transaction.atomic
    def write_assemblies(self) -> None:
        """Write groups, terms, seats and representatives: all but the households."""
        self._write_ground()
        self._write_people()

    def _number(
        self, model: type[models.Model], things: Iterable[Any]
    ) -> Iterator[tuple[int, Any]]:
        """Yield each thing with an id of `model` that is its own from now on."""
        known = list(things)
        for pk, thing in zip(reserve_ids(model, len(known)), known, strict=True):
            self._ids[thing] = pk
            yield pk, thing

    def _write_ground(self) -> None:
        """Write groups, committee terms, constituencies and seats."""
        groups = VillagerGroup.objects.bulk_create(
            VillagerGroup(region_id=village.code, number=number)
            for village in self._villages
            for number in range(1, village.groups + 1)
        )
        self._groups = {(g.region_id, g.number): g.pk for g in groups}
        CommitteeTerm.objects.bulk_create(
            CommitteeTerm(
                region_id=village.code,
                started_on=self._calendar.term_start,
                ends_on=self._calendar.term_end,
                members=village.committee[0],
                women=village.committee[1],
            )
            for village in self._villages
        )
        where = {unit: v.code for v in self._villages for unit in v.units}
        insert_many(
            Constituency,
            ("id", "region_code", "name", "mode", "group_id", "decided_on", "decision"),
            (
                self._unit_row(pk, unit, where[unit])
                for pk, unit in self._number(Constituency, where)
            ),
        )
        seats = {seat: v.code for v in self._villages for seat in v.seats}
        insert_many(
            SeatRow,
            ("id", "region_code", "constituency_id", "number", "opened_on"),
            (
                (pk, seats[seat], self._ids[seat.unit], seat.number, seat.opened_on)
                for pk, seat in self._number(SeatRow, seats)
            ),
        )

    def _unit_row(self, pk: int, unit: Unit, village: int) -> Sequence[Any]:
        mode = "households" if unit.by_households else "group"
        group = self._groups[village, unit.group]
        decided = self._calendar.term_start
        return pk, village, unit.name, mode, group, decided, "村民会议决定"

    def _write_people(self) -> None:
        members = {m: v.code for v in self._villages for m in v.members}
        rows = [
            self._member_row(pk, member, members[member])
            for pk, member in self._number(Representative, members)
        ]
        columns = (
            *("id", "region_code", "group_id", "name", "initials", "sex", "nation"),
            *("birth_year", "id_number", "id_index", "phone", "phone_index"),
            *("education", "politics", "offices", "draws_allowance", "remark"),
            "version",
        )
        insert_many(Representative, columns, rows)
        insert_many(
            Mandate,
            (
                *("region_code", "representative_id", "seat_id", "mode"),
                *("is_by_election", "started_on", "until", "ended_on", "end_cause"),
                *("end_evidence", "person_index"),
            ),
            (self._mandate_row(member, members[member]) for member in members),
        )

    def _member_row(self, pk: int, member: Member, village: int) -> Sequence[Any]:
        person = member.person
        return (
            *(pk, village, self._groups[village, member.seat.unit.group]),
            *(person.name, initials(person.name), "f" if person.is_woman else "m"),
            *("汉族", person.born.year),
            *_sealed(person.id_number, "id_number", None),
            *_sealed(person.phone, "phone", ""),
            *(member.education, member.politics, list(member.offices)),
            *(bool(member.offices), "", 1),
        )

    def _mandate_row(self, member: Member, village: int) -> Sequence[Any]:
        seat: Seat = member.seat
        return (
            *(village, self._ids[member], self._ids[seat]),
            "households" if seat.unit.by_households else "group",
            *(member.is_by_election, member.started_on, self._calendar.term_end),
            *(member.ended_on, member.cause, member.evidence),
            blind_index(member.person.id_number),
        )

    def _write_homes(self) -> None:
        homes = {home: village for village in self._villages for home in village.homes}
        # Those that others were merged into come first: a row refers to one above it.
        ordered = sorted(homes, key=lambda home: home.merged_into is not None)
        columns = (
            *("id", "region_code", "group_id", "constituency_id", "head", "initials"),
            *("id_number", "id_index", "phone", "phone_index", "address", "members"),
            *("residents", "is_away", "situation", "remark", "status"),
            *("registered_on", "ended_on", "merged_into_id", "version"),
        )
        numbered = list(self._number(Household, ordered))
        insert_many(
            Household,
            columns,
            (self._home_row(pk, home, homes[home]) for pk, home in numbered),
        )

    def _home_row(self, pk: int, home: Home, village: Village) -> Sequence[Any]:
        head, unit = home.head, home.unit
        return (
            *(pk, village.code, self._groups[village.code, unit.group]),
            self._ids[unit] if unit.by_households else None,
            *(head.name, initials(head.name)),
            *_sealed(head.id_number if home.has_id else "", "id_number", None),
            *_sealed(head.phone if home.has_phone else "", "phone", ""),
            *(f"{village.name}{unit.group}组", home.members, home.residents),
            *(home.is_away, home.situation, "", home.status),
            *(self._calendar.term_start, home.ended_on),
            self._ids[home.merged_into] if home.merged_into else None,
            1,
        )

    def _write_cares(self) -> None:
        """Write categories and contact links."""
        homes = [(home, v.code) for v in self._villages for home in v.homes]
        insert_many(
            CategoryTag,
            (
                *("region_code", "household_id", "category_id", "started_on"),
                *("ended_on", "source"),
            ),
            (
                (village, self._ids[home], *tag, "村级评议")
                for home, village in homes
                for tag in home.tags
            ),
        )
        insert_many(
            ContactLink,
            (
                *("region_code", "household_id", "representative_id", "started_on"),
                *("ended_on", "end_reason", "party_member", "patch"),
                *("neighbourhood", "grid", "entered_by_id"),
            ),
            (
                (
                    *(village, self._ids[home], self._ids[care.member]),
                    *(care.started_on, care.ended_on, care.reason, "", "", "", ""),
                    self._keeper.pk,
                )
                for home, village in homes
                for care in home.cares
            ),
        )

    def _write_visits(self) -> None:
        columns = (
            *("id", "region_code", "household_id", "representative_id", "visited_on"),
            *("way", "counts", "has_matter", "topics", "words", "answer"),
            *("satisfaction", "for_village", "entered_by_id", "on_behalf"),
            *("captured_at", "received_at", "fingerprint", "withdrawal"),
        )
        insert_many(
            Visit,
            columns,
            (
                self._visit_row(village.code, home, visited)
                for village in self._villages
                for home in village.homes
                for visited in home.visits
            ),
        )

    def _write_waivers(self) -> None:
        insert_many(
            Waiver,
            (
                *("region_code", "household_id", "first", "last", "reason", "note"),
                "entered_by_id",
            ),
            (
                (
                    *(village.code, self._ids[home], excused.first, excused.last),
                    *(excused.reason, excused.note, self._keeper.pk),
                )
                for village in self._villages
                for home in village.homes
                if (excused := home.excused)
            ),
        )

    def _visit_row(self, village: int, home: Home, visited: Visited) -> Sequence[Any]:
        content = Content(
            household=self._ids[home],
            visited_on=visited.on,
            way=visited.way,
            has_matter=bool(visited.words),
            words=visited.words,
            answer="已记录，报村里" if visited.words else "",
        )
        mark = content.fingerprint()
        at = _evening(visited.on)
        return (
            *(uuid.uuid5(NAMESPACE, mark), village, content.household),
            *(self._ids[visited.member], content.visited_on, content.way),
            *(content.way == "door", content.has_matter, [], content.words),
            *(content.answer, "", False, self._keeper.pk, True, at, at, mark, ""),
        )


def _sealed(
    plain: str, kind: str, nothing: str | None
) -> tuple[str | None, str | None]:
    if not plain:
        return None, nothing
    return Sealed.of(plain, kind).token, blind_index(plain)


def _evening(day: dt.date) -> dt.datetime:
    """Return when a visit of that day was entered: that evening, or by now."""
    evening = dt.datetime.combine(
        day, dt.time(19, 30), tzinfo=timezone.get_current_timezone()
    )
    return min(evening, timezone.now())
