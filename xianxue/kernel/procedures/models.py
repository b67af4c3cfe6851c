"""Matters under way: where each stands, who is party to it, who must act until when, and who did what."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.access import Reach
from xianxue.kernel.access.models import ReachModel
from xianxue.kernel.crypto import SealedTextField
from xianxue.kernel.procedures.declaration import Procedure, State, get

SUBJECT_TYPE = "procedures.matter"
"""Subject of a matter's events and papers."""
TITLE_LENGTH = 120


class Matter(ReachModel):
    """One run of a procedure (办件). Written by the steps' commands alone.

    `title` names what it is about; `unit_id` is the unit that started it, to which it is counted; `steps_done` counts the steps, so that a page knows whether it is out of date.
    The accepting clock ends at `accepted_on`, the finishing clock at `finished_on`; `paused_on` is set while it stands.
    """

    procedure = models.CharField(_("流程"), max_length=40)
    state = models.CharField(_("办理状态"), max_length=30)
    unit_id = models.BigIntegerField(_("发起单位编号"), null=True)
    title = models.CharField(_("事项名称"), max_length=TITLE_LENGTH)
    opening_key = models.CharField(_("提交编号"), max_length=40, null=True, blank=True, unique=True)
    steps_done = models.PositiveSmallIntegerField(_("已办步数"), default=0)
    opened_on = models.DateField(_("收件日期"))
    state_since = models.DateField(_("进入状态日期"))
    accept_due_on = models.DateField(_("受理期限"), null=True, blank=True)
    accepted_on = models.DateField(_("受理日期"), null=True, blank=True)
    finish_due_on = models.DateField(_("办结期限"), null=True, blank=True)
    finished_on = models.DateField(_("办结日期"), null=True, blank=True)
    paused_on = models.DateField(_("暂停计时日期"), null=True, blank=True)

    class Meta(ReachModel.Meta):
        verbose_name = verbose_name_plural = _("办件")
        indexes = (
            models.Index(fields=("procedure", "state"), name="matter_by_state"),
            models.Index(fields=("unit_id", "procedure"), name="matters_started_by_unit"),
            models.Index(fields=("finish_due_on",), condition=Q(finished_on__isnull=True), name="matter_open_by_limit"),
        )

    def __str__(self) -> str:
        return self.title

    @classmethod
    def rows_in(cls, reach: Reach) -> Q:
        """Matters to which a unit reached is party, and from which it has not been released."""
        return party_in(reach, "pk")

    @property
    def declaration(self) -> type[Procedure]:
        """The procedure that it runs through."""
        return get(self.procedure)

    @property
    def current(self) -> State:
        """Its state, as declared."""
        return self.declaration.state(self.state)

    @property
    def is_open(self) -> bool:
        """Whether something remains to be done."""
        return self.finished_on is None


