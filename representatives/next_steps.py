"""The next step of a by-election in words: what it is, whose turn, the one button."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from accounts.models import Post
from accounts.permissions import Permission
from notices.models import State
from representatives.by_elections import Course
from representatives.rules.by_elections import Stage


@dataclass(frozen=True)
class Next:
    """The next step: what it is, whose turn, the one button, what stands in the way."""

    title: str
    words: str
    action: str = ""
    url: str = ""
    mine: bool = False
    waits: bool = False
    """Nothing to press: the calendar or somebody else goes on."""


def next_of(course: Course, post: Post) -> Next:
    """Return the next step of a by-election as seen from a post."""
    step = STEPS[course.stage](course)
    may = post.may(
        Permission.BY_ELECTION_REVIEW
        if course.stage in (Stage.REVIEW, Stage.FILING)
        else Permission.BY_ELECTION_KEEP
    )
    mine = course.is_mine(post)
    words = step.words
    if may and not mine and step.action:
        words += f"这一步由{course.actor.label}办，您也可以代办。"
    elif not may and course.stage.is_open:
        words += f"现在等{course.actor.label}办理。"
    url = step.url if may else ""
    return Next(step.title, words, step.action, url, mine, step.waits)


def _to(name: str, course: Course) -> str:
    return reverse(name, args=[course.row.pk])


def _plan(course: Course) -> Next:
    returned = course.row.review_words
    words = (
        f"镇里退回：{returned}。请改好再报。"
        if returned and course.row.reviewed_on
        else "定下推选的日期、地点、主持人和应到人数，报镇里审核。"
    )
    return Next("填写补选方案", words, "填写方案", _to("representatives:by-election-plan", course))  # fmt: skip


def _review(course: Course) -> Next:
    url = _to("representatives:by-election-review", course)
    words = "看方案的日期、参加人员和应到人数对不对，同意或者退回。"
    return Next("审核方案", words, "审核方案", url)


def _vote(course: Course) -> Next:
    row = course.row
    if not course.candidates:
        url = _to("representatives:candidate-new", course)
        words = "先把候选人登记好，系统会核对年龄、是否已是代表，并显示优先人选。"
        return Next("登记候选人", words, "登记候选人", url)
    url = _to("representatives:by-election-result", course)
    if course.count.tied:
        names = "、".join(one.name for one in course.count.running)
        words = f"{names}票数相等，要对这几位重新投票，再把结果填进来。"
        return Next("重新投票", words, "登记重新投票的结果", url)
    if row.meets_on and row.meets_on > course.on:
        words = f"推选会定在 {row.meets_on}，{row.place}。开会前可以打印推选登记表，开完会再来登记结果。"
        return Next("等待开会推选", words, waits=True)
    words = "开完推选会，照着结果报告单把人数和票数填进来。"
    return Next("登记推选结果", words, "登记推选结果", url)


def _notice(course: Course) -> Next:
    notice = course.row.notice
    if notice is None or notice.state == State.WITHDRAWN:
        words = "有人当选了，把结果公示出去。"
        if notice:
            words = "上一份公示已经撤下，请重新公示。"
        url = _to("representatives:by-election-notice", course)
        return Next("公示结果", words, "公示结果", url)
    if notice.state == State.DRAFT:
        words = "公示写好了，核对没有错就发布。"
        return Next(
            "核对并发布公示", words, "核对并发布公示", notice.get_absolute_url()
        )
    left = (notice.last_day - course.on).days
    words = (
        f"公示到 {notice.last_day}，还有 {left} 天。"
        if left
        else "今天是公示最后一天。"
    )
    if course.open_objections:
        words += f"有 {course.open_objections} 条异议要处理。"
        return Next("处理异议", words, "处理异议", notice.get_absolute_url())
    return Next("公示中", words + "有人提出异议，请登记。", waits=True)


def _filing(course: Course) -> Next:
    notice = course.row.notice
    if course.open_objections and notice:
        words = f"公示期满，但还有 {course.open_objections} 条异议没有处理。"
        return Next("先处理异议", words, "处理异议", notice.get_absolute_url())
    words = "公示期满、没有未处理的异议。备案以后任职开始，联系户交给新代表。"
    return Next(
        "办理备案", words, "办理备案", _to("households:by-election-file", course)
    )


def _done(course: Course) -> Next:
    names = "、".join(one.name for one in course.count.elected)
    return Next("补选办结", f"{course.row.filed_on} 备案，{names}已就任。", waits=True)


def _void(course: Course) -> Next:
    row = course.row
    words = f"{row.cancelled_on} 作废：{row.cancel_reason}。席位还空着，可以重新启动。"
    return Next("已作废", words, waits=True)


STEPS: dict[Stage, Callable[[Course], Next]] = {
    Stage.SURVEY: _plan,
    Stage.PLAN: _plan,
    Stage.REVIEW: _review,
    Stage.VOTE: _vote,
    Stage.NOTICE: _notice,
    Stage.FILING: _filing,
    Stage.DONE: _done,
    Stage.VOID: _void,
}
