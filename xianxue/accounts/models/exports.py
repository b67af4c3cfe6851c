"""Requests to take unmasked data out of the house."""

from typing import Any

from django.db import models
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from xianxue.accounts.models.users import User
from xianxue.kernel.procedures.models import MatterSubject
from xianxue.organisations.models import Unit


class ExportRequest(MatterSubject):
    """One list, with its conditions, that one person asks to export unmasked, for a purpose, until a day.

    `query` is the list's address without the page; an approval holds for exactly that list. `downloads` counts files.
    """

    register = models.CharField(_("登记"), max_length=40)
    register_label = models.CharField(_("登记名称"), max_length=40)
    query = models.CharField(_("名单条件"), max_length=500, blank=True)
    rows = models.PositiveIntegerField(_("行数"))
    columns = models.CharField(_("涉及内容"), max_length=300)
    purpose = models.CharField(_("导出用途"), max_length=200)
    recipient = models.CharField(_("接收单位"), max_length=100)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="export_requests", verbose_name=_("申请人"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("申请单位"))
    valid_until = models.DateField(_("有效期至"), null=True, blank=True)
    downloads = models.PositiveSmallIntegerField(_("已下载次数"), default=0)

    class Meta(MatterSubject.Meta):
        verbose_name = verbose_name_plural = _("导出申请")

    def __str__(self) -> str:
        return self.matter_title()

    def matter_title(self) -> str:
        """Who exports what."""
        return _t("%(who)s 导出%(what)s %(rows)s 行") % {
            "who": self.asked_by.name,
            "what": self.register_label,
            "rows": self.rows,
        }

    def parties(self) -> dict[str, int]:
        """The unit in whose name it is asked: its head, or the bureau's director, decides."""
        return {"unit": self.unit_id}

    def facts(self) -> list[tuple[Any, str]]:
        """What is asked for."""
        until = self.valid_until.isoformat() if self.valid_until else _t("批准后定")
        return [
            (_("名单"), f"{self.register_label}（{self.query or _t('全部')}）"),
            (_("行数"), str(self.rows)),
            (_("涉及内容"), self.columns),
            (_("导出用途"), self.purpose),
            (_("接收单位"), self.recipient),
            (_("有效期至"), until),
            (_("已下载次数"), str(self.downloads)),
        ]