class Party(models.Model):
    """A unit's place in a matter: `receiving`, `county`. Once released, the unit no longer sees it."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="parties", verbose_name=_("办件"))
    place = models.CharField(_("角色"), max_length=20)
    unit_id = models.BigIntegerField(_("单位编号"))
    released_on = models.DateField(_("退出日期"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("办件参与单位")
        constraints = (models.UniqueConstraint(fields=("matter", "place"), name="one_unit_per_place"),)
        indexes = (models.Index(fields=("unit_id", "matter"), name="matters_of_unit"),)

    def __str__(self) -> str:
        return f"{self.matter_id} {self.place}"


def party_in(reach: Reach, key: str) -> Q:
    """Rows whose matter, at `key`, has an unreleased party among the units reached."""
    parties = Party.objects.filter(matter=OuterRef(key), released_on=None)
    return Q(Exists(parties.filter(reach.units.q("unit_id"))))


class MatterSubject(ReachModel):
    """What a matter is about: the model of an app's subjects derives from it.

    It says its own title and parties (`parties()`: place → unit id), and lists facts for the matter's page.
    """

    matter = models.OneToOneField(Matter, models.PROTECT, related_name="+", verbose_name=_("办件"))
    once_saved: Callable[[], object] = staticmethod(lambda: None)
    """Set by an opening step's command where rows hang on its subject: called when that has its key, in the same command."""

    class Meta(ReachModel.Meta):
        abstract = True

    @classmethod
    def rows_in(cls, reach: Reach) -> Q:
        """The subjects of matters in reach."""
        return party_in(reach, "matter_id")

    def matter_title(self) -> str:
        """Name of the matter: the person and the act."""
        raise NotImplementedError

    def parties(self) -> dict[str, int]:
        """The unit at each place; places that the matter does not have are left out."""
        raise NotImplementedError

    def facts(self) -> list[tuple[Any, str]]:
        """What the matter's page and its printed record state: (label, text), masked where it must be."""
        return []

    def persons_concerned(self) -> Collection[int]:
        """Keys of the persons of the register whose own doing is judged: they do no step that is `not_concerned`."""
        return ()

    def related_matters(self) -> Sequence[int]:
        """Keys of other matters without which this one cannot be understood: a decision's meetings.

        Their events and files go into its evidence, as far as the reader may see them.
        """
        return ()

    def evidence_subjects(self) -> Sequence[tuple[str, int]]:
        """(type, key) of rows whose events belong to the matter's evidence although no step of it wrote them."""
        return ()


class OneOpenSubject(MatterSubject):
    """A subject of which there is one open matter at a time: one transfer a child, one case a school.

    `is_open` is kept by the kernel, true until the matter is finished. The model's own constraint says what “the same”
    is, and in which words a second one is refused: `UniqueConstraint(fields=("pupil",), condition=Q(is_open=True), …)`.
    """

    is_open = models.BooleanField(_("是否在办"), default=True)

    class Meta(MatterSubject.Meta):
        abstract = True


class Todo(models.Model):
    """A party that must act now, until when; made anew whenever the matter moves."""

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="todos", verbose_name=_("办件"))
    place = models.CharField(_("角色"), max_length=20)
    unit_id = models.BigIntegerField(_("单位编号"))
    since_on = models.DateField(_("开始日期"))
    due_on = models.DateField(_("办理期限"), null=True, blank=True)
    reminded_on = models.DateField(_("提醒日期"), null=True, blank=True)
    reminded_stage = models.PositiveSmallIntegerField(_("提醒次序"), default=0)
    escalated_on = models.DateField(_("上报日期"), null=True, blank=True)
    escalated_level = models.PositiveSmallIntegerField(_("上报层级"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("待办")
        constraints = (models.UniqueConstraint(fields=("matter", "place"), name="one_todo_per_place"),)
        indexes = (models.Index(fields=("unit_id", "due_on"), name="todos_of_unit"),)

    def __str__(self) -> str:
        return f"{self.matter_id} {self.place}"


class LapsedTodo(models.Model):
    """A to-do that was late when another party's act took it away: what was late on a past day stays known."""

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="lapsed", verbose_name=_("办件"))
    place = models.CharField(_("角色"), max_length=20)
    unit_id = models.BigIntegerField(_("单位编号"))
    due_on = models.DateField(_("办理期限"))
    ended_on = models.DateField(_("结束日期"))

    class Meta:
        verbose_name = verbose_name_plural = _("逾期未办即结束的待办")

    def __str__(self) -> str:
        return f"{self.matter_id} {self.place}"


class StepRecord(models.Model):
    """A step that was done: by whom, in whose stead, when, whether in time. Never changed.

    The log's events from `first_seq` to `event_seq` are all that the step's command wrote: they make the matter's pack.
    """

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="records", verbose_name=_("办件"))
    number = models.PositiveSmallIntegerField(_("步次"))
    step = models.CharField(_("步骤"), max_length=30)
    from_state = models.CharField(_("原状态"), max_length=30, blank=True)
    to_state = models.CharField(_("新状态"), max_length=30)
    done_at = models.DateTimeField(_("办理时间"))
    user_id = models.BigIntegerField(_("办理人编号"), null=True)
    actor = models.CharField(_("办理人"), max_length=60)
    for_user_id = models.BigIntegerField(_("委托人编号"), null=True)
    for_actor = models.CharField(_("委托人"), max_length=60, blank=True)
    place = models.CharField(_("角色"), max_length=20)
    unit_id = models.BigIntegerField(_("单位编号"), null=True)
    note = SealedTextField(_("意见"), blank=True)
    due_on = models.DateField(_("办理期限"), null=True)
    first_seq = models.BigIntegerField(_("首条留痕序号"))
    event_seq = models.BigIntegerField(_("留痕序号"))

    class Meta:
        verbose_name = verbose_name_plural = _("办理记录")
        constraints = (models.UniqueConstraint(fields=("matter", "number"), name="one_record_per_number"),)
        indexes = (models.Index(fields=("user_id", "number"), name="records_of_person"),)

    def __str__(self) -> str:
        return f"{self.matter_id} {self.number} {self.step}"

    @property
    def was_late(self) -> bool:
        """Whether the step was done after its limit; a step without a limit never is."""
        return self.due_on is not None and timezone.localdate(self.done_at) > self.due_on


