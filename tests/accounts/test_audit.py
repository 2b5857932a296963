"""The access log: one line per deed, in its transaction, in the division it belongs to."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.http import HttpRequest
from django.test import RequestFactory
from django.utils import timezone

from accounts import audit
from accounts.models import AccessEntry, Action, RowChange
from regions.models import Region, VillagerGroup
from regions.scoping import EVERYWHERE_HI, Scope, current_scope, scope
from tests.cast import CITY, OTHER_TOWNSHIP, TOWNSHIP, VILLAGE, Cast, at, everywhere
from tests.policy.ways import fetched


def lines() -> list[AccessEntry]:
    """Return the access log, the oldest first."""
    with everywhere():
        return list(AccessEntry.objects.select_related("user").order_by("id"))


def asking(**headers: str) -> HttpRequest:
    return RequestFactory().get("/a/page/", REMOTE_ADDR="10.0.0.7", **headers)


def test_a_line_says_who_what_where_and_when(cast: Cast) -> None:
    began = timezone.now()
    with at(cast.clerk):
        audit.record(
            Action.REVEALED,
            region=VILLAGE,
            by=cast.clerk.user,
            subject="户主王五的身份证号",
            reason="核对低保",
            request=asking(),
        )
    (line,) = lines()
    assert (line.action, line.user, line.region_id) == (
        "revealed",
        cast.clerk.user,
        VILLAGE,
    )
    assert (line.subject, line.reason) == ("户主王五的身份证号", "核对低保")
    assert (line.path, line.address) == ("/a/page/", "10.0.0.7")
    assert began <= line.at <= timezone.now()
    assert str(line) == "clerk先生 查看了完整号码"


def test_a_line_carries_the_number_of_the_request_like_the_history(cast: Cast) -> None:
    number = "f" * 32
    with scope(cast.clerk.scope(request=number)), transaction.atomic():
        VillagerGroup.objects.create(region_id=VILLAGE, number=1)
        audit.record(Action.EXPORTED, region=VILLAGE, by=cast.clerk.user)
        change = RowChange.objects.get(table="regions_villagergroup")
    assert lines()[0].request == change.request == number


def test_a_line_outside_any_scope_carries_the_number_of_its_request(db: None) -> None:
    """Signing in and being refused are recorded before and after the scope."""
    request = asking()
    request.number = "e" * 32  # type: ignore[attr-defined]
    with scope(None):
        audit.record(Action.REFUSED, region=CITY, by=None, request=request)
    assert lines()[0].request == "e" * 32


def test_a_line_is_undone_with_what_it_records(cast: Cast) -> None:
    with at(cast.clerk):
        audit.record(Action.EXPORTED, region=VILLAGE, by=cast.clerk.user)
        transaction.set_rollback(True)
    assert lines() == []


def test_a_line_is_written_where_it_belongs_whatever_scope_is_open(cast: Cast) -> None:
    with at(cast.clerk):
        before = current_scope()
        audit.record(Action.REFUSED, region=OTHER_TOWNSHIP, by=cast.clerk.user)
        assert current_scope() == before
        assert not AccessEntry.objects.exists()
    with scope(None):
        audit.record(Action.SIGN_IN_FAILED, region=VILLAGE, by=None)
    assert [line.region_id for line in lines()] == [OTHER_TOWNSHIP, VILLAGE]


def test_long_texts_are_cut_to_what_the_columns_hold(cast: Cast) -> None:
    request = RequestFactory().get("/" + "x" * 500)
    with at(cast.clerk):
        audit.record(
            Action.EXPORTED,
            region=VILLAGE,
            by=cast.clerk.user,
            subject="长" * 300,
            reason="长" * 300,
            request=request,
        )
    (line,) = lines()
    assert (len(line.subject), len(line.reason), len(line.path)) == (120, 200, 200)


def test_each_sees_the_lines_of_his_range(cast: Cast) -> None:
    for region in (CITY, TOWNSHIP, VILLAGE, OTHER_TOWNSHIP):
        audit.record(Action.SYSTEM, region=region, by=None)
    seen = {}
    for part in ("auditor", "township_lead", "secretary", "other_lead"):
        with at(getattr(cast, part)):
            seen[part] = set(AccessEntry.objects.values_list("region_id", flat=True))
    assert seen == {
        "auditor": {CITY, TOWNSHIP, VILLAGE, OTHER_TOWNSHIP},
        "township_lead": {TOWNSHIP, VILLAGE},
        "secretary": {VILLAGE},
        "other_lead": {OTHER_TOWNSHIP},
    }


# --- where a request comes from -------------------------------------------------------


@pytest.mark.parametrize(
    ("behind_proxy", "forwarded", "address"),
    [
        (True, "203.0.113.9", "203.0.113.9"),
        (True, "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        (True, "2001:db8::1", "2001:db8::1"),
        (True, "nonsense", "10.0.0.7"),
        (True, "203.0.113.9, ", "10.0.0.7"),
        (True, "'; DROP TABLE", "10.0.0.7"),
        (False, "203.0.113.9", "10.0.0.7"),
        (False, "", "10.0.0.7"),
    ],
)
def test_the_address_is_the_proxys_word_and_only_its_own(
    settings: Any, db: None, behind_proxy: bool, forwarded: str, address: str
) -> None:
    settings.TLS = behind_proxy
    request = asking(HTTP_X_FORWARDED_FOR=forwarded)
    assert audit.client_address(request) == address
    audit.record(Action.SIGN_IN_FAILED, region=CITY, by=None, request=request)
    assert lines()[0].address == address


def test_an_address_with_a_zone_does_not_stop_the_line(settings: Any, db: None) -> None:
    """`fe80::1%eth0` is an address to Python, and none to PostgreSQL."""
    settings.TLS = True
    request = asking(HTTP_X_FORWARDED_FOR="fe80::1%eth0")
    audit.record(Action.SIGN_IN_FAILED, region=CITY, by=None, request=request)
    assert lines()[0].address == "fe80::1"


def test_without_an_address_the_line_is_written_all_the_same(db: None) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR="")
    audit.record(Action.SIGN_IN_FAILED, region=CITY, by=None, request=request)
    assert lines()[0].address is None


# --- the scope of everything ----------------------------------------------------------


def test_the_scope_of_everything_is_recorded_with_its_reason(cast: Cast) -> None:
    with audit.system_scope("修正组名") as opened:
        assert opened == Scope(0, EVERYWHERE_HI, why="修正组名")
        with transaction.atomic():
            VillagerGroup.objects.create(region_id=VILLAGE, number=1)
            VillagerGroup.objects.create(region_id=OTHER_TOWNSHIP, number=1)
            changes = RowChange.objects.filter(table="regions_villagergroup")
            assert set(changes.values_list("why", flat=True)) == {"修正组名"}
    (line,) = lines()
    assert (line.action, line.reason, line.region_id, line.user) == (
        "system",
        "修正组名",
        CITY,
        None,
    )
    assert current_scope() is None


@pytest.mark.parametrize("why", ["", "  ", "\n"])
def test_the_scope_of_everything_needs_a_reason(db: None, why: str) -> None:
    with pytest.raises(ValueError, match="reason"), audit.system_scope(why):
        pass
    assert lines() == []


def test_without_divisions_a_command_says_what_to_do_first(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "city_code", lambda: 0)

    with pytest.raises(CommandError, match="还没有载入区划，请先运行"):
        call_command("audit_check")
    assert current_scope() is None


def test_a_long_reason_is_cut_and_the_work_goes_on(db: None) -> None:
    with audit.system_scope("缘由" * 300), transaction.atomic():
        VillagerGroup.objects.create(region_id=VILLAGE, number=1)
    assert lines()[0].reason == "缘由" * 100


def test_merging_is_permitted_only_where_it_is_asked_for(db: None) -> None:
    merging = "SELECT current_setting('app.merging', true)"
    for asked, found in ((False, ""), (True, "on")):
        with audit.system_scope("合并村", merging=asked), transaction.atomic():
            assert fetched(merging) == [(found,)]


def test_the_city_is_found_by_its_level(db: None) -> None:
    assert audit.city_code() == CITY
    assert Region.objects.get(pk=CITY).name == "邵东市"
