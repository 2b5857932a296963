"""What went well and what lags: by division and with its size, never by person."""

from collections.abc import Callable, Iterable, Iterator

from reports.bulletin.draft import Draft, share
from reports.figures.domain import Counts
from reports.summary.table import Row
from ui.figures import rate_words

NAMED = 8
"""So many divisions are named at most; of more it says how many there are."""
RISEN = 10.0
"""From so many 个百分点 on a division has got better; the city's yellow light turns on
at as many behind."""


def good(draft: Draft) -> Iterator[str]:
    """Yield what divisions have finished, or made better; one sentence if nothing."""
    rows = draft.summary.rows
    found = [
        *_who(draft, rows, _all_seen, "应走访的户全部走访到位。"),
        *_who(draft, rows, _all_talked, "应开的恳谈会全部召开。"),
        *_who(draft, rows, _all_reviewed, "应开的民情分析会全部召开。"),
        *_who(draft, rows, _all_resolved, "本期收集的民情全部办结。"),
        *_who(
            draft,
            [row for row in rows if _risen(draft, row)],
            lambda row: True,
            f"完成率比上一期上升{rate_words(RISEN, 0)}个百分点以上。",
        ),
    ]
    yield from found or [f"本期没有哪个{draft.unit}全部完成。"]


def _all_seen(row: Row) -> bool:
    return 0 < row.counts["owing"] == row.counts["seen"]


def _all_talked(row: Row) -> bool:
    return 0 < row.counts["talks_owed"] == row.counts["talks_met"]


def _all_reviewed(row: Row) -> bool:
    return 0 < row.counts["reviews_owed"] == row.counts["reviews_met"]


def _all_resolved(row: Row) -> bool:
    return 0 < row.counts["heard"] == row.counts["resolved"]


def _risen(draft: Draft, row: Row) -> bool:
    if draft.before is None:
        return False
    then = {one.place.pk: one.counts for one in draft.before.rows}
    earlier = then.get(row.place.pk, Counts())
    few = draft.rule.few
    if row.counts["owing"] < few or earlier["owing"] < few:
        return False
    return share(row.counts) - share(earlier) >= RISEN


Lag = tuple[Callable[[Row], bool], str, Callable[[Row], str]]
"""Which divisions are meant, what is said of them, and how much it is."""


def lagging(draft: Draft) -> Iterator[str]:
    """Yield where work is missing, by division and with its size; never by person."""
    found = [
        sentence
        for is_meant, ending, size in _lags(draft)
        for sentence in _who(draft, draft.summary.rows, is_meant, ending, size)
    ]
    yield from found or ["本期没有需要通报的问题。"]


def _lags(draft: Draft) -> Iterator[Lag]:
    behind = rate_words(draft.rule.behind_bad, 0)
    yield (
        lambda row: _is_behind(draft, row),
        f"没有走访的户占应走访的{behind}%以上。",
        lambda row: f"{_unseen(row)}户",
    )
    yield (
        lambda row: bool(_missing(row, "reviews")),
        "没有开齐民情分析会。",
        lambda row: f"缺{_missing(row, 'reviews')}场",
    )
    yield (
        lambda row: draft.is_quarter_over and bool(_missing(row, "talks")),
        "没有开齐恳谈会。" if draft.adds_quarters_up else "还有代表没有召开恳谈会。",
        lambda row: (
            f"缺{_missing(row, 'talks')}场"
            if draft.adds_quarters_up
            else f"{_missing(row, 'talks')}名"
        ),
    )
    yield (
        lambda row: bool(row.counts["late"]),
        "有超过办理时限的民情。",
        lambda row: f"{row.counts['late']}件",
    )
    yield (
        lambda row: bool(row.counts["vacant"]),
        "有代表缺额。",
        lambda row: f"{row.counts['vacant']}名",
    )


def _is_behind(draft: Draft, row: Row) -> bool:
    owing = row.counts["owing"]
    if owing < draft.rule.few:
        return False
    return _unseen(row) * 100 / owing >= draft.rule.behind_bad


def _unseen(row: Row) -> int:
    return row.counts["owing"] - row.counts["seen"]


def _missing(row: Row, meeting: str) -> int:
    return row.counts[f"{meeting}_owed"] - row.counts[f"{meeting}_met"]


def _who(
    draft: Draft,
    rows: Iterable[Row],
    is_meant: Callable[[Row], bool],
    ending: str,
    size: Callable[[Row], str] | None = None,
) -> Iterator[str]:
    """Yield one sentence that names those that are meant; nothing if there are none."""
    meant = [row for row in rows if is_meant(row)]
    if not meant:
        return
    names = "、".join(
        row.place.name + (f"（{size(row)}）" if size else "") for row in meant[:NAMED]
    )
    more = f"等{len(meant)}个{draft.unit}" if len(meant) > NAMED else ""
    yield f"{names}{more}{ending}"
