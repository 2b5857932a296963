"""The public notice of a by-election: what it says, and nothing that it must not."""

from notices.rules import Content
from regions.models import Kind as RegionKind
from regions.models import Region
from representatives.by_elections import Course
from representatives.models import VoterKind
from ui.words import full_day


def committee_of(village: Region) -> str:
    """Return the village's committee, which puts notices up."""
    is_community = village.kind == RegionKind.COMMUNITY
    return f"{village.name}{'居民' if is_community else '村民'}委员会"


def member_word(village: Region) -> str:
    """Return 村民代表 or 居民代表: a village elects one or the other."""
    return "居民代表" if village.kind == RegionKind.COMMUNITY else "村民代表"


def law_of(village: Region) -> str:
    """Return the law that a village's or a community's notices name."""
    if village.kind == RegionKind.COMMUNITY:
        return "《中华人民共和国城市居民委员会组织法》"
    return "《中华人民共和国村民委员会组织法》"


def announcement(course: Course) -> Content:
    """Return the notice of a result: the names of those elected are what it is for."""
    row, village = course.row, course.row.region
    word, last = (
        member_word(village),
        course.count.rounds[-1] if course.count.rounds else None,
    )
    elected = course.count.elected
    met = full_day(last.row.held_on) if last else ""
    voters = VoterKind(row.voters).label
    figures = (
        f"会议应到{voters}{last.row.entitled}人，实到{last.row.present}人；"
        f"发出票{last.row.issued}张，收回票{last.row.returned}张，有效票{last.row.valid}张。"
        if last
        else ""
    )
    opening = (
        f"根据{law_of(village)}和本市届中补选的有关规定，{met}，"
        f"推选单元“{row.constituency}”召开推选会议，补选{word}{len(elected)}名。"
    )
    return Content(
        title=f"{village.name}{word}补选结果公示",
        issuer=committee_of(village),
        paragraphs=(opening, figures, "现将补选结果公示如下。"),
        heads=("姓名", "性别", "政治面貌", "推选单元", "赞成票"),
        rows=tuple(
            (
                one.name,
                one.get_sex_display(),
                one.get_politics_display(),
                str(row.constituency),
                str(votes_for(course, one.pk)),
            )
            for one in elected
        ),
    )


def votes_for(course: Course, candidate: int) -> int:
    """Return the votes with which somebody was elected."""
    for counted in reversed(course.count.rounds):
        for person, tally in counted.lines:
            if person.pk == candidate:
                return tally.votes_for
    return 0
