"""Roles: a table that a civil servant can review line by line.

Separation of duties (等保 2.0: 系统、安全、审计三权分立): the system administrator sees
no one's data, the auditor changes nothing, the leads hold the accounts.
"""

from collections.abc import Set
from dataclasses import dataclass

from accounts.permissions import Permission as P


@dataclass(frozen=True)
class Role:
    """A kind of post: where it stands, what it may do, which posts it may fill."""

    code: str
    label: str
    level: str
    permissions: frozenset[P]
    grants: frozenset[str] = frozenset()
    description: str = ""


def _role(
    code: str,
    label: str,
    level: str,
    *permissions: P,
    grants: Set[str] = frozenset(),
    description: str,
) -> Role:
    return Role(
        code, label, level, frozenset(permissions), frozenset(grants), description
    )


_SEE = (P.OVERVIEW_VIEW,)
_ROLLS = (
    P.REPRESENTATIVE_VIEW,
    P.HOUSEHOLD_VIEW,
    P.VISIT_VIEW,
    P.NOTICE_VIEW,
    P.TRAINING_VIEW,
    P.ISSUE_VIEW,
    P.TALK_VIEW,
    P.REVIEW_READ,
    P.REPORT_VIEW,
    P.RATING_VIEW,
    P.APPRAISAL_VIEW,
    P.HONOUR_VIEW,
    P.FUND_VIEW,
    P.ROLL_EXPORT,
)
_HEAR = (P.ISSUE_COLLECT, P.ISSUE_TELL)
_MEET = (P.TALK_RECORD, P.REVIEW_PREPARE)
_KEEP = (
    P.REPRESENTATIVE_EDIT,
    P.HOUSEHOLD_EDIT,
    P.BY_ELECTION_KEEP,
    P.NOTICE_KEEP,
    P.TRAINING_KEEP,
    P.SENSITIVE_REVEAL,
    P.WORKBOOK_IMPORT,
)
_APPRAISE = (P.APPRAISAL_KEEP, P.HONOUR_KEEP)
_FILE = (P.APPRAISAL_FILE, P.HONOUR_KEEP, P.DEMONSTRATION_KEEP)
_DESK = (P.VISIT_RECORD, P.VISIT_DESK)
_RATE = (P.RATING_RECORD, P.RATING_KEEP)
_LEAD = (P.ACCOUNT_VIEW, P.ACCOUNT_MANAGE)

_VILLAGE = {"village_clerk", "representative"}
_TOWNSHIP = {"township_staff", "village_secretary", *_VILLAGE}
_CITY = {"city_staff", "auditor", "township_lead", *_TOWNSHIP}

ROLES: dict[str, Role] = {
    role.code: role
    for role in (
        _role(
            "representative",
            "村（居）民代表",
            "village",
            *_SEE,
            P.VISIT_VIEW,
            P.VISIT_RECORD,
            P.ISSUE_VIEW,
            *_HEAR,
            P.TALK_VIEW,
            P.TALK_RECORD,
            P.RATING_RECORD,
            P.APPRAISAL_OWN,
            P.SUBSIDY_OWN,
            P.TRAINING_OWN,
            description="联系分给自己的户，记录走访，把办理结果告诉群众。只看得到自己联系的户。",
        ),
        _role(
            "village_clerk",
            "村（社区）文书",
            "village",
            *_SEE,
            *_ROLLS,
            *_KEEP,
            *_DESK,
            *_HEAR,
            P.ISSUE_HANDLE,
            *_MEET,
            *_RATE,
            *_APPRAISE,
            P.FUND_KEEP,
            description="替代表录入、维护本村名册。",
        ),
        _role(
            "village_secretary",
            "村（社区）党组织书记",
            "village",
            *_SEE,
            *_ROLLS,
            *_KEEP,
            *_DESK,
            *_HEAR,
            P.ISSUE_HANDLE,
            *_MEET,
            *_RATE,
            P.RATING_CONFIRM,
            P.SCHEME_MANAGE,
            P.REVIEW_HOLD,
            *_APPRAISE,
            P.GROWTH_KEEP,
            P.FUND_KEEP,
            P.FUND_CHECK,
            P.ROLL_EXPORT_FULL,
            *_LEAD,
            grants=_VILLAGE,
            description="主持本村代表工作和民情分析会，给代表和文书开账号。",
        ),
        _role(
            "township_staff",
            "乡镇（街道）经办人员",
            "township",
            *_SEE,
            *_ROLLS,
            *_KEEP,
            P.MESSAGE_SEND,
            P.BY_ELECTION_REVIEW,
            P.ISSUE_ANSWER_TOWNSHIP,
            P.REVIEW_RETURN,
            P.RATING_FILE,
            P.SCHEME_MANAGE,
            *_FILE,
            description="办理补选和培训、导入名册、催办。",
        ),
        _role(
            "township_lead",
            "乡镇（街道）负责人",
            "township",
            *_SEE,
            *_ROLLS,
            *_KEEP,
            P.MESSAGE_SEND,
            P.BY_ELECTION_REVIEW,
            P.ISSUE_ANSWER_TOWNSHIP,
            P.REVIEW_RETURN,
            P.RATING_FILE,
            P.SCHEME_MANAGE,
            *_FILE,
            P.GROWTH_KEEP,
            P.ROLL_EXPORT_FULL,
            P.TENANT_EXPORT,
            P.INHERITED_VIEW,
            *_LEAD,
            P.TOKEN_MANAGE,
            grants=_TOWNSHIP,
            description="经办人员的全部权限，并给村里和本镇人员开账号。",
        ),
        _role(
            "city_staff",
            "市民政局经办人员",
            "city",
            *_SEE,
            *_ROLLS,
            P.MESSAGE_SEND,
            P.TRAINING_KEEP,
            P.ISSUE_ANSWER_CITY,
            P.CATEGORY_MANAGE,
            P.POLICY_MANAGE,
            P.TOPIC_MANAGE,
            P.SCHEME_MANAGE,
            P.APPRAISAL_PLAN,
            P.FUND_ALLOT,
            description="查看全市情况、导出报表、维护全市规则。",
        ),
        _role(
            "city_lead",
            "市民政局负责人",
            "city",
            *_SEE,
            *_ROLLS,
            P.SENSITIVE_REVEAL,
            P.ROLL_EXPORT_FULL,
            P.TENANT_EXPORT,
            P.INHERITED_VIEW,
            P.MESSAGE_SEND,
            P.TRAINING_KEEP,
            P.ISSUE_ANSWER_CITY,
            P.CATEGORY_MANAGE,
            P.POLICY_MANAGE,
            P.TOPIC_MANAGE,
            P.SCHEME_MANAGE,
            P.APPRAISAL_PLAN,
            P.FUND_ALLOT,
            *_LEAD,
            P.TOKEN_MANAGE,
            P.ROLE_VIEW,
            P.AUDIT_VIEW,
            grants=_CITY,
            description="经办人员的全部权限，并给乡镇开账号、查看操作日志和权限表。",
        ),
        _role(
            "auditor",
            "审计人员",
            "city",
            P.AUDIT_VIEW,
            P.INHERITED_VIEW,
            P.ROLE_VIEW,
            description="只看操作日志和权限表，不能改动任何内容。",
        ),
        _role(
            "system_admin",
            "系统管理员",
            "city",
            P.SYSTEM_VIEW,
            description="只看系统运行状态，看不到群众和代表的资料。由部署人员用命令开设。",
        ),
    )
}
