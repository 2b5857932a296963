"""Row history by trigger: whatever way a row changes, one line says what it was."""

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import Post, RowChange, User
from regions.models import Region, VillagerGroup
from regions.scoping import Scope, scope, span
from tests.cast import CITY, OTHER_TOWNSHIP, TOWNSHIP, VILLAGE, Cast, at, everywhere

GROUPS = "regions_villagergroup"
ASKED = Scope(VILLAGE, VILLAGE + 1, user=41, request="a" * 32, why="核对组名")


def lines(table: str, row: Any = None) -> list[RowChange]:
    """Return a table's history as it was written."""
    with everywhere():
        found = RowChange.objects.filter(table=table).order_by("id")
        return list(found.filter(row=str(row)) if row is not None else found)


def sql(statement: str, *values: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.rowcount


@pytest.fixture
def group(db: None) -> VillagerGroup:
    with scope(span(VILLAGE)), transaction.atomic():
        return VillagerGroup.objects.create(region_id=VILLAGE, number=1, name="院子组")


def test_an_insert_is_recorded_with_who_where_and_why(db: None) -> None:
    with scope(ASKED), transaction.atomic():
        made = VillagerGroup.objects.create(region_id=VILLAGE, number=1)
    (line,) = lines(GROUPS)
    assert (line.operation, line.row, line.region_id) == (
        "insert",
        str(made.pk),
        VILLAGE,
    )
    assert (line.user, line.request, line.why) == (41, "a" * 32, "核对组名")
    assert (line.before, line.after) == (None, None)


def test_an_update_is_recorded_with_the_old_and_the_new(group: VillagerGroup) -> None:
    with scope(ASKED), transaction.atomic():
        group.name = "大院组"
        group.save()
    line = lines(GROUPS)[-1]
    assert (line.operation, line.before, line.after) == (
        "update",
        {"name": "院子组"},
        {"name": "大院组"},
    )


def test_a_delete_is_recorded_with_the_whole_row(group: VillagerGroup) -> None:
    key = group.pk
    with scope(ASKED), transaction.atomic():
        group.delete()
    line = lines(GROUPS, key)[-1]
    assert (line.operation, line.after) == ("delete", None)
    assert line.before["name"] == "院子组"
    assert line.before["region_code"] == VILLAGE


def test_a_save_that_changes_nothing_is_no_news(group: VillagerGroup) -> None:
    with scope(ASKED), transaction.atomic():
        group.save()
    assert [line.operation for line in lines(GROUPS)] == ["insert"]


def test_bulk_writes_are_recorded_row_by_row(db: None) -> None:
    with scope(ASKED), transaction.atomic():
        made = VillagerGroup.objects.bulk_create(
            VillagerGroup(region_id=VILLAGE, number=n) for n in range(1, 4)
        )
        for group in made:
            group.name = f"第{group.number}组"
        VillagerGroup.objects.bulk_update(made, ["name"])
        VillagerGroup.objects.filter(number__gt=1).update(ended_on=dt.date(2026, 11, 1))
        VillagerGroup.objects.all().delete()
    operations = [line.operation for line in lines(GROUPS)]
    assert (
        operations == ["insert"] * 3 + ["update"] * 3 + ["update"] * 2 + ["delete"] * 3
    )
    named = [
        line.after for line in lines(GROUPS) if line.after and "name" in line.after
    ]
    assert {after["name"] for after in named} == {"第1组", "第2组", "第3组"}


def test_raw_statements_are_recorded(group: VillagerGroup) -> None:
    with scope(ASKED), transaction.atomic():
        sql("UPDATE regions_villagergroup SET name = '改' WHERE id = %s", group.pk)
        sql("DELETE FROM regions_villagergroup WHERE id = %s", group.pk)
    assert [(line.operation, line.user) for line in lines(GROUPS)[1:]] == [
        ("update", 41),
        ("delete", 41),
    ]


def test_an_upsert_is_recorded_as_what_it_did(group: VillagerGroup) -> None:
    rows = [VillagerGroup(region_id=VILLAGE, number=n, name="新") for n in (1, 2)]
    with scope(ASKED), transaction.atomic():
        VillagerGroup.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["region", "number"],
            update_fields=["name"],
        )  # fmt: skip
        VillagerGroup.objects.bulk_create(rows, ignore_conflicts=True)
    assert sorted((line.operation, str(line.after)) for line in lines(GROUPS)[1:]) == [
        ("insert", "None"),
        ("update", "{'name': '新'}"),
    ]


def test_a_change_of_key_does_not_slip_through(group: VillagerGroup) -> None:
    """A row that is given another key, and other content with it, ends and begins."""
    key = group.pk
    with scope(ASKED), transaction.atomic():
        sql(
            "UPDATE regions_villagergroup SET id = id + 1000, name = '换了' WHERE id = %s",
            key,
        )
    ended, begun = lines(GROUPS, key)[-1], lines(GROUPS, key + 1000)[-1]
    assert (ended.operation, ended.before["name"]) == ("delete", "院子组")
    assert (begun.operation, begun.region_id, begun.user) == ("insert", VILLAGE, 41)


def test_a_moved_row_is_recorded_where_it_now_is(group: VillagerGroup) -> None:
    sibling = (
        Region.objects.filter(parent_id=TOWNSHIP).exclude(pk=VILLAGE).earliest("code")
    )
    wide = span(TOWNSHIP)
    with scope(Scope(wide.lo, wide.hi, why="合并", merging=True)), transaction.atomic():
        VillagerGroup.objects.update(region=sibling)
    line = lines(GROUPS)[-1]
    assert (line.region_id, line.before) == (sibling.pk, {"region_code": VILLAGE})


