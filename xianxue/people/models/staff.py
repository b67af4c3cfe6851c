"""Those who work at the schools: their posts with their dates, their papers."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.access import Reach
from xianxue.kernel.access.models import ReachModel
from xianxue.organisations.choices import Stage
from xianxue.organisations.models import School
from xianxue.people.choices import Post


class StaffPost(ReachModel):
    """A post at a school, with its dates, and the facts that the staff register asks for."""

    person = models.ForeignKey("people.Person", models.PROTECT, related_name="staff_posts", verbose_name=_("教职工"))
    school = models.ForeignKey(School, models.PROTECT, related_name="staff_posts", verbose_name=_("学校"))
    staff_no = models.CharField(_("工号"), max_length=20)
    post = models.CharField(_("岗位"), max_length=10, choices=Post)
    subject = models.CharField(_("任教学科"), max_length=4, blank=True)
    stage = models.CharField(_("任教学段"), max_length=12, choices=Stage, blank=True)
    is_full_time_teacher = models.BooleanField(_("是否专任教师"), default=False)
    began_work_on = models.DateField(_("参加工作日期"), null=True, blank=True)
    degree = models.CharField(_("最高学历"), max_length=4, blank=True)
    title = models.CharField(_("职称"), max_length=4, blank=True)
    started_on = models.DateField(_("来校日期"))
    ended_on = models.DateField(_("离校日期"), null=True, blank=True)

    reach_fields = ("school_id",)

    class Meta(ReachModel.Meta):
        verbose_name = verbose_name_plural = _("任职")
        constraints = (
            models.UniqueConstraint(
                fields=("school", "staff_no"),
                condition=Q(ended_on__isnull=True),
                name="one_post_per_staff_no",
                violation_error_message=_("未能保存：这所学校已有在岗人员用这个工号。请核对工号。"),
            ),
            models.UniqueConstraint(
                fields=("person", "school"),
                condition=Q(ended_on__isnull=True),
                name="one_open_post_per_school",
                violation_error_message=_(
                    "未能保存：这个人在这所学校已有在岗的任职。请先结束原有的任职，或更改原有的一条。"
                ),
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="post_ends_after_it_starts",
                violation_error_message=_("未能保存：任职的结束日期早于开始日期。请核对两个日期。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.get_post_display()}"


class Qualification(ReachModel):
    """A teacher's licence (教师资格) or other paper."""

    person = models.ForeignKey("people.Person", models.PROTECT, related_name="qualifications", verbose_name=_("教职工"))
    kind = models.CharField(_("资格种类"), max_length=4)
    subject = models.CharField(_("资格学科"), max_length=4, blank=True)
    number = models.CharField(_("资格证号"), max_length=40, blank=True)
    issued_on = models.DateField(_("发证日期"), null=True, blank=True)

    class Meta(ReachModel.Meta):
        verbose_name = verbose_name_plural = _("资格证书")
        constraints = (
            models.UniqueConstraint(
                fields=("person", "kind", "number"),
                name="one_paper_per_number",
                violation_error_message=_(
                    "未能保存：这个人已有同一种类、同一编号的证书。请核对编号，或更改原有的一条。"
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind}"

    @classmethod
    def rows_in(cls, reach: Reach) -> Q:
        """The papers of staff in reach."""
        staff = StaffPost.unguarded.filter(reach.units.q("school_id"))
        return Q(person__in=staff.order_by().values("person_id"))
