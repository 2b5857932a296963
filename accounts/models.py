"""Users, the posts they hold, and what was done by whom."""

import datetime as dt
from typing import ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.urls import reverse

from accounts.permissions import Permission
from accounts.roles import ROLES, Role
from accounts.sealing import SealedField, blind_index
from regions.models import Region, ScopedModel, inside
from regions.scoping import Scope, span

TOKEN_DAYS = 366
"""So long a token may live; then somebody looks whether it is still needed."""
NO_ONE = -1  # narrows a scope to the rows of nobody


class TextSize(models.TextChoices):
    """字号, stored per person and applied by the server."""

    STANDARD = "m", "标准"
    LARGE = "l", "大"
    LARGEST = "xl", "特大"


class UserManager(BaseUserManager["User"]):
    """Finds people by what they type at sign-in."""

    def by_login(self, typed: str) -> "User | None":
        """Return the user with this user name or phone, or None."""
        typed = typed.strip()
        matches = Q(username=typed) | Q(phone_index=blind_index(typed))
        return self.filter(matches).first()


class User(AbstractBaseUser):
    """A person who signs in. What he may do comes from his posts alone.

    Read at sign-in before any scope is known, hence outside row-level security;
    lists of users are reached through posts, which are inside it.
    """

    username = models.CharField("用户名", max_length=40, unique=True)
    name = models.CharField("姓名", max_length=30)
    phone = SealedField("手机号", kind="phone", null=True, blank=True)
    phone_index = models.CharField(max_length=64, null=True, blank=True, unique=True)
    is_active = models.BooleanField("启用", default=True)
    must_change_password = models.BooleanField("须改初始密码", default=True)
    text_size = models.CharField(
        "字号", max_length=2, choices=TextSize.choices, default=TextSize.STANDARD
    )
    created_at = models.DateTimeField("开设时间", auto_now_add=True)

    # What the door asks for; only whoever is signed in was read with it (accounts.held).
    has_factor: bool
    held: list["Post"]

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = verbose_name_plural = "账号"

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the page of this account."""
        return reverse("accounts:detail", args=[self.pk])


class PostQuerySet(models.QuerySet["Post"]):
    """Reads over posts."""

    def active(self, on: dt.date) -> Self:
        """Return the posts held on the day `on`."""
        return self.filter(Q(ended_on=None) | Q(ended_on__gt=on), started_on__lte=on)

    def unended(self, on: dt.date) -> Self:
        """Return the posts held on the day `on`, or from a day to come."""
        to_come = Q(ended_on__gt=on) & Q(ended_on__gt=F("started_on"))
        return self.filter(Q(ended_on=None) | to_come)

    def within(self, scope: Scope) -> Self:
        """Return the posts in a range; without it one's own posts elsewhere come too."""
        return inside(self, scope)


