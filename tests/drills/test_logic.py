"""The drills' own logic: they must be able to fail."""

import random
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest

from drills import chaos, load, mutating, nonsense, outbox, reconciling, spike
from drills.faults import FAULTS
from drills.fingerprint import differences
from drills.people import WRITE, Answers, Crowd, Visitor, mix, percentile
from drills.site import between, whole

WALKER = {"session": "none", "role": "representative", "region": 1, "homes": [1, 2]}


def dice() -> random.Random:
    """Return the same chances each time."""
    return random.Random(1)  # noqa: S311


def answers(**pages: list[float]) -> Answers:
    found = Answers()
    for page, taken in pages.items():
        for seconds in taken:
            found.note(page, seconds, 200)
    return found


# --- what is compared -----------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ({"a": "3 rows, 7"}, {"a": "3 rows, 7"}, 0),
        ({"a": "3 rows, 7"}, {"a": "3 rows, 8"}, 1),
        ({"a": "x", "b": "y"}, {"a": "x"}, 1),
        ({}, {"a": "x"}, 1),
        ({"a": "((s)::text = ANY ((ARRAY['p'::character varying])::text[]))"},
         {"a": "((s)::text = ANY (ARRAY[('p'::character varying)::text]))"}, 0),
        ({"a": "CHECK (n > 0)"}, {"a": "CHECK (n > 1)"}, 1),
    ],
)  # fmt: skip
def test_fingerprints_differ_where_something_differs(
    one: dict[str, str], other: dict[str, str], found: int
) -> None:
    assert len(differences({"rows": one}, {"rows": other})) == found


class StandIn:
    """A site whose database answers what a test wants."""

    def __init__(self, stored: dict[str, int], leftovers: int = 0) -> None:
        self.stored, self.leftovers = stored, leftovers

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        if "WHERE NOT on_behalf" in query:
            return list(self.stored.items())
        return [(1,)] * self.leftovers


@pytest.mark.parametrize(
    ("stored", "leftovers", "words"),
    [
        ({"a": 1, "b": 2, "c": 3}, 0, ""),
        ({"a": 1}, 0, "1 acknowledged visits lost"),
        ({"a": 1, "b": 9}, 0, "1 visits stored otherwise"),
        ({"a": 1, "b": 2}, 3, "3 flags doubled"),
    ],
)
def test_reconciliation_names_what_is_left_over(
    stored: dict[str, int], leftovers: int, words: str
) -> None:
    sent = Answers()
    sent.written = {"a": {"household": 1}, "b": {"household": 2}}
    site: Any = StandIn(stored, leftovers)

    [row] = reconciling.reconciled(site, sent, "F09")

    assert row.what == "F09: reconciliation"
    assert row.kept is (not words)
    assert words in row.measured


# --- what is judged -------------------------------------------------------------


def test_percentiles_and_mix() -> None:
    assert percentile([], 0.95) == 0
    assert percentile([float(n) for n in range(1, 101)], 0.95) == 96
    found = answers(
        **{WRITE: [1] * 25, "city_staff: GET /": [1] * 5, "x: GET /inbox/": [1] * 70}
    )
    assert mix(found) == {"writes": 25, "dashboards": 5, "reads": 70}


@pytest.mark.parametrize(
    ("page", "seconds", "kept"),
    [
        ("representative: GET /visits/", 0.149, True),
        ("representative: GET /visits/", 0.151, False),
        (WRITE, 0.299, True),
        ("township_staff: GET /", 0.7, True),
        ("representative: GET /", 0.7, False),
    ],
)
def test_pages_are_held_to_their_bars(page: str, seconds: float, kept: bool) -> None:
    assert next(load.judged(answers(**{page: [seconds] * 20}))).kept is kept


def test_a_spike_is_judged_by_reads_and_writes_and_not_by_dashboards() -> None:
    found = answers(
        **{WRITE: [0.2], "city_staff: GET /": [9], "representative: GET /": [0.1]}
    )
    assert spike.tails(found.lap()) == (0.1, 0.2)
    assert found.lap() == {}
    assert spike.tails({}) == (0, 0)


def test_one_failed_request_fails_the_load() -> None:
    found = answers(**{WRITE: [0.1]})
    assert list(load.judged(found))[-1].kept is True
    found.note(WRITE, 0.1, 500)
    assert list(load.judged(found))[-1].kept is False


