"""Where each pupil's record stands in the national student-record system."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.access import Reach
from xianxue.kernel.access.models import ReachModel
from xianxue.people.models.enrolments import Enrolment, kept_in


class NationalRecord(ReachModel):
    """An episode's state in the national system, as somebody saw it there on a day. Ours is not the legal record.

    `state` is a code of the list `national_state`; `business_no` the number of the business under way or done there.
    """

    enrolment = models.OneToOneField(
        Enrolment,
        models.PROTECT,
        related_name="national_record",
        verbose_name=_("学籍"),
        error_messages={"unique": _("未能保存：这份学籍的全国学籍情况已经登记。请更改原有的一条。")},
    )
    state = models.CharField(_("国家系统办理状态"), max_length=2)
    business_no = models.CharField(_("国家系统业务号"), max_length=40, blank=True)
    checked_on = models.DateField(_("核对日期"))
    source = models.CharField(_("核对来源"), max_length=60, blank=True)
    remark = models.CharField(_("说明"), max_length=200, blank=True)

    class Meta(ReachModel.Meta):
        verbose_name = verbose_name_plural = _("国家系统学籍状态")
        indexes = (models.Index(fields=("state",), name="national_record_by_state"),)

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.state}"

    @classmethod
    def rows_in(cls, reach: Reach) -> Q:
        """The states of the episodes that the units reached keep."""
        return kept_in(reach.units, "enrolment__", school="enrolment__school_id", classroom="enrolment__classroom_id")
