"""Ledgers for other programs: the rows of the export, masked, page by page."""

import csv
import datetime as dt
import uuid
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from accounts.models import Post
from accounts.services import Refused
from jobs.models import State
from reports import exports
from reports.centre import files
from reports.centre.choosing import Choice
from reports.centre.entries import entry_of
from reports.centre.feeds import readable
from tests.accounts.pages import statements
from tests.cast import OTHER_TOWNSHIP, VILLAGE, Cast, at, signed_in
from tests.days import today
from tests.rolls import Rolls


@pytest.fixture(autouse=True)
def kept_apart(settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep files apart, and let no test look for a broker."""
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setattr("jobs.services.publish", lambda job: True)


def feed(post: Post, key: str, **asked: Any) -> Any:
    """Ask for a ledger."""
    return signed_in(post).get(f"/api/v1/ledgers/{key}/", asked)


def test_every_ledger_of_rows_is_listed_and_can_be_read(
    cast: Cast, rolls: Rolls
) -> None:
    listed = signed_in(cast.township_staff).get("/api/v1/ledgers/").json()
    keys = {one["key"] for one in listed}
    assert keys == {one.key for one in readable() if one.is_for(cast.township_staff)}
    browser = signed_in(cast.township_staff)
    for key in sorted(keys):
        answer = browser.get(f"/api/v1/ledgers/{key}/")
        assert answer.status_code == HTTPStatus.OK, (key, answer.content.decode())
        body = answer.json()
        names = [column["key"] for column in body["columns"]]
        assert len(names) == len(set(names))
        if key != "quotas":  # counted by village, a row for each of its groups
            assert len(body["rows"]) == min(body["count"], 200)


def test_rows_are_those_of_the_workbook(cast: Cast, rolls: Rolls) -> None:
    body = feed(cast.secretary, "raw-households").json()
    entry = entry_of("raw-households")
    assert entry is not None
    with at(cast.secretary):
        request = Choice(form="table").request(entry, today())
        job = exports.begin(request, by=cast.secretary, on=today(), key="one")
        exports.do_now(job)
    sheet = load_workbook(files.path_of(job.pk)).worksheets[0]
    head, *rows = sheet.iter_rows(values_only=True)
    assert [column["title"] for column in body["columns"]] == list(head)
    assert body["count"] == len(rows) == len(body["rows"])
    said = [[_cell(value) for value in row.values()] for row in body["rows"]]
    assert said == [[_cell(value) for value in row] for row in rows]


def _cell(value: Any) -> str:
    if isinstance(value, dt.datetime):
        value = value.date()
    return "" if value is None else str(value)


def test_numbers_are_masked_and_pages_follow_each_other(
    cast: Cast, rolls: Rolls
) -> None:
    first = feed(cast.township_lead, "representatives", page_size=2).json()
    second = feed(cast.township_lead, "representatives", page_size=2, page=2).json()
    assert first["pages"] == -(-first["count"] // 2)
    assert first["rows"][0] != second["rows"][0]
    assert "13800001111" not in str(first)
    assert "138****1111" in str(first)


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"place": str(OTHER_TOWNSHIP)}, HTTPStatus.BAD_REQUEST),
        ({"place": "x"}, HTTPStatus.BAD_REQUEST),
        ({"page": 0}, HTTPStatus.BAD_REQUEST),
        ({"period": "2026-13-99-x-y-z"}, HTTPStatus.BAD_REQUEST),
        ({"place": str(VILLAGE)}, HTTPStatus.OK),
    ],
)
def test_what_is_asked_for_must_make_sense(
    cast: Cast, rolls: Rolls, asked: dict[str, Any], status: int
) -> None:
    answer = feed(cast.township_staff, "representatives", **asked)
    assert answer.status_code == status
    if status == HTTPStatus.BAD_REQUEST:
        assert set(answer.json()) == {"code", "message", "fields"}


@pytest.mark.parametrize("period", ["2026-10", "2026-Q3", "last-month", "2099"])
def test_a_ledger_by_year_gives_no_year_for_another_period(
    cast: Cast, period: str
) -> None:
    refused = feed(cast.township_staff, "honours", period=period)
    assert refused.status_code == HTTPStatus.BAD_REQUEST
    assert refused.json()["code"] == "invalid"
    [words] = refused.json()["fields"]["period"]
    assert "按年" in words
    assert "period=2026" in words
    order = {"token": str(uuid.uuid4()), "entry": "honours", "period": period}
    ordered = signed_in(cast.township_staff).post(
        "/api/v1/exports/", order, content_type="application/json"
    )
    assert (ordered.status_code, ordered.json()["message"]) == (409, words)


@pytest.mark.parametrize("period", ["2026", "year", "last-year"])
def test_a_ledger_by_year_takes_a_year(cast: Cast, period: str) -> None:
    assert feed(cast.township_staff, "honours", period=period).status_code == 200


@pytest.mark.parametrize("key", ["honours", "visits"])
def test_a_month_under_another_name_is_not_read_past(cast: Cast, key: str) -> None:
    refused = feed(cast.township_staff, key, month="2026-10")
    assert refused.status_code == HTTPStatus.BAD_REQUEST
    assert "period" in refused.json()["fields"]["month"][0]


def test_statements_do_not_grow_with_the_rows(cast: Cast, rolls: Rolls) -> None:
    browser = signed_in(cast.township_staff)
    few = statements(browser, "/api/v1/ledgers/households/?page_size=1")
    many = statements(browser, "/api/v1/ledgers/households/?page_size=100")
    assert few == many


def test_ledger_that_is_not_there_or_not_theirs(cast: Cast) -> None:
    assert feed(cast.city_lead, "none").status_code == HTTPStatus.NOT_FOUND
    assert feed(cast.city_lead, "bulletin-month").status_code == HTTPStatus.NOT_FOUND
    assert feed(cast.representative, "households").status_code == HTTPStatus.FORBIDDEN


def test_old_state_is_not_taken_back(
    cast: Cast, rolls: Rolls, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If-Match: who has not seen the present state changes nothing."""
    monkeypatch.setattr(exports, "AT_ONCE", 0)
    client = signed_in(cast.secretary)
    order = {"token": str(uuid.uuid4()), "entry": "representatives"}
    made = client.post("/api/v1/exports/", order, content_type="application/json")
    own = f"/api/v1/exports/{made.json()['id']}/"
    tag = client.get(own).headers["ETag"]
    refused = client.delete(own, headers={"If-Match": '"older"'})
    assert refused.status_code == HTTPStatus.PRECONDITION_FAILED
    assert refused.json()["code"] == "changed"
    assert client.get(own).json()["state"] == "queued"
    assert client.delete(own, headers={"If-Match": tag}).status_code == 204
    assert client.delete(own, headers={"If-Match": tag}).status_code == 412


def test_raw_data_has_names_in_its_first_line_and_nothing_else(
    cast: Cast, rolls: Rolls
) -> None:
    entry = entry_of("raw-households")
    assert entry is not None
    assert entry.formats == files.RAW
    with at(cast.secretary):
        request = Choice(form="csv").request(entry, today())
        job = exports.begin(request, by=cast.secretary, on=today(), key="raw")
        exports.do_now(job)
        job.refresh_from_db()
    lines = files.path_of(job.pk, files.Format.CSV).read_text("utf-8-sig").splitlines()
    assert lines[0].startswith("乡镇(街道),村(社区),")
    assert len(lines) == 1 + job.arguments["result"]["rows"]
    assert job.arguments["result"]["name"].endswith(".csv")


def test_paper_in_words_is_no_raw_data(cast: Cast) -> None:
    request = exports.Request("bulletin", {}, form=files.Format.CSV)
    with at(cast.city_lead), pytest.raises(Refused, match="没有这种文件"):
        exports.check(request, cast.city_lead)


def test_subtotals_are_no_rows_for_a_program(cast: Cast, rolls: Rolls) -> None:
    """They would be counted twice, and on a page of its own one would be of half."""
    body = feed(cast.township_lead, "quotas").json()
    assert [row["group"] for row in body["rows"]] == ["1组", "2组", "3组"]


@pytest.mark.parametrize("form", files.RAW)
def test_every_ledger_can_be_had_as_plain_data(
    cast: Cast, rolls: Rolls, form: files.Format
) -> None:
    post = cast.township_lead
    for entry in readable():
        with at(post):
            request = Choice(form=form).request(entry, today())
            job = exports.begin(request, by=post, on=today(), key=f"{entry.key} {form}")
            exports.do_now(job)
            job.refresh_from_db()
        assert job.state == State.DONE, (entry.key, job.message)
        head = header_of(files.path_of(job.pk, form))
        assert len(head) == len(set(head)), entry.key
        told = feed(post, entry.key).json()["columns"]
        assert [column["title"] for column in told] == head, entry.key


def header_of(path: Path) -> list[str]:
    """Return the column names of a file of plain data."""
    if path.suffix == ".csv":
        return next(csv.reader(path.read_text("utf-8-sig").splitlines()))
    sheet = load_workbook(path).worksheets[0]
    return [str(cell.value) for cell in sheet[1]]
