"""Registers of accounts: kept by the security administrator, read by the audit administrator."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from xianxue.accounts.access import ASKED, CONFIRMS, KEEPS_ACCOUNTS, READS_ACCOUNTS, READS_SIGN_INS
from xianxue.accounts.choices import FailureKind, SignInWay
from xianxue.accounts.models import AccountRequest, Delegation, Posting, SignIn, SignInFailure, User
from xianxue.accounts.selectors import postings_of
from xianxue.kernel.access import role_choices
from xianxue.kernel.columns import Column, Date, Integer, Name, Text, YesNo
from xianxue.kernel.resources import Action, Fields, History, Register, Related, choice, register
from xianxue.kernel.sheets.models import NumberMatch

POSTING_COLUMNS = (
    Column("role", _("角色"), Text(20), path="role_name"),
    Column("unit", _("单位"), Text(60), path="unit__name"),
    Column("office", _("所在科室"), Text(30)),
    Column("started_on", _("开始日期"), Date()),
    Column("ended_on", _("结束日期"), Date()),
)


@register
class UserRegister(Register):
    """People who can sign in."""

    code, model, label, counter = "users", User, _("用户"), _("人")
    system, menu_order = "accounts", 10
    columns = (
        Column("name", _("姓名"), Name()),
        Column("username", _("用户名"), Text(40)),
        Column("worker_number", _("工号"), Text(30)),
        Column("is_active", _("是否启用"), YesNo()),
        Column("must_change_password", _("须改密码"), YesNo()),
        Column("has_second_factor", _("动态口令"), YesNo()),
        Column("last_sign_in_on", _("上次登录"), Date()),
    )
    search, search_label = ("name", "username"), _("姓名、用户名")
    filters = ("is_active",)
    order = ("username",)
    view = READS_ACCOUNTS
    actions = (
        Action(_("新建用户"), "user-new", KEEPS_ACCOUNTS),
        Action(_("授予角色"), "posting-give", KEEPS_ACCOUNTS, on_row=True),
        Action(_("重置密码"), "user-password", KEEPS_ACCOUNTS, on_row=True),
        Action(_("更改姓名或工号"), "user-rename", KEEPS_ACCOUNTS, on_row=True),
        Action(_("解除动态口令"), "user-factor", KEEPS_ACCOUNTS, on_row=True),
        Action(_("结束全部登录"), "user-sessions", KEEPS_ACCOUNTS, on_row=True),
        Action(_("解除统一身份认证关联"), "user-identity", KEEPS_ACCOUNTS, on_row=True),
        Action(_("启用或停用"), "user-switch", KEEPS_ACCOUNTS, on_row=True),
    )
    panels = (
        Fields(),
        Related(title=_("任职授权"), rows=postings_of, columns=POSTING_COLUMNS, register="postings"),
        History(),
    )

    def hint(self, row: User) -> str:
        return row.username

    def shown(self, rows: "QuerySet[Any]") -> "QuerySet[Any]":
        return rows.select_related("second_factor")


@register
class PostingRegister(Register):
    """Who holds which role where, and since when."""

    code, model, label = "postings", Posting, _("任职授权")
    system, menu_order = "accounts", 20
    columns = (Column("user", _("用户"), Name(), path="user__name"), *POSTING_COLUMNS)
    search, search_label = ("user__name", "user__username", "unit__name"), _("姓名、用户名、单位")
    filters = (
        choice("role", _("角色"), "role", lambda: list(role_choices())),
        "started_on",
        "ended_on",
    )
    order = ("-started_on",)
    unit_paths = ("unit_id",)
    view = READS_ACCOUNTS
    in_search = False
    actions = (Action(_("结束授权"), "posting-end", KEEPS_ACCOUNTS, on_row=True),)

    def title(self, row: Posting) -> str:
        return f"{row.user.name} · {row.get_role_display()}"

    def shown(self, rows: "QuerySet[Any]") -> "QuerySet[Any]":
        return rows.select_related("user", "unit")


@register
class AccountRequestRegister(Register):
    """What waits for a second person, and what two people decided."""

    code, model, label, counter = "account-requests", AccountRequest, _("账号事项申请"), _("件")
    system, menu_order = "accounts", 30
    columns = (
        Column("user", _("用户"), Name(), path="user__name"),
        Column("kind", _("事项"), Text(20), path="kind_name"),
        Column("role", _("角色"), Text(20), path="role_name"),
        Column("unit", _("单位"), Text(60), path="unit__name"),
        Column("reason", _("理由"), Text(200)),
        Column("asked_by", _("申请人"), Name(), path="asked_by__name"),
        Column("asked_at", _("申请时间"), Text(20), path="asked_when"),
        Column("is_granted", _("是否同意"), YesNo()),
        Column("decided_by", _("确认人"), Name(), path="decided_by__name"),
    )
    search, search_label = ("user__name", "user__username"), _("姓名、用户名")
    filters = ("is_granted",)
    order = ("-asked_at",)
    sort_paths = {"asked_at": ("asked_at",)}
    unit_paths = ()
    view = ASKED
    in_search = False
    actions = (
        Action(_("确认"), "request-confirm", CONFIRMS, on_row=True),
        Action(_("不同意或撤回"), "request-decline", CONFIRMS, on_row=True),
    )

    def title(self, row: AccountRequest) -> str:
        return f"{row.user.name} · {row.get_kind_display()}"

    def shown(self, rows: "QuerySet[Any]") -> "QuerySet[Any]":
        return rows.select_related("user")


@register
class DelegationRegister(Register):
    """Who acts for whom, and for how long."""

    code, model, label, counter = "delegations", Delegation, _("代办委托"), _("件")
    system, menu_order = "accounts", 40
    columns = (
        Column("giver", _("委托人"), Name(), path="giver__name"),
        Column("taker", _("代办人"), Name(), path="taker__name"),
        Column("role", _("角色"), Text(20), path="posting__role_name"),
        Column("unit", _("单位"), Text(60), path="posting__unit__name"),
        Column("started_on", _("开始日期"), Date()),
        Column("ended_on", _("结束日期"), Date()),
        Column("reason", _("理由"), Text(200)),
        Column("is_recalled", _("是否收回"), YesNo()),
    )
    search, search_label = ("giver__name", "taker__name"), _("姓名")
    filters = ("started_on", "ended_on")
    order = ("-started_on",)
    unit_paths = ("posting__unit_id",)
    view = READS_ACCOUNTS
    in_search = False

    def title(self, row: Delegation) -> str:
        return f"{row.giver.name} → {row.taker.name}"

    def shown(self, rows: "QuerySet[Any]") -> "QuerySet[Any]":
        return rows.select_related("giver", "taker", "posting__unit")


@register
class SignInRegister(Register):
    """Who signed in, when, from where and by which means."""

    code, model, label, counter = "sign-ins", SignIn, _("登录记录"), _("次")
    system, menu_order = "records", 50
    columns = (
        Column("user", _("用户"), Name(), path="user__name"),
        Column("way", _("登录方式"), Text(20), path="way_name"),
        Column("agent", _("浏览器"), Text(60)),
        Column("network", _("来源网络"), Text(60)),
        Column("started_at", _("登录时间"), Text(20), path="started_when"),
        Column("last_seen_at", _("最近操作"), Text(20), path="seen_when"),
        Column("ended_at", _("退出时间"), Text(20), path="ended_when"),
        Column("end_reason", _("退出原因"), Text(20), path="end_reason_name"),
    )
    search, search_label = ("user__name", "user__username"), _("姓名、用户名")
    filters = (choice("way", _("登录方式"), "way", lambda: [(way.value, str(way.label)) for way in SignInWay]),)
    order = ("-started_at",)
    sort_paths = {"started_at": ("started_at",), "last_seen_at": ("last_seen_at",), "ended_at": ("ended_at",)}
    view = READS_SIGN_INS
    in_search = False
    panels = (Fields(),)

    def title(self, row: SignIn) -> str:
        return f"{row.user.name} {row.started_when}"

    def shown(self, rows: "QuerySet[Any]") -> "QuerySet[Any]":
        return rows.select_related("user")


@register
class SignInFailureRegister(Register):
    """Attempts to sign in that failed; the name tried is shown only where there is such a user."""

    code, model, label, counter = "sign-in-failures", SignInFailure, _("登录失败"), _("次")
    system, menu_order = "records", 60
    columns = (
        Column("at", _("时间"), Text(20), path="when"),
        Column("user", _("用户"), Name(), path="user__name"),
        Column("kind", _("失败环节"), Text(20), path="kind_name"),
        Column("network", _("来源网络"), Text(60)),
        Column("is_cleared", _("是否已解除"), YesNo()),
    )
    search, search_label = ("user__name", "user__username"), _("姓名、用户名")
    filters = (
        choice("kind", _("失败环节"), "kind", lambda: [(kind.value, str(kind.label)) for kind in FailureKind]),
        "is_cleared",
    )
    order = ("-at",)
    sort_paths = {"at": ("at",)}
    view = READS_SIGN_INS
    in_search = False
    panels = (Fields(),)

    def title(self, row: SignInFailure) -> str:
        return row.when

    def shown(self, rows: "QuerySet[Any]") -> "QuerySet[Any]":
        return rows.select_related("user")


@register
class NumberMatchRegister(Register):
    """Who was told, by the check of a form or a file, that a number is somebody's beyond his reach: trying shows here."""

    code, model, label, counter = "number-matches", NumberMatch, _("跨校核对记录"), _("条")
    system, menu_order = "records", 70
    columns = (
        Column("at", _("时间"), Text(20), path="when"),
        Column("asker", _("核对人"), Name()),
        Column("sheet", _("模板"), Text(20), path="sheet_name"),
        Column("door", _("来路"), Text(20), path="door_name"),
        Column("rows", _("核对行数"), Integer(0, 1_000_000)),
        Column("hits", _("提示行数"), Integer(0, 1_000_000)),
        Column("codes", _("提示编号"), Text(60)),
        Column("is_single", _("是否逐条填写"), YesNo()),
    )
    search, search_label = ("asker",), _("姓名")
    filters = ("is_single",)
    order = ("-at",)
    sort_paths = {"at": ("at",)}
    view = READS_ACCOUNTS
    in_search = False
    panels = (Fields(),)

    def title(self, row: NumberMatch) -> str:
        return f"{row.asker} {row.when}"
