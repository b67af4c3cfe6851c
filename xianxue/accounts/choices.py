"""Roles: what a posting lets a person do; the units say where."""

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
    SYSTEM_ADMIN = "system_admin", _("系统管理员")
