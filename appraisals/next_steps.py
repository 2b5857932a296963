"""The next step of an appraisal in words: what it is, whose turn, the one button."""

from collections.abc import Callable

from django.urls import reverse

from accounts.models import Post
from appraisals.board import Board
from appraisals.rules.appraisals import VOTED
from appraisals.rules.steps import Stage
from notices.models import State
from representatives.next_steps import Next


def next_of(board: Board, post: Post) -> Next:
    """Return the next step of an appraisal as seen from a post."""
    step = STEPS[board.stage](board)
    mine = board.is_mine(post)
    words, url = step.words, step.url
    if board.stage.is_open and not mine:
        words += f"现在等{board.actor.label}办理。"
        url = ""
    return Next(step.title, words, step.action, url, mine, step.waits)


def to(name: str, board: Board, *more: str) -> str:
    """Return the address of a step."""
    return reverse(f"appraisals:{name}", args=[board.row.pk, *more])


def _draft(board: Board) -> Next:
    words = "核对名单，定下评议会的日期、地点和主持人，不参评的写明原因。"
    return Next("定评议会", words, "定评议会", to("appraisal-arrange", board))


def _meeting(board: Board) -> Next:
    row = board.row
    if row.met_on and row.met_on > board.on:
        words = f"评议会定在 {row.met_on}，{row.place}，{row.chair}主持。开会前可以打印评议票和签到表。"
        return Next("等待开评议会", words, waits=True)
    for body in VOTED:
        if body not in board.ballots:
            url = to("appraisal-ballot", board, body.value)
            words = "照着计票表，把到会人数、发出和收回的票、每人得的票填进来。"
            return Next(f"录入{body.label}票数", words, f"录入{body.label}票数", url)
    if board.facts.without_self:
        url = to("appraisal-self", board)
        words = "把每位代表给自己评的等次填进来。"
        return Next("录入自评", words, "录入自评", url)
    words = "票数录齐了。写上会议记录，交村务监督委员会确认。"
    return Next("写会议记录", words, "写会议记录", to("appraisal-close", board))


def _confirm(board: Board) -> Next:
    row = board.row
    begins = f"退回原因：{row.reopened_words}。" if row.reopened_words else ""
    if board.facts.ungraded:
        words = f"{begins}按分数和比例定等次，优秀最多 {board.limit} 名。"
        return Next("定等次", words, "定等次", to("appraisal-grades", board))
    words = (
        f"{begins}等次定好了，由{row.chair}核对签字后确认。确认以后分数和等次不能再改。"
    )
    return Next("确认结果", words, "核对并确认", to("appraisal-confirm", board))


def _notice(board: Board) -> Next:
    notice = board.row.notice
    if notice is None or notice.state == State.WITHDRAWN:
        begins = "上一份公示已经撤下，请重新公示。" if notice else ""
        words = f"{begins}把评出来的优秀代表公示出去，只公示姓名，不公示分数。"
        return Next(
            "公示优秀代表", words, "公示优秀代表", to("appraisal-notice", board)
        )
    if notice.state == State.DRAFT:
        words = "公示写好了，核对没有错就发布。"
        return Next(
            "核对并发布公示", words, "核对并发布公示", notice.get_absolute_url()
        )
    left = (notice.last_day - board.on).days
    words = (
        f"公示到 {notice.last_day}，还有 {left} 天。"
        if left
        else "今天是公示最后一天。"
    )
    if board.open_objections:
        words += f"有 {board.open_objections} 条异议要处理。"
        return Next("处理异议", words, "处理异议", notice.get_absolute_url())
    return Next("公示中", f"{words}有人提出异议，请登记。", waits=True)


def _filing(board: Board) -> Next:
    notice = board.row.notice
    if board.open_objections and notice:
        words = f"公示期满，但还有 {board.open_objections} 条异议没有处理。"
        return Next("先处理异议", words, "处理异议", notice.get_absolute_url())
    words = "核对票数、等次和比例，没有问题就备案；有问题的退回村里。"
    return Next("镇备案", words, "办理备案", to("appraisal-file", board))


def _done(board: Board) -> Next:
    row = board.row
    how = "由往年结果导入" if row.is_imported else f"{row.filed_on} 备案"
    return Next("评议办结", f"{how}，优秀代表 {len(board.excellent)} 名。", waits=True)


STEPS: dict[Stage, Callable[[Board], Next]] = {
    Stage.DRAFT: _draft,
    Stage.MEETING: _meeting,
    Stage.CONFIRM: _confirm,
    Stage.NOTICE: _notice,
    Stage.FILING: _filing,
    Stage.DONE: _done,
}