class Clock(models.TextChoices):
    """Which limit of a matter is meant."""

    STEP = "step", _("本步办理期限")
    FINISH = "finish", _("办结期限")


class Extension(models.Model):
    """A limit that was put off, by whom, why, until when. Never changed."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="extensions", verbose_name=_("办件"))
    number = models.PositiveSmallIntegerField(_("延期次序"))
    clock = models.CharField(_("延长的期限"), max_length=6, choices=Clock)
    old_due_on = models.DateField(_("原期限"))
    new_due_on = models.DateField(_("新期限"))
    reason = SealedTextField(_("延期理由"))
    done_at = models.DateTimeField(_("延期时间"))
    user_id = models.BigIntegerField(_("延期人编号"), null=True)
    actor = models.CharField(_("延期人"), max_length=60)
    for_actor = models.CharField(_("委托人"), max_length=60, blank=True)
    event_seq = models.BigIntegerField(_("留痕序号"))

    class Meta:
        verbose_name = verbose_name_plural = _("办件延期")
        constraints = (models.UniqueConstraint(fields=("matter", "number"), name="one_extension_per_number"),)

    def __str__(self) -> str:
        return f"{self.matter_id} {self.new_due_on}"


class Notice(models.Model):
    """A message inside the application, to one person or to those who hold a role over a unit (站内通知).

    One about a `matter` is read only by those who see the matter, and goes when the matter moves on. `roles` are codes between bars, `|head|registrar|`. Who opens it first marks it as seen, for all it is addressed to.
    """

    matter = models.ForeignKey(
        Matter, models.CASCADE, null=True, blank=True, related_name="notices", verbose_name=_("办件")
    )
    user_id = models.BigIntegerField(_("收件人编号"), null=True)
    roles = models.CharField(_("收件角色"), max_length=200, blank=True)
    unit_id = models.BigIntegerField(_("收件单位编号"), null=True)
    tone = models.CharField(_("语气"), max_length=6, default="now")
    text = models.CharField(_("内容"), max_length=200)
    href = models.CharField(_("链接"), max_length=200, blank=True)
    at = models.DateTimeField(_("发出时间"))
    seen_at = models.DateTimeField(_("查看时间"), null=True)
    seen_by = models.CharField(_("查看人"), max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("站内通知")
        constraints = (
            models.CheckConstraint(
                condition=Q(user_id__isnull=False) | (~Q(roles="") & Q(unit_id__isnull=False)),
                name="notice_has_somebody_to_read_it",
            ),
        )
        indexes = (
            models.Index(fields=("unit_id",), condition=Q(seen_at__isnull=True), name="unseen_notices_of_unit"),
            models.Index(fields=("user_id",), condition=Q(seen_at__isnull=True), name="unseen_notices_of_person"),
        )

    def __str__(self) -> str:
        return self.text
