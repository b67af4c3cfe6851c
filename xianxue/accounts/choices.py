"""Roles: what a posting lets a person do; the units say where. And the words of sign-in."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """Roles of this release; what each may do is printed from the declarations on the permissions page."""

    DIRECTOR = "director", _("局长")
    COUNTY_OFFICER = "county_officer", _("局学籍管理")
    AID_OFFICER = "aid_officer", _("资助中心")
    PROJECT_OFFICER = "project_officer", _("项目办")
    AUDITOR = "auditor", _("审计监督")
    HEAD = "head", _("校长")
    REGISTRAR = "registrar", _("学籍管理员")
    CLASS_TEACHER = "class_teacher", _("班主任")
    SECRETARY = "secretary", _("书记")
    MEMBER = "member", _("班子成员")
    RECORDER = "recorder", _("会议记录人")
    INSPECTOR = "inspector", _("纪检委员")
    DECISIONS_OFFICER = "decisions_officer", _("局三重一大监管")
    DISCIPLINE = "discipline", _("派驻纪检组")
    SYSTEM_ADMIN = "system_admin", _("系统管理员")
    SECURITY_ADMIN = "security_admin", _("安全管理员")
    AUDIT_ADMIN = "audit_admin", _("审计管理员")


# GB/T 22239-2019, level 3: system, security and audit are managed by three different people.
ADMINISTRATORS = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)
# Given, and their second factor taken off, by two people: the administrators, and the director, who is the other of the two.
TWO_PERSON_ROLES = (*ADMINISTRATORS, Role.DIRECTOR)
CONFIRMERS = (Role.SECURITY_ADMIN, Role.DIRECTOR)


class RequestKind(models.TextChoices):
    """What one administrator asks for and another person must confirm."""

    ROLE = "role", _("授予角色")
    PASSWORD = "password", _("重置管理员或局长的密码")
    FACTOR = "factor", _("解除管理员或局长的动态口令")


class SignInWay(models.TextChoices):
    """By which means a session was opened."""

    PASSWORD = "password", _("密码")
    CODE = "code", _("密码和动态口令")
    RECOVERY = "recovery", _("密码和恢复码")
    PROVIDER = "provider", _("统一身份认证")
    DEMO = "demo", _("演示")


class SignOutReason(models.TextChoices):
    """Why a session ended."""

    SIGNED_OUT = "signed_out", _("本人退出")
    ENDED_ELSEWHERE = "ended_elsewhere", _("本人在别处退出")
    ADMINISTRATOR = "administrator", _("安全管理员结束")
    IDLE = "idle", _("久未操作")
    TOO_LONG = "too_long", _("超过最长时间")
    PASSWORD = "password", _("密码已变")
    FACTOR = "factor", _("动态口令已变")
    SWITCHED_OFF = "switched_off", _("账号停用")
    POSTING_ENDED = "posting_ended", _("授权结束")
    REPLACED = "replaced", _("换了会话")


class FailureKind(models.TextChoices):
    """At which step signing in failed."""

    PASSWORD = "password", _("用户名或密码")
    CODE = "code", _("动态口令")
    PROVIDER = "provider", _("统一身份认证")