class Post(ScopedModel):
    """One user's role in one division, from one day until another (not included)."""

    user = models.ForeignKey(
        User, verbose_name="人员", on_delete=models.PROTECT, related_name="posts"
    )
    role = models.CharField("角色", max_length=20)  # a key of ROLES
    # Whose rows a representative sees: the id in `representatives`, an app above this
    # one. Without it a representative's post sees no one.
    narrowed_to = models.BigIntegerField("代表编号", null=True, blank=True)
    started_on = models.DateField("任职日期")
    ended_on = models.DateField("免职日期", null=True, blank=True)
    granted_by = models.ForeignKey(
        User,
        verbose_name="任命人",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    ended_by = models.ForeignKey(
        User,
        verbose_name="免职人",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    objects = PostQuerySet.as_manager()
    limited_to: frozenset[Permission] | None = None
    """What is left of the rights where a program acts for the holder (`Token`)."""

    class Meta:
        verbose_name = verbose_name_plural = "职务"
        indexes = [
            models.Index(fields=("region", "role"), name="accounts_post_region_role")
        ]
        constraints = [
            models.CheckConstraint(
                name="accounts_post_ends_after_start",
                condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")),
            ),
            models.CheckConstraint(
                name="accounts_post_end_has_someone",
                condition=Q(ended_on=None) | Q(ended_by__isnull=False),
            ),
            ExclusionConstraint(
                name="accounts_post_not_twice",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("region", RangeOperators.EQUAL),
                    (
                        Func(
                            "started_on",
                            "ended_on",
                            Value("[)"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region.full_name} {self.kind.label}"

    @property
    def kind(self) -> Role:
        """The role as the role table describes it."""
        return ROLES[self.role]

    def is_over(self, on: dt.date) -> bool:
        """Return whether this post is held no more from the day `on`.

        One that was ended before it began never will be.
        """
        return self.ended_on is not None and self.ended_on <= max(on, self.started_on)

    @property
    def permissions(self) -> frozenset[Permission]:
        """What this post carries."""
        held = self.kind.permissions
        return held if self.limited_to is None else held & self.limited_to

    def may(self, permission: Permission) -> bool:
        """Return whether this post carries the permission."""
        return permission in self.permissions

    def scope(self, *, request: str = "") -> Scope:
        """Return the scope that this post opens."""
        wide = span(self.region_id)
        own = (self.narrowed_to or NO_ONE) if self.role == "representative" else None
        return Scope(
            wide.lo, wide.hi, user=self.user_id, representative=own, request=request
        )


class Device(models.Model):
    """One signed-in browser of a user: what "my devices" lists and can sign out.

    Belongs to a user, not to a division: outside row-level security, read only by
    its user.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="devices")
    session_key = models.CharField(max_length=40, unique=True)
    label = models.CharField("设备", max_length=60)
    address = models.GenericIPAddressField("网络地址", null=True)
    remembered = models.BooleanField("记住此手机", default=False)
    signed_in_at = models.DateTimeField("登录时间")
    seen_at = models.DateTimeField("最近使用")

    class Meta:
        verbose_name = verbose_name_plural = "登录设备"

    def __str__(self) -> str:
        return self.label


class Token(models.Model):
    """接口令牌: lets another program read for the holder of a post, until a day.

    Found by the digest of a secret that is shown once and not kept, before a scope is
    known: outside row-level security, listed through posts. What it may read is its
    holder's range, or a division of it, and only as long as he holds the post.
    """

    name = models.CharField("用在哪里", max_length=40)
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField("末四位", max_length=4)
    user = models.ForeignKey(
        User, verbose_name="开设人", on_delete=models.PROTECT, related_name="+"
    )
    post = models.ForeignKey(
        Post, verbose_name="以何职务", on_delete=models.PROTECT, related_name="+"
    )
    place = models.ForeignKey(
        Region,
        verbose_name="能读哪里的",
        on_delete=models.PROTECT,
        db_column="place_code",
        related_name="+",
    )
    made_on = models.DateField("开设日期")
    expires_on = models.DateField("有效期到")
    used_at = models.DateTimeField("最近使用", null=True, blank=True)
    ended_at = models.DateTimeField("停用时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "接口令牌"
        constraints = [
            models.CheckConstraint(
                name="accounts_token_a_year_at_most",
                condition=Q(expires_on__gt=F("made_on"))
                & Q(expires_on__lte=F("made_on") + dt.timedelta(days=TOKEN_DAYS)),
            )
        ]

    def __str__(self) -> str:
        return self.name


class SentOnce(models.Model):
    """What a program sent under a key, or a page by itself, and what it was answered.

    Belongs to a user, who alone is answered from it: outside row-level security. Kept
    for two days, which is longer than anybody repeats a request.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    answer = models.JSONField(null=True)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "接口重复提交"
        constraints = [
            models.UniqueConstraint(fields=("user", "key"), name="accounts_sent_once")
        ]
        indexes = [models.Index(fields=("at",), name="accounts_sent_once_at")]

    def __str__(self) -> str:
        return self.key


class Action(models.TextChoices):
    """What the access log records."""

    SIGN_IN = "sign_in", "登录"
    SIGN_IN_FAILED = "sign_in_failed", "登录失败"
    LOCKED = "locked", "账号被锁定"
    SIGN_OUT = "sign_out", "退出"
    REFUSED = "refused", "被拒绝"
    REVEALED = "revealed", "查看了完整号码"
    EXPORTED = "exported", "导出"
    IMPORTED = "imported", "导入表格"
    IMPORT_UNDONE = "import_undone", "撤销导入"
    POST_SWITCHED = "post_switched", "切换职务"
    PASSWORD_CHANGED = "password_changed", "修改密码"
    PASSWORD_RESET = "password_reset", "重置密码"
    UNLOCKED = "unlocked", "解除锁定"
    ACCOUNT_OPENED = "account_opened", "开设账号"
    ACCOUNT_CORRECTED = "account_corrected", "改姓名、手机号"
    ACCOUNT_CLOSED = "account_closed", "停用账号"
    POST_GRANTED = "post_granted", "任命职务"
    POST_ENDED = "post_ended", "免去职务"
    SECOND_FACTOR = "second_factor", "设置二次验证"
    DEVICE_ENDED = "device_ended", "退出其他设备"
    POLICY_SET = "policy_set", "设定走访规则"
    URGED = "urged", "发催办"
    TOKEN_MADE = "token_made", "开设接口令牌"
    TOKEN_ENDED = "token_ended", "停用接口令牌"
    SYSTEM = "system", "系统操作"


class AccessEntry(ScopedModel):
    """One line of the access log: sign-ins, refusals, reveals, exports, grants."""

    at = models.DateTimeField("时间")
    action = models.CharField("动作", max_length=20, choices=Action.choices)
    user = models.ForeignKey(
        User, verbose_name="人员", on_delete=models.PROTECT, null=True, related_name="+"
    )
    subject = models.CharField("对象", max_length=120, blank=True)
    reason = models.CharField("理由", max_length=200, blank=True)
    path = models.CharField("地址", max_length=200, blank=True)
    address = models.GenericIPAddressField("网络地址", null=True)
    request = models.CharField("请求编号", max_length=32, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "访问日志"
        indexes = [
            models.Index(fields=("region", "-at"), name="accounts_access_region_at"),
            # The audit page of a whole city, and sealing a day, go by time alone.
            models.Index(fields=("-at", "-id"), name="accounts_access_at"),
        ]

    def __str__(self) -> str:
        return f"{self.user or '—'} {self.get_action_display()}"


class RowChange(ScopedModel):
    """One row's change, written by database trigger: bulk and raw writes included."""

    at = models.DateTimeField("时间")
    table = models.CharField("表", max_length=63)
    row = models.CharField("行", max_length=40)
    operation = models.CharField("操作", max_length=6)
    before = models.JSONField("原值", null=True)
    after = models.JSONField("新值", null=True)
    user = models.BigIntegerField("人员", null=True)
    request = models.CharField("请求编号", max_length=32)
    why = models.CharField("缘由", max_length=200)

    class Meta:
        verbose_name = verbose_name_plural = "数据变更"
        indexes = [
            models.Index(fields=("region", "-at"), name="accounts_change_region_at"),
            # The audit page of a whole city, and sealing a day, go by time alone.
            models.Index(fields=("-at", "-id"), name="accounts_change_at"),
            models.Index(fields=("table", "row"), name="accounts_change_row"),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.row} {self.operation}"


class AuditSeal(models.Model):
    """A day's audit rows, hashed onto the day before: tampering breaks the chain.

    Holds digests only and must be checked whole: outside row-level security.
    """

    day = models.DateField("日期", primary_key=True)
    rows = models.PositiveIntegerField("条数")
    digest = models.CharField("摘要", max_length=64)
    previous = models.CharField("前一日摘要", max_length=64)
    sealed_at = models.DateTimeField("封存时间")
    kept = models.CharField(
        "留下的摘要", max_length=64, blank=True, default="", db_default=""
    )
    """Of a day whose row history is past its term: the digest of what stays, the access
    log. `digest` goes on to hold the days together."""

    class Meta:
        verbose_name = verbose_name_plural = "日志封存"

    def __str__(self) -> str:
        return f"{self.day} {self.digest[:12]}"
