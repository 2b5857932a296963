"""Who may fill which post: pure, so that a property test can try every triple."""

from dataclasses import dataclass

from accounts.roles import ROLES

# regions.scoping would do, but a rule imports no framework and needs two numbers.
Range = tuple[int, int]


@dataclass(frozen=True)
class Holding:
    """A post as the rule sees it: a role over a half-open range of codes."""

    role: str
    range: Range


def grant_refusal(granter: Holding, granted: Holding, level: str) -> str | None:
    """Return why `granter` may not fill the post `granted`, or None if he may.

    `level` is the level of the division the post would be in. Nobody fills a post
    that his role does not list, outside his own range, or at a level that the role
    does not belong to.
    """
    role = ROLES.get(granted.role)
    if role is None:
        return "没有这个角色。"
    if granted.role not in ROLES[granter.role].grants:
        return f"您的职务不能任命“{role.label}”。"
    if not within(granted.range, granter.range):
        return "这个地方不在您的管理范围内。"
    if role.level != level:
        return f"“{role.label}”要任在{LEVEL_NAMES[role.level]}一级。"
    return None


def within(inner: Range, outer: Range) -> bool:
    """Return whether every code of `inner` lies in `outer`."""
    return outer[0] <= inner[0] and inner[1] <= outer[1]


LEVEL_NAMES = {"city": "市", "township": "乡镇（街道）", "village": "村（社区）"}
