"""Who opened a restricted domain for which purpose, who read whose facts, and emergencies to be judged."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.access import Reach
from xianxue.kernel.access.models import ReachModel
from xianxue.kernel.crypto import SealedTextField
from xianxue.kernel.restricted.declaration import get


class Verdict(models.TextChoices):
    """What an overseer found after an emergency."""

    JUSTIFIED = "justified", _("属实必要")
    UNJUSTIFIED = "unjustified", _("不当查阅")


class Opening(ReachModel):
    """A purpose named for a while; with a subject, an emergency (紧急查阅) for that one person, to be judged afterwards."""

    domain = models.CharField(_("受限领域"), max_length=20)
    user_id = models.BigIntegerField(_("查阅人编号"), db_index=True)
    reader = models.CharField(_("查阅人"), max_length=60)
    purpose = models.CharField(_("查阅目的"), max_length=20, blank=True)
    started_at = models.DateTimeField(_("开始时间"))
    until = models.DateTimeField(_("截止时间"))
    subject_type = models.CharField(_("对象类别"), max_length=40, blank=True)
    subject_id = models.BigIntegerField(_("对象编号"), null=True)
    subject_label = models.CharField(_("对象"), max_length=60, blank=True)
    unit_id = models.BigIntegerField(_("单位编号"), null=True)
    reason = SealedTextField(_("紧急理由"), blank=True)
    verdict = models.CharField(_("复核结论"), max_length=12, choices=Verdict, blank=True)
    judged_by = models.CharField(_("复核人"), max_length=60, blank=True)
    judged_at = models.DateTimeField(_("复核时间"), null=True)
    judged_note = SealedTextField(_("复核说明"), blank=True)

    class Meta(ReachModel.Meta):
        verbose_name = verbose_name_plural = _("受限查阅授权")
        constraints = (
            models.CheckConstraint(
                condition=Q(subject_id__isnull=True) | ~Q(unit_id__isnull=True), name="an_emergency_has_a_unit"
            ),
        )

    def __str__(self) -> str:
        return f"{self.domain} {self.reader}"

    @property
    def domain_shown(self) -> str:
        """The domain in words."""
        return str(get(self.domain).label)

    @property
    def started_shown(self) -> str:
        """When it began, in China."""
        return f"{localtime(self.started_at):%Y-%m-%d %H:%M}"

    @property
    def verdict_shown(self) -> str:
        """The finding in words."""
        return str(Verdict(self.verdict).label) if self.verdict else str(_("待复核"))

    @property
    def is_emergency(self) -> bool:
        """Whether the glass was broken."""
        return self.subject_id is not None

    @classmethod
    def rows_in(cls, reach: Reach) -> Q:
        """Emergencies about the units reached, and one's own openings."""
        own = Q(user_id=reach.user_id) if reach.user_id else Q(pk__in=[])
        return reach.units.q("unit_id") | own


class ReadRecord(ReachModel):
    """Somebody read something restricted about somebody: never changed, sealed into the log once a day."""

    opening = models.ForeignKey(Opening, models.PROTECT, related_name="records", verbose_name=_("受限查阅授权"))
    at = models.DateTimeField(_("查阅时间"), db_index=True)
    domain = models.CharField(_("受限领域"), max_length=20)
    user_id = models.BigIntegerField(_("查阅人编号"))
    reader = models.CharField(_("查阅人"), max_length=60)
    purpose = models.CharField(_("查阅目的"), max_length=20, blank=True)
    subject_type = models.CharField(_("对象类别"), max_length=40)
    subject_id = models.BigIntegerField(_("对象编号"), null=True)
    subject_label = models.CharField(_("对象"), max_length=60, blank=True)
    people = models.PositiveIntegerField(_("涉及人数"), default=1)
    what = models.CharField(_("查阅内容"), max_length=120)
    unit_id = models.BigIntegerField(_("单位编号"), null=True)
    is_emergency = models.BooleanField(_("是否紧急查阅"), default=False)

    reach_fields = ("unit_id",)

    class Meta(ReachModel.Meta):
        verbose_name = verbose_name_plural = _("查阅记录")
        indexes = (models.Index(fields=("subject_type", "subject_id", "at"), name="reads_of_subject"),)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.reader}"

    @property
    def domain_shown(self) -> str:
        """The domain in words."""
        return str(get(self.domain).label)

    @property
    def purpose_shown(self) -> str:
        """The purpose in words."""
        return str(_("紧急查阅")) if self.is_emergency else get(self.domain).purpose(self.purpose)

    @property
    def at_shown(self) -> str:
        """When, in China."""
        return f"{localtime(self.at):%Y-%m-%d %H:%M}"

    def canonical(self) -> dict[str, Any]:
        """What the daily seal binds."""
        return {
            "pk": self.pk,
            "at": self.at.isoformat(),
            "domain": self.domain,
            "user_id": self.user_id,
            "purpose": self.purpose,
            "subject": [self.subject_type, self.subject_id],
            "people": self.people,
            "what": self.what,
            "unit_id": self.unit_id,
            "is_emergency": self.is_emergency,
        }
