"""总体情况: a paragraph for each field of the work, as its figures are."""

from collections.abc import Iterator

from reports.bulletin.draft import Draft, rate, share
from reports.figures.domain import Counts
from ui.figures import rate_words


def situation(draft: Draft) -> Iterator[str]:
    """Yield a paragraph for each field of the work."""
    counts = draft.summary.total
    yield _rolls(draft, counts)
    yield _visits(draft, counts)
    if meetings := _meetings(draft, counts):
        yield meetings
    yield _issues(counts)
    yield _posts(counts)


def _rolls(draft: Draft, counts: Counts) -> str:
    if not counts["representatives"] and not counts["households"]:
        return f"{draft.whole}名册上还没有代表和联系户。"
    return (
        f"{draft.whole}{counts['villages']}个村（社区）现有村（居）民代表"
        f"{counts['representatives']}名，联系户{counts['households']}户，"
        f"其中重点户{counts['key']}户。"
    )


def _visits(draft: Draft, counts: Counts) -> str:
    owing, seen = counts["owing"], counts["seen"]
    whom = {
        "month": "按月走访的重点户",
        "quarter": "按季走访的普通户",
        "year": "联系户",
    }
    who = whom[draft.summary.seen.span.value]
    if not owing:
        return f"本期没有应走访的{who}。"
    if seen == owing:
        words = f"应走访{who}{owing}户，全部走访到位。"
    elif not seen:
        words = f"应走访{who}{owing}户，还没有走访记录。"
    else:
        words = (
            f"应走访{who}{owing}户，已走访{seen}户，完成率{rate(seen, owing)}%，"
            f"还有{owing - seen}户没有走访。"
        )
    return words + _compared(draft, counts)


def _compared(draft: Draft, counts: Counts) -> str:
    """Say how the rate has moved; nothing without a period to compare with."""
    if draft.before is None or not draft.before.total["owing"]:
        return ""
    # Of the rates as they are written, so that a reader may subtract them.
    moved = round(round(share(counts), 1) - round(share(draft.before.total), 1), 1)
    then = draft.before.seen.words.replace(" ", "")
    if not moved:
        return f"完成率与{then}持平。"
    way = "上升" if moved > 0 else "下降"
    return f"完成率比{then}{way}{rate_words(abs(moved))}个百分点。"


def _meetings(draft: Draft, counts: Counts) -> str:
    said = []
    if counts["talks_owed"] and draft.adds_quarters_up:
        said.append(_held("恳谈会", counts["talks_met"], counts["talks_owed"]))
    elif counts["talks_owed"]:
        said.append(
            f"应召开恳谈会的代表{counts['talks_owed']}名，"
            f"已召开{_of(counts['talks_met'], counts['talks_owed'], '名')}"
        )
    if counts["reviews_owed"]:
        said.append(_held("民情分析会", counts["reviews_met"], counts["reviews_owed"]))
    return "；".join(said) + "。" if said else ""


def _held(meeting: str, met: int, owed: int) -> str:
    return f"{meeting}应开{owed}场，已开{_of(met, owed, '场')}"


def _of(met: int, owed: int, unit: str) -> str:
    return f"{met}{unit}" + ("，全部召开" if met == owed else "")


def _issues(counts: Counts) -> str:
    heard, resolved = counts["heard"], counts["resolved"]
    words = "本期没有收集到民情。"
    if heard:
        words = f"收集民情{heard}件，其中已办结{resolved}件，办结率{rate(resolved, heard)}%。"
    if answered := counts["answered"]:
        content = counts["content"]
        words += (
            f"群众作出评价的{answered}件里，满意和基本满意{content}件，"
            f"满意率{rate(content, answered)}%。"
        )
    late = counts["late"]
    return words + (
        f"超过办理时限还没有办结的{late}件。" if late else "没有超期的民情。"
    )


def _posts(counts: Counts) -> str:
    vacant, elected = counts["vacant"], counts["elected"]
    words = f"代表缺额{vacant}名" if vacant else "代表没有缺额"
    return words + (f"，本期补选{elected}名。" if elected else "，本期没有补选。")
