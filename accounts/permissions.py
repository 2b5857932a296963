"""What a person may do. Roles collect these; views and endpoints ask for one."""

from enum import StrEnum


class Permission(StrEnum):
    """One right, named after the thing and the verb."""

    def __new__(cls, value: str, label: str) -> "Permission":
        """Make a member whose value is stable and whose label is shown."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    label: str

    OVERVIEW_VIEW = "overview.view", "查看本辖区概况"
    REPRESENTATIVE_VIEW = "representative.view", "查看代表名册"
    REPRESENTATIVE_EDIT = "representative.edit", "登记、修改代表和席位，办理离任"
    BY_ELECTION_KEEP = "by_election.keep", "办理补选：方案、候选人、推选结果"
    BY_ELECTION_REVIEW = "by_election.review", "审核补选方案、确认摸底、办理备案"
    NOTICE_VIEW = "notice.view", "查看公示和异议"
    NOTICE_KEEP = "notice.keep", "发布、撤下公示，登记和处理异议"
    HOUSEHOLD_VIEW = "household.view", "查看联系户名册"
    HOUSEHOLD_EDIT = "household.edit", "登记、修改联系户，分配联系人"
    VISIT_VIEW = "visit.view", "查看走访记录和走访期限"
    VISIT_RECORD = "visit.record", "记录、更正、撤回走访"
    VISIT_DESK = "visit.desk", "替代表录入走访、登记免访、核实走访"
    MESSAGE_SEND = "message.send", "给村里发催办，看谁已看过"
    ISSUE_VIEW = "issue.view", "查看民情和办理经过"
    ISSUE_COLLECT = "issue.collect", "登记民情"
    ISSUE_TELL = "issue.tell", "把办理结果告诉群众，记下群众评价"
    ISSUE_HANDLE = "issue.handle", "受理、研判、办结、合并、更正本村民情"
    ISSUE_ANSWER_TOWNSHIP = "issue.answer_township", "办理、答复村里报上来的民情"
    ISSUE_ANSWER_CITY = "issue.answer_city", "办理、答复乡镇转来的民情"
    TOPIC_MANAGE = "topic.manage", "维护民情类别和办理时限"
    TALK_VIEW = "talk.view", "查看恳谈会"
    TALK_RECORD = "talk.record", "登记、更正、撤回恳谈会"
    REVIEW_READ = "review.read", "阅读民情分析会和主题党日"
    REVIEW_PREPARE = "review.prepare", "准备民情分析会，登记主题党日"
    REVIEW_HOLD = "review.hold", "提交、更正民情分析会"
    REVIEW_RETURN = "review.return", "退回村里的民情分析会"
    FUND_VIEW = "fund.view", "查看工作经费和误工补贴"
    FUND_KEEP = "fund.keep", "登记经费收支和补贴决议，编制误工补贴表"
    FUND_CHECK = "fund.check", "核对、公示、锁定误工补贴表，决定经费结转"
    FUND_ALLOT = "fund.allot", "安排各村工作经费，设定经费和补贴标准"
    SUBSIDY_OWN = "subsidy.own", "查看自己的误工补贴"
    SENSITIVE_REVEAL = "sensitive.reveal", "填写理由后查看完整号码"
    WORKBOOK_IMPORT = "workbook.import", "从表格导入名册"
    ROLL_EXPORT = "roll.export", "导出名册（号码隐去中间几位）"
    ROLL_EXPORT_FULL = "roll.export_full", "填写理由后导出含完整号码的名册"
    POLICY_MANAGE = "policy.manage", "设定走访规则"
    CATEGORY_MANAGE = "category.manage", "维护重点类别和五必访、五必记"
    ACCOUNT_VIEW = "account.view", "查看本辖区账号"
    ACCOUNT_MANAGE = "account.manage", "开设账号、任免职务、解锁和重置密码"
    ROLE_VIEW = "role.view", "查看角色权限表"
    AUDIT_VIEW = "audit.view", "查看操作日志"
    SYSTEM_VIEW = "system.view", "查看系统运行状态"
