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
    ACCOUNT_VIEW = "account.view", "查看本辖区账号"
    ACCOUNT_MANAGE = "account.manage", "开设账号、任免职务、解锁和重置密码"
    ROLE_VIEW = "role.view", "查看角色权限表"
    AUDIT_VIEW = "audit.view", "查看操作日志"
    SYSTEM_VIEW = "system.view", "查看系统运行状态"
