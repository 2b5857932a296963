"""The timeline of an issue: every step, the newest first."""

from django.utils import timezone

from accounts.masking import mask_text
from accounts.models import Post
from regions.models import Level
from sentiment.models import Action, Issue, IssueStep
from ui.figures import spoken_day
from ui.parts import Change, Event, Tone

TONES: dict[str, Tone] = {
    Action.COLLECT: "info",
    Action.RESOLVE: "ok",
    Action.CLOSE: "ok",
    Action.SEND_BACK: "warn",
    Action.REOPEN: "bad",
    Action.WITHDRAW: "warn",
}


def events_of(issue: Issue, post: Post) -> list[Event]:
    """Return the steps as the page tells them to the holder of `post`.

    Outside the village the numbers in texts are masked. What an 更正 led to is what the
    next one replaced, and of the last one what stands now.
    """
    inside = post.region.level == Level.VILLAGE
    events, now = [], (issue.topic, issue.words)
    for step in issue.steps.select_related("by").order_by("-version"):
        changes: tuple[Change, ...] = ()
        if step.original:
            before = (step.was_topic, step.original)
            changes, now = changes_of(before, now, inside=inside), before
        events.append(event_of(step, changes, inside=inside))
    return events


def event_of(step: IssueStep, changes: tuple[Change, ...], *, inside: bool) -> Event:
    """Return one step: who, in what capacity, what, in which words, until when."""
    told = [step.words if inside else mask_text(step.words)] if step.words else []
    if step.due_on and step.action in {Action.DECIDE, Action.RAISE, Action.SEND_BACK}:
        told.append(f"办理时限 {spoken_day(step.due_on)}")
    return Event(
        when=step.at,
        title=title_of(step),
        who=" · ".join(filter(None, (step.by.name if step.by else "", step.by_words))),
        text="；".join((*(one.rstrip("。；") for one in told[:-1]), *told[-1:])),
        tone=TONES.get(step.action, "off"),
        changes=changes,
    )


def changes_of(
    before: tuple[str, str], after: tuple[str, str], *, inside: bool
) -> tuple[Change, ...]:
    """Return what an 更正 replaced by what."""
    return tuple(
        Change(label, *(said if inside else mask_text(said) for said in (was, now)))
        for label, was, now in zip(("类别", "内容"), before, after, strict=True)
        if was != now
    )


def title_of(step: IssueStep) -> str:
    """Return what the step did, and the day if it was entered later."""
    title = step.get_action_display()
    if step.way and step.action in {Action.DECIDE, Action.RAISE}:
        title = step.get_way_display()
    late = step.on != timezone.localdate(step.at)
    return f"{title}（{step.on.month} 月 {step.on.day} 日）" if late else title
