"""No scope, no answer; inside a scope, nothing of anybody else's.

Every way of `tests.policy.ways` over every table of `tests.policy.stage`.
"""

import copy
import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.db.models import Count, prefetch_related_objects
from django.utils import timezone

from accounts.models import AccessEntry, Post, User
from jobs.models import Job
from regions.models import Region, VillagerGroup
from regions.scoping import Scope, scope
from tests.cast import OTHER_TOWNSHIP, TOWNSHIP, VILLAGE, assemble, at, everywhere
from tests.policy.stage import (
    CHANGEABLE,
    MAKERS,
    TABLES,
    Stage,
    keys,
    picture,
    rolled_back,
    set_stage,
)
from tests.policy.ways import (
    CHANGES,
    INSERTS,
    JOINS,
    LOCKS,
    READS,
    SQL,
    Ask,
    Read,
    Write,
)


@pytest.fixture(scope="module")
def set_once(django_db_setup: None, django_db_blocker: Any) -> Iterator[Stage]:
    """Set the stage once for all tests of this file."""
    with django_db_blocker.unblock(), rolled_back():
        yield set_stage(assemble())


@pytest.fixture
def stage(set_once: Stage, django_db_blocker: Any) -> Iterator[Stage]:
    """Give each test the stage as it was set, and undo what the test did."""
    with django_db_blocker.unblock(), rolled_back():
        yield copy.deepcopy(set_once)


def over(name: str, values: Any) -> pytest.MarkDecorator:
    """Run a test once for each of some tables or ways."""
    named = values if isinstance(values, dict) else {v.__name__: v for v in values}
    return pytest.mark.parametrize(name, named.values(), ids=list(named))


# COPY goes round the engine, which says it better than PostgreSQL.
NO_SCOPE = 'no scope is open|syntax for type bigint: ""'


@contextmanager
def refused(match: str = NO_SCOPE) -> Iterator[None]:
    """The block must fail in the database; what it began is undone."""
    with pytest.raises(DatabaseError, match=match), transaction.atomic():
        yield


@contextmanager
def as_village(stage: Stage) -> Iterator[None]:
    """Stand in the scope of the secretary of our village."""
    with at(stage.cast.secretary):
        yield


# --- no scope -----------------------------------------------------------------------


@over("model", TABLES)
@over("way", READS)
def test_reading_without_a_scope_is_an_error(
    stage: Stage, model: Any, way: Read
) -> None:
    with refused():
        way(model.objects.all())


@over("model", TABLES)
@over("way", SQL | JOINS)
def test_sql_and_joins_without_a_scope_are_errors(
    stage: Stage, model: Any, way: Ask
) -> None:
    with refused():
        way(model)


@over("model", CHANGEABLE)
@over("way", CHANGES | LOCKS)
def test_changing_without_a_scope_is_an_error(
    stage: Stage, model: Any, way: Any
) -> None:
    given = (
        (model.objects.all(),) if way in LOCKS.values() else (model, stage.ours[model])
    )
    with refused():
        way(*given)


@over("model", TABLES)
@over("way", INSERTS)
def test_inserting_without_a_scope_is_an_error(
    stage: Stage, model: Any, way: Write
) -> None:
    row = MAKERS[model](stage.cast.clerk, "new")
    with refused():
        way(model, row)


@over("model", TABLES)
def test_a_known_key_without_a_scope_is_an_error(stage: Stage, model: Any) -> None:
    key = stage.ours[model].pk
    with refused():
        model.objects.get(pk=key)
    with refused():
        model.objects.in_bulk([key])
    with refused():
        stage.ours[model].refresh_from_db()


def test_relations_without_a_scope_are_errors(stage: Stage) -> None:
    with everywhere():
        job = Job.objects.get(pk=stage.ours[Job].pk)
    person = User.objects.get(pk=stage.cast.secretary.user_id)

    with refused():
        str(job.post.role)
    with refused():
        prefetch_related_objects([person], "posts")
    with refused():
        person.posts.count()
    with refused():
        User.objects.filter(posts__role="village_secretary").exists()
    with refused():
        list(User.objects.exclude(posts__role="village_secretary"))
    with refused():
        list(User.objects.annotate(held=Count("posts")))


# --- inside a scope: reading ----------------------------------------------------------


@over("model", TABLES)
@over("way", READS)
def test_reading_in_a_scope_equals_filtering_by_it(
    stage: Stage, model: Any, way: Read
) -> None:
    with everywhere():
        ours = model.objects.filter(region_id=VILLAGE)
        expected, others = way(ours), model.objects.exclude(region_id=VILLAGE).count()
    with as_village(stage):
        assert way(model.objects.all()) == expected
    assert others >= 2


