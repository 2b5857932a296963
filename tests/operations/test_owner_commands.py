"""What only the owner of the tables does: sealing anew, letting go of row history."""

import datetime as dt
from base64 import b64encode
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.conf import settings as live
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.utils import timezone

from accounts import chain, sealing
from accounts.models import AccessEntry, AuditSeal, RowChange
from accounts.sealing import Sealed
from households.models import Household
from jobs.models import Job
from operations.resealing import AT_ONCE, places, waiting
from regions.models import VillagerGroup
from reports import exports
from tests.cast import CITY, VILLAGE, everywhere
from tests.conftest import use_database
from tests.databases import cloned
from tests.days import days_ago, today, yesterday
from tests.operations.test_doctor import said
from tests.owner import as_owner

OLD, NEW = (f"{kid}:{b64encode(kid.encode() * 16).decode()}" for kid in ("k1", "k2"))
PHONE = "13800099728"


def use(*keys: str) -> None:
    """Go on with other keys; the first one seals."""
    live.FIELD_KEYS = list(keys)
    sealing._keys.cache_clear()


def run(command: str, *arguments: str) -> str:
    """Run a command; return what it printed."""
    out = StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def owned(
    template_database: str, django_db_setup: None, django_db_blocker: Any
) -> Iterator[None]:
    """Be the owner of a database of one's own; keys and names are put back after it."""
    shared, keys = str(connection.settings_dict["NAME"]), live.FIELD_KEYS
    with (
        cloned(template_database, f"{shared}_owned") as name,
        django_db_blocker.unblock(),
    ):
        try:
            with as_owner(name):
                yield
        finally:
            connections.close_all()
            use_database(shared)
            use(*keys)


def homes(number: int) -> None:
    """Enter households with a phone each."""
    with everywhere():
        group = VillagerGroup.objects.create(region_id=VILLAGE, number=1)
        Household.objects.bulk_create(
            Household(
                region_id=VILLAGE, group=group, head=f"户{n}", registered_on=today(),
                phone=Sealed.of(PHONE, "phone"),
            )
            for n in range(number)
        )  # fmt: skip


def phones() -> set[str]:
    """Return every phone of the roll, opened."""
    with everywhere():
        return {home.phone.reveal() for home in Household.objects.all()}


def test_a_key_is_changed_without_losing_a_number(owned: None) -> None:
    """New key first, seal anew, then the old key may go; the history gains no line."""
    use(OLD)
    homes(AT_ONCE + 3)
    use(NEW, OLD)
    assert "用旧密钥（k1）封的" in said("密钥")
    listed = run("reseal")
    assert f"{AT_ONCE + 3} 个不是用 k2 封的" in listed
    assert "--apply" in listed
    with everywhere():
        lines = RowChange.objects.count()
    done = run("reseal", "--apply")
    assert f"已重新封存 {AT_ONCE + 3} 个" in done
    assert "旧密钥（k1）过 7 天可以" in done
    with everywhere():
        assert RowChange.objects.count() == lines
        assert AccessEntry.objects.filter(subject="用新密钥重新封存号码").count() == 1
        assert not any(waiting(place) for place in places())
    assert "旧密钥（k1）还在" in said("密钥")
    assert "都是用 k2 封的" in run("reseal", "--apply"), "again changes nothing"
    use(NEW)
    assert phones() == {PHONE}


def test_a_number_whose_key_is_missing_is_told_and_stays(owned: None) -> None:
    use(OLD)
    homes(1)
    use(NEW)
    with pytest.raises(CommandError, match="有打不开的：联系户·联系电话 1 个"):
        run("reseal", "--apply")
    use(NEW, OLD)
    run("reseal", "--apply")
    assert phones() == {PHONE}


def test_only_the_owner_seals_anew(db: None) -> None:
    with pytest.raises(CommandError, match="MIGRATING=1"):
        run("reseal", "--apply")


def test_a_number_searched_for_is_sealed_anew_too(owned: None) -> None:
    kinds = {place.table for place in places()}
    assert {"jobs_job", "reports_approval", "accounts_user"} <= kinds
    use(OLD)
    arguments = exports.Request("households", {"q": PHONE}).arguments()
    with everywhere():
        job = Job.objects.create(
            region_id=VILLAGE, kind=exports.KIND, title="导出", unique_key="1",
            business_date=today(), asked_at=timezone.now(), not_before=timezone.now(),
            arguments=arguments,
        )  # fmt: skip
    use(NEW, OLD)
    run("reseal", "--apply")
    use(NEW)
    with everywhere():
        job.refresh_from_db()
        assert exports.Request.of(job).data == {"q": PHONE}


# --- row history ----------------------------------------------------------------


def history(days: dict[dt.date, int]) -> None:
    """Write so many changes on each day, and one line of the access log."""
    with everywhere():
        for day, number in days.items():
            at = timezone.make_aware(dt.datetime.combine(day, dt.time(9)))
            for n in range(number):
                RowChange.objects.create(
                    region_id=VILLAGE, at=at, table="households_household", row=str(n),
                    operation="update", before={"head": "甲"}, after={"head": "乙"},
                    request="", why="",
                )  # fmt: skip
            AccessEntry.objects.create(
                region_id=CITY, at=at, action="system", path="stage"
            )
        chain.seal_until(today())


def test_history_past_its_term_goes_and_the_chain_holds(owned: None) -> None:
    history({days_ago(1200): 3, yesterday(): 2})
    with everywhere():
        assert chain.broken_day() is None
    shown = run("retention")
    assert "资料变更记录（改前、改后的内容） 3 条" in shown
    assert "加 --apply 3 处理" in shown
    run("retention", "--apply", "3")
    with everywhere():
        assert RowChange.objects.filter(before={"head": "甲"}).count() == 2
        assert AccessEntry.objects.filter(path="stage").count() == 2
        assert chain.broken_day() is None
    assert "没有超过保存期限" in run("retention")


@pytest.mark.parametrize("spoil", ["access", "history"])
def test_what_stays_of_a_day_is_still_guarded(owned: None, spoil: str) -> None:
    history({days_ago(1200): 1})
    run("retention", "--apply", "1")
    at = timezone.make_aware(dt.datetime.combine(days_ago(1200), dt.time(9)))
    with everywhere():
        if spoil == "access":
            AccessEntry.objects.filter(at=at).update(reason="改过")
        else:
            RowChange.objects.create(
                region_id=VILLAGE, at=at, table="x", row="1", operation="insert",
                request="", why="",
            )  # fmt: skip
        assert chain.broken_day() == days_ago(1200)


def test_a_day_that_was_tampered_with_is_not_let_go_of(owned: None) -> None:
    history({days_ago(1200): 2})
    with everywhere():
        RowChange.objects.filter(row="1", before={"head": "甲"}).delete()
    with pytest.raises(CommandError, match="和封存时不一样，没有清理"):
        run("retention", "--apply", "1")
    with everywhere():
        assert RowChange.objects.filter(before={"head": "甲"}).count() == 1
        assert not AuditSeal.objects.exclude(kept="").exists()


def test_without_the_owner_history_is_told_and_not_counted(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("operations.services.history_expired", lambda terms, on: 5)
    shown = run("retention")
    assert "资料变更记录（改前、改后的内容） 5 条" in shown
    assert "要写成 MIGRATING=1 运行才能处理，没算在内" in shown
    assert "别的没有超过保存期限的" in shown
    with pytest.raises(CommandError, match="现在是 0 条"):
        run("retention", "--apply", "5")