def test_what_is_undone_leaves_no_line(group: VillagerGroup) -> None:
    with scope(ASKED), transaction.atomic():
        VillagerGroup.objects.update(name="改")
        transaction.set_rollback(True)
    assert [line.operation for line in lines(GROUPS)] == ["insert"]


def test_long_reasons_are_cut_and_never_stop_a_write(db: None) -> None:
    wordy = Scope(VILLAGE, VILLAGE + 1, request="r" * 50, why="缘由" * 150)
    with scope(wordy), transaction.atomic():
        VillagerGroup.objects.create(region_id=VILLAGE, number=1)
    (line,) = lines(GROUPS)
    assert (line.why, line.request) == ("缘由" * 100, "r" * 32)


# --- tables outside the scope ---------------------------------------------------------


def test_a_change_of_a_user_is_recorded_where_the_actor_stands(cast: Cast) -> None:
    for post, place in ((cast.township_lead, TOWNSHIP), (cast.secretary, VILLAGE)):
        with at(post):
            User.objects.filter(pk=cast.clerk.user_id).update(name=f"改名{place}")
        line = lines("accounts_user", cast.clerk.user_id)[-1]
        assert (line.region_id, line.user) == (place, post.user_id)


def test_a_change_by_nobody_in_particular_is_recorded_at_the_city(cast: Cast) -> None:
    with everywhere():
        User.objects.filter(pk=cast.clerk.user_id).update(name="甲")
    User.objects.filter(pk=cast.clerk.user_id).update(name="乙")
    by_system, unscoped = lines("accounts_user", cast.clerk.user_id)[-2:]
    assert (by_system.region_id, unscoped.region_id) == (CITY, CITY)
    assert (by_system.why, unscoped.why) == ("test stage", "")


def test_secrets_are_not_copied_into_the_history(cast: Cast) -> None:
    person = User.objects.create(username="leaver", name="离职", password="argon2$hash")
    person.set_password("a new password")
    person.save()
    key = person.pk
    sql("DELETE FROM accounts_user WHERE id = %s", key)
    found = lines("accounts_user", key)
    assert [line.operation for line in found] == ["insert", "delete"]
    assert "password" not in found[-1].before
    assert found[-1].before["username"] == "leaver"


def test_a_renamed_region_is_recorded(db: None) -> None:
    with everywhere():
        Region.objects.filter(pk=VILLAGE).update(name="新长冲口村")
    line = lines("regions_region", VILLAGE)[-1]
    assert (line.before, line.after) == ({"name": "长冲口村"}, {"name": "新长冲口村"})


def test_a_post_granted_and_ended_is_recorded(cast: Cast) -> None:
    with at(cast.township_lead):
        Post.objects.filter(pk=cast.clerk.pk).update(
            ended_on=dt.date(2026, 11, 1), ended_by=cast.township_lead.user
        )
    first, last = lines("accounts_post", cast.clerk.pk)
    assert (first.operation, last.operation) == ("insert", "update")
    assert last.after == {
        "ended_on": "2026-11-01",
        "ended_by_id": cast.township_lead.user_id,
    }


# --- who may read and write it --------------------------------------------------------


def test_the_history_is_read_within_the_scope(cast: Cast) -> None:
    with at(cast.secretary):
        seen = set(RowChange.objects.values_list("region_id", flat=True))
    assert seen == {VILLAGE}
    with at(cast.other_lead):
        seen = set(RowChange.objects.values_list("region_id", flat=True))
    assert {code // 1000 for code in seen} == {OTHER_TOWNSHIP // 1000}


def test_the_history_cannot_be_written_or_changed(group: VillagerGroup) -> None:
    (line,) = lines(GROUPS)
    attempts = (
        lambda: line.save(),
        lambda: line.save(force_insert=True),
        lambda: line.delete(),
        lambda: RowChange.objects.all()._raw_delete("default"),
        lambda: sql("UPDATE accounts_rowchange SET why = ''"),
    )
    for attempt in attempts:
        refused = pytest.raises(DatabaseError, match="permission denied")
        with everywhere(), refused, transaction.atomic():
            attempt()
    assert len(lines(GROUPS)) == 1


# --- cost -----------------------------------------------------------------------------


INSERT_MANY = """
INSERT INTO regions_villagergroup (region_code, number, name)
SELECT %s, n, '' FROM generate_series(1, %s) n
"""
UPDATE_ALL = "UPDATE regions_villagergroup SET name = '改'"
DELETE_ALL = "DELETE FROM regions_villagergroup"


@pytest.mark.parametrize("many", [1, 500])
def test_each_statement_pays_for_one_trigger_call_however_many_rows(
    db: None, many: int
) -> None:
    with scope(span(VILLAGE)), transaction.atomic():
        assert calls("history_insert", INSERT_MANY, VILLAGE, many) == 1
        assert calls("history_update", UPDATE_ALL) == 1
        assert calls("history_delete", DELETE_ALL) == 1
    assert len(lines(GROUPS)) == 3 * many


def calls(trigger: str, statement: str, *values: int) -> int:
    """Run a statement; return how often PostgreSQL called the trigger for it."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", values or None)
        ((plan,),) = cursor.fetchall()
    (found,) = [t for t in plan[0]["Triggers"] if t["Trigger Name"] == trigger]
    return int(found["Calls"])