@over("model", TABLES)
@over("way", SQL)
def test_sql_in_a_scope_sees_our_rows_only(stage: Stage, model: Any, way: Ask) -> None:
    with everywhere():
        ours = {str(key) for key in keys(model.objects.filter(region_id=VILLAGE))}
    with as_village(stage):
        assert {str(key) for key in way(model)} == ours


@over("model", TABLES)
def test_joins_from_unscoped_tables_see_our_rows_only(stage: Stage, model: Any) -> None:
    everything = keys(Region.objects.all())
    with as_village(stage):
        assert JOINS["IN"](model) == {VILLAGE}
        assert JOINS["EXISTS"](model) == {VILLAGE}
        assert JOINS["NOT IN"](model) == everything - {VILLAGE}


@over("model", CHANGEABLE)
def test_locking_takes_our_rows_only(stage: Stage, model: Any) -> None:
    with everywhere():
        ours = keys(model.objects.filter(region_id=VILLAGE))
    with as_village(stage):
        assert LOCKS["select_for_update"](model.objects.all()) == ours


@over("model", TABLES)
def test_a_foreign_key_is_the_same_as_an_absent_one(stage: Stage, model: Any) -> None:
    with as_village(stage):
        for row in stage.foreign(model):
            assert not model.objects.filter(pk=row.pk).exists()
            assert model.objects.in_bulk([row.pk]) == {}
            with pytest.raises(model.DoesNotExist):
                model.objects.get(pk=row.pk)
            with pytest.raises(model.DoesNotExist):
                row.refresh_from_db()


def test_relations_reach_our_rows_only(stage: Stage) -> None:
    foreigner = stage.cast.other_secretary
    with everywhere():
        job = Job.objects.get(pk=stage.other[Job].pk)
        person = User.objects.get(pk=foreigner.user_id)
    with as_village(stage):
        with pytest.raises(Post.DoesNotExist):
            str(job.post)
        prefetch_related_objects([person], "posts")
        assert list(person.posts.all()) == []
        assert not User.objects.filter(posts__region_id=foreigner.region_id).exists()
        held = User.objects.annotate(n=Count("posts")).get(pk=person.pk)
        assert held.n == 0


