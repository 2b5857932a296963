"""下步工作: what the figures ask for."""

from collections.abc import Iterator

from reports.bulletin.draft import ORDINALS, Draft


def next_steps(draft: Draft) -> Iterator[str]:
    """Yield what the figures ask for; the ordinary work where nothing is missing."""
    asked = [words.format(number) for number, words in _missing(draft) if number > 0]
    if not asked:
        yield "继续按规定走访联系户、召开会议、办理民情，及时记录。"
    for number, words in zip(ORDINALS, asked, strict=False):
        yield f"{number}是{words}"


def _missing(draft: Draft) -> Iterator[tuple[int, str]]:
    """Yield how much is missing of each field, and what is to be done about it."""
    counts = draft.summary.total
    yield (
        counts["owing"] - counts["seen"],
        "对没有走访的{}户逐户问清原因，尽快补访，确实去不了的登记免访。",
    )
    yield (
        counts["reviews_owed"] - counts["reviews_met"],
        "没有开的{}场民情分析会抓紧召开，提交会议记录。",
    )
    yield counts["talks_owed"] - counts["talks_met"], _talks(draft)
    yield counts["late"], "超期的{}件民情明确责任人和办结时间，办好后告诉群众。"
    yield counts["vacant"], "缺额的{}名代表依法组织补选。"


def _talks(draft: Draft) -> str:
    if draft.adds_quarters_up:
        return "督促代表把没有开的{}场恳谈会补上。"
    if draft.is_quarter_over:
        return "督促没有召开恳谈会的{}名代表补上。"
    return "督促还没有召开恳谈会的{}名代表在本季内召开。"