@pytest.mark.parametrize(
    ("key", "at", "kept"),
    [("F05", 50, False), ("F01", 50, True), ("F01", 99, False), ("F01", 5, False)],
)
def test_errors_are_allowed_while_an_outage_lasts_alone(
    key: str, at: float, kept: bool
) -> None:
    crowd = Crowd([], 1, (1, 1))
    crowd.answers.note(WRITE, 0.1, 200)
    crowd.answers.failures.append((at, WRITE, 503))

    assert chaos.verdict(key, crowd, (10, 60), "done", "").kept is kept
    assert chaos.verdict(key, crowd, (10, 60), "", "broke").kept is False


def test_every_fault_of_the_list_is_there_or_said_to_be_elsewhere() -> None:
    numbered = {f"F{number:02d}" for number in range(1, 25)}
    assert FAULTS.keys() | chaos.ELSEWHERE.keys() == numbered
    assert not FAULTS.keys() & chaos.ELSEWHERE.keys()


# --- what is sent ---------------------------------------------------------------


def test_outbox_is_sent_until_all_is_acknowledged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    heard: list[str] = []

    def put(self: Visitor, pk: str, body: dict[str, Any]) -> int:
        heard.append(pk)
        return 503 if len(heard) % 3 == 0 else 201

    monkeypatch.setattr(Visitor, "put", put)
    monkeypatch.setattr(outbox, "cut", lambda *_: None)
    visitor = Visitor(WALKER, 1, Answers(), dice())

    assert outbox.emptied(1, visitor, 12) == len(set(heard)) == 12
    assert len(heard) > 12


def test_outbox_that_never_empties_is_a_failure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Visitor, "put", lambda *_: 503)
    monkeypatch.setattr(outbox, "cut", lambda *_: None)
    visitor = Visitor(WALKER, 1, Answers(), dice())

    with pytest.raises(AssertionError, match="never acknowledged"):
        outbox.emptied(1, visitor, 3)


def test_people_write_in_their_share_and_keep_what_was_acknowledged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sent: list[str] = []

    def ask(self: Visitor, method: str, path: str, page: str, body: str = "") -> int:
        sent.append(method)
        return 201

    monkeypatch.setattr(Visitor, "ask", ask)
    visitor = Visitor(WALKER, 1, Answers(), dice())
    for _ in range(1000):
        visitor.step()

    assert 450 < sent.count("PUT") < 550
    assert len(visitor.answers.written) == sent.count("PUT")


def test_server_that_is_away_is_a_failure_and_no_exception() -> None:
    visitor = Visitor(WALKER, 1, Answers(), dice())
    assert visitor.visit() == 0
    assert visitor.answers.failures[0][1:] == (WRITE, 0)
    assert visitor.answers.written == {}
    assert visitor.answers.failures[0][0] <= time.monotonic()


def test_mutations_are_as_many_as_asked_and_not_the_same_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mutating, "make_all", lambda folder: {})
    (tmp_path / "made").mkdir()

    mutating.mutated(tmp_path / "made", 30)

    contents = {path.read_bytes() for path in (tmp_path / "made").iterdir()}
    assert len(list((tmp_path / "made").iterdir())) == 30
    assert len(contents) > 15
    assert zipfile.is_zipfile(tmp_path / "made" / "0000.xlsx")


def test_nonsense_reaches_every_address_of_the_schema() -> None:
    paths = nonsense.addresses()
    chance = dice()
    assert len(paths) > 20
    assert all(path.startswith("/api/v1/") for path in paths)
    assert {"place", "q"} <= set(paths["/api/v1/households/"])
    filled = [nonsense.filled(path, names, chance) for path, names in paths.items()]
    assert not any("{" in address.split("?")[0] for address in filled)


def test_filters_of_a_page_are_read_from_its_forms_and_links() -> None:
    page = (
        '<form method="post"><input name="token"></form>'
        '<form class="f" method="get"><input type="text" name="q">'
        '<select name="state"></select></form>'
        '<a href="?month=2026-10&amp;kind=none">上月</a><a href="/away/?far=1">别处</a>'
    )
    assert nonsense.names_in(page) == {"q", "state", "month", "kind"}


def test_size_of_a_drill_comes_from_the_environment() -> None:
    assert whole("PEOPLE", 10, {}) == 10
    assert whole("PEOPLE", 10, {"PEOPLE": "3"}) == 3
    with pytest.raises(SystemExit, match="PEOPLE"):
        whole("PEOPLE", 10, {"PEOPLE": "many"})


def test_how_long_people_think_comes_from_the_environment() -> None:
    assert between("THINK", "30-90", {}) == (30, 90)
    assert between("THINK", "30-90", {"THINK": "5-15"}) == (5, 15)
    for wrong in ("5", "15-5", "five-ten", "-5"):
        with pytest.raises(SystemExit, match="THINK"):
            between("THINK", "30-90", {"THINK": wrong})