def test_a_township_sees_all_its_villages_and_no_other(stage: Stage) -> None:
    with at(stage.cast.township_lead):
        for model in TABLES:
            seen = set(model._default_manager.values_list("region_id", flat=True))
            assert {VILLAGE, stage.cast.sibling_secretary.region_id} <= seen
            assert {code // 1000 for code in seen} == {TOWNSHIP // 1000}


def test_a_scope_of_nothing_sees_nothing(stage: Stage) -> None:
    with scope(Scope(0, 0)), transaction.atomic():
        assert [model._default_manager.count() for model in TABLES] == [0, 0, 0, 0]


def test_ones_own_posts_elsewhere_are_read_but_not_changed(stage: Stage) -> None:
    person = stage.cast.secretary.user
    village = Region.objects.filter(parent_id=OTHER_TOWNSHIP).latest("code")
    with everywhere():
        elsewhere = Post.objects.create(
            user=person,
            role="village_clerk",
            region=village,
            started_on=dt.date(2026, 1, 1),
        )
    with as_village(stage):
        mine = person.posts.filter(pk=elsewhere.pk)
        assert mine.exists()
        assert mine.update(role="representative") == 0
        assert mine._raw_delete("default") == 0
    with at(stage.cast.clerk):
        assert not Post.objects.filter(pk=elsewhere.pk).exists()


# --- inside a scope: writing ----------------------------------------------------------


@over("model", CHANGEABLE)
@over("way", CHANGES)
def test_no_way_of_changing_reaches_a_foreign_row(
    stage: Stage, model: Any, way: Write
) -> None:
    ours = stage.cast.secretary.scope()
    before = picture(ours)
    assert all(
        any(str(row.pk) in line for line in before) for row in stage.foreign(model)
    )
    for row in stage.foreign(model):
        attempt(stage, way, model, row)
    assert picture(ours) == before


@over("model", CHANGEABLE)
@over("way", CHANGES)
def test_the_same_change_is_welcome_at_home(
    stage: Stage, model: Any, way: Write
) -> None:
    nowhere = Scope(0, 0)
    if model is Post:  # which jobs refer to
        with as_village(stage):
            Job.objects.all()._raw_delete("default")
    before = set(picture(nowhere))
    attempt(stage, way, model, stage.ours[model])
    gone = before - set(picture(nowhere))
    assert any(line.startswith(model._meta.db_table) for line in gone)


def attempt(stage: Stage, way: Write, model: Any, row: Any) -> None:
    """Try to write as our village; being refused, or finding nothing, is fine."""
    with as_village(stage):
        try:
            with transaction.atomic():
                way(model, row)
        except (DatabaseError, model.DoesNotExist):
            return


@over("model", TABLES)
@over("way", INSERTS)
def test_no_way_of_inserting_reaches_a_foreign_region(
    stage: Stage, model: Any, way: Write
) -> None:
    ours = stage.cast.secretary.scope()
    before = picture(ours)
    for foreigner in (stage.cast.sibling_secretary, stage.cast.other_secretary):
        row = MAKERS[model](foreigner, "planted")
        with as_village(stage), refused("row-level security"):
            way(model, row)
    assert picture(ours) == before


@over("model", TABLES)
@over("way", INSERTS)
def test_the_same_insert_is_welcome_at_home(
    stage: Stage, model: Any, way: Write
) -> None:
    row = MAKERS[model](stage.cast.clerk, "at home")
    if isinstance(row, VillagerGroup):
        row.number = 8
    with as_village(stage):
        before = model.objects.count()
        way(model, row)
        assert model.objects.count() == before + 1


def test_an_upsert_does_not_take_over_a_foreign_row(stage: Stage) -> None:
    ours = stage.cast.secretary.scope()
    before = picture(ours)
    taken = VillagerGroup(
        pk=stage.sibling[VillagerGroup].pk, region_id=VILLAGE, number=30, name="taken"
    )
    with as_village(stage), refused("row-level security"):
        VillagerGroup.objects.bulk_create(
            [taken], update_conflicts=True, unique_fields=["id"], update_fields=["name"]
        )
    assert picture(ours) == before


@over("model", CHANGEABLE)
def test_a_row_does_not_change_its_region_within_the_scope(
    stage: Stage, model: Any
) -> None:
    sibling = stage.cast.sibling_secretary.region_id
    with at(stage.cast.township_lead):
        row = model.objects.filter(pk=stage.ours[model].pk)
        with refused("does not change its region"):
            row.update(region_id=sibling)
        assert row.get().region_id == VILLAGE


def test_a_row_does_not_leave_the_scope(stage: Stage) -> None:
    elsewhere = stage.cast.other_secretary.region_id
    with as_village(stage), refused(r"its region|row-level security"):
        VillagerGroup.objects.update(region_id=elsewhere)


def test_a_row_cannot_point_at_a_parent_of_another_region(stage: Stage) -> None:
    """Not even where both are in the scope: the key is (id, region_code)."""
    with at(stage.cast.city_lead):
        for parent in (stage.sibling[Post], stage.other[Post]):
            with refused("_scope_fk"):
                Job.objects.filter(pk=stage.ours[Job].pk).update(post_id=parent.pk)
            planted = MAKERS[Job](stage.cast.secretary, "planted")
            planted.post_id = parent.pk
            with refused("_scope_fk"):
                planted.save(force_insert=True)


def test_merging_moves_rows_and_what_hangs_on_them(stage: Stage) -> None:
    """The city's one operation: children follow their parent (ON UPDATE CASCADE)."""
    sibling = stage.cast.sibling_secretary.region_id
    wide = stage.cast.city_lead.scope()
    merging = Scope(wide.lo, wide.hi, why="合并村", merging=True)
    group = stage.ours[VillagerGroup]
    with scope(merging), transaction.atomic():
        Post.objects.filter(pk=stage.cast.secretary.pk).update(region_id=sibling)
        VillagerGroup.objects.filter(pk=group.pk).update(region_id=sibling, number=70)
    with at(stage.cast.sibling_secretary):
        assert Job.objects.get(pk=stage.ours[Job].pk).region_id == sibling
        assert VillagerGroup.objects.get(number=70).pk == group.pk
    with at(stage.cast.clerk):
        assert not Job.objects.exists()


def test_merging_stays_within_its_scope(stage: Stage) -> None:
    wide = stage.cast.township_lead.scope()
    merging = Scope(wide.lo, wide.hi, why="合并村", merging=True)
    elsewhere = stage.cast.other_secretary.region_id
    with scope(merging), refused("row-level security"):
        VillagerGroup.objects.update(region_id=elsewhere)


def test_the_access_log_takes_new_lines_and_nothing_else(stage: Stage) -> None:
    with as_village(stage):
        for way in ("update", "update all", "delete", "UPDATE", "DELETE"):
            with refused("permission denied"):
                CHANGES[way](AccessEntry, stage.ours[AccessEntry])
        with refused("permission denied"):
            LOCKS["select_for_update"](AccessEntry.objects.all())
        AccessEntry.objects.create(
            region_id=VILLAGE, at=timezone.now(), action="system"
        )
