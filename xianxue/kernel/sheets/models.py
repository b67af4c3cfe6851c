"""Imports: what was sent, by whom, where it stands. Rows and cells are in sealed files, not here."""

from typing import Any

from django.db import models
from django.utils.timezone import localtime
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.sheets import sheet as registry
from xianxue.kernel.sheets.choices import BEFORE_CHECK, MOVING, State


class ImportBatch(models.Model):
    """One sending of one or many files."""

    sender_id = models.BigIntegerField(_("发送人编号"), null=True, db_index=True)
    sender = models.CharField(_("发送人"), max_length=60)
    created_at = models.DateTimeField(_("收到时间"), auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = _("导入批次")

    def __str__(self) -> str:
        return f"{self.pk} {self.sender}"


class ImportJob(models.Model):
    """One file on its way in.

    `applied_through` is the last row of the sheet whose chunk was committed, written in the same transaction as the rows;
    `undone_through` likewise the last event reversed. Row numbers are those of the sender's sheet.
    `weight` is how many cells there are at most: an estimate until the file is read.
    """

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="jobs", verbose_name=_("批次"))
    sheet = models.CharField(_("模板"), max_length=40, blank=True)
    file_name = models.CharField(_("文件名"), max_length=200)
    file_sha256 = models.CharField(_("文件摘要"), max_length=64, db_index=True)
    file_size = models.BigIntegerField(_("文件大小"))
    weight = models.BigIntegerField(_("最多有多少格"), default=0)
    sender_id = models.BigIntegerField(_("发送人编号"), null=True, db_index=True)
    sender = models.CharField(_("发送人"), max_length=60)
    via = models.CharField(_("来路"), max_length=20, default="page")
    unit_id = models.BigIntegerField(_("所属机构编号"), null=True)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.RECEIVED, db_index=True)
    reason = models.TextField(_("原因"), blank=True)
    layout = models.JSONField(_("版式"), default=dict)
    options = models.JSONField(_("选项"), default=dict)
    mends = models.JSONField(_("改正"), default=list)
    counts = models.JSONField(_("行数"), default=dict)
    problems = models.JSONField(_("问题"), default=list)
    notes = models.JSONField(_("提示"), default=list)
    timings = models.JSONField(_("用时"), default=dict)
    progress = models.BigIntegerField(_("已处理"), default=0)
    progress_total = models.BigIntegerField(_("共需处理"), default=0)
    applied_through = models.BigIntegerField(_("已写到第几行"), default=0)
    closed_through = models.BigIntegerField(_("已办到哪条不在表中的记录"), default=0)
    undone_through = models.BigIntegerField(_("已撤到第几条"), default=0)
    late = models.JSONField(_("写入或撤销时未办成的"), default=list)
    starts = models.PositiveSmallIntegerField(_("开始检查的次数"), default=0)
    cancel_asked = models.BooleanField(_("已请求取消"), default=False)
    actor_id = models.BigIntegerField(_("写入人编号"), null=True)
    actor = models.CharField(_("写入人"), max_length=60, blank=True)
    confirmed_by_id = models.BigIntegerField(_("复核人编号"), null=True)
    confirmed_by = models.CharField(_("复核人"), max_length=60, blank=True)
    same_as = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+", verbose_name=_("相同文件的任务"))
    created_at = models.DateTimeField(_("收到时间"), auto_now_add=True)
    updated_at = models.DateTimeField(_("更新时间"), auto_now=True)
    applied_at = models.DateTimeField(_("写入时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("导入任务")
        indexes = (models.Index(fields=("sender_id", "-id"), name="import_of_sender"),)

    def __str__(self) -> str:
        return f"{self.pk} {self.file_name}"

    @property
    def door(self) -> str:
        """The door under which the history names this import."""
        return f"import:{self.pk}"

    @property
    def is_moving(self) -> bool:
        """Whether a worker has it in hand, or should have."""
        return self.state in MOVING

    @property
    def is_checked(self) -> bool:
        """Whether there is a result to look at."""
        return self.state not in (*BEFORE_CHECK, State.FAILED) and bool(self.counts)

    def count(self, name: str) -> int:
        """A number of `counts`; 0 where it was not counted."""
        return int(self.counts.get(name, 0))

    def option(self, name: str) -> str:
        """One of the sender's choices; empty where none was made."""
        return str(self.options.get(name, ""))

    def layout_of(self, name: str, default: Any = None) -> Any:
        """What was recognised in the file."""
        return self.layout.get(name, default)


class ImportUnit(models.Model):
    """What one import does to one unit, in rows; also says whose import it is."""

    job = models.ForeignKey(ImportJob, models.CASCADE, related_name="units", verbose_name=_("导入任务"))
    unit_id = models.BigIntegerField(_("机构编号"), db_index=True)
    label = models.CharField(_("机构名称"), max_length=100)
    new = models.PositiveIntegerField(_("新增"), default=0)
    changed = models.PositiveIntegerField(_("变更"), default=0)
    same = models.PositiveIntegerField(_("相同"), default=0)
    wrong = models.PositiveIntegerField(_("有错"), default=0)
    missing = models.PositiveIntegerField(_("不在表中"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("各机构的差异")
        constraints = (models.UniqueConstraint(fields=("job", "unit_id"), name="one_line_per_unit_and_import"),)

    def __str__(self) -> str:
        return f"{self.job_id} {self.label}"


class SavedMapping(models.Model):
    """How a unit's earlier file with the same headings was understood."""

    unit_id = models.BigIntegerField(_("机构编号"), default=0)
    sheet = models.CharField(_("模板"), max_length=40)
    fingerprint = models.CharField(_("表头摘要"), max_length=64)
    mapping = models.JSONField(_("对应关系"), default=dict)
    updated_at = models.DateTimeField(_("更新时间"), auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = _("表头对应")
        constraints = (
            models.UniqueConstraint(fields=("unit_id", "sheet", "fingerprint"), name="one_mapping_per_headings"),
        )

    def __str__(self) -> str:
        return f"{self.sheet} {self.fingerprint[:8]}"


class SentRow(models.Model):
    """A row of a form of many rows that was written, by the key of its sending: the same sending twice writes once."""

    user_id = models.BigIntegerField(_("填写人编号"))
    key = models.UUIDField(_("发送编号"))
    record_id = models.BigIntegerField(_("记录编号"))
    at = models.DateTimeField(_("时间"), auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = _("已送达的行")
        constraints = (models.UniqueConstraint(fields=("user_id", "key"), name="one_row_per_sending"),)

    def __str__(self) -> str:
        return str(self.key)


class NumberMatch(models.Model):
    """A check told its sender that a number is somebody's whom he does not see; one line a check, without the number.

    `rows` were checked, `hits` of them told something; `subject_id` is whose number it was, where one row was typed.
    """

    at = models.DateTimeField(_("时间"), auto_now_add=True, db_index=True)
    user_id = models.BigIntegerField(_("核对人编号"))
    asker = models.CharField(_("核对人"), max_length=60)
    unit_id = models.BigIntegerField(_("单位编号"), null=True)
    sheet = models.CharField(_("模板"), max_length=40)
    door = models.CharField(_("来路"), max_length=20)
    rows = models.PositiveIntegerField(_("核对行数"))
    hits = models.PositiveIntegerField(_("提示行数"))
    codes = models.CharField(_("提示编号"), max_length=60)
    subject_id = models.BigIntegerField(_("对象编号"), null=True)
    is_single = models.BooleanField(_("是否逐条填写"), default=True)

    class Meta:
        verbose_name = verbose_name_plural = _("跨校核对记录")
        indexes = (models.Index(fields=("user_id", "at"), name="matches_of_person"),)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.asker}"

    @property
    def when(self) -> str:
        """When it was told, in China, to the minute."""
        return f"{localtime(self.at):%Y-%m-%d %H:%M}"

    @property
    def sheet_name(self) -> str:
        """What was checked, in words."""
        return str(registry.get(self.sheet).label)

    @property
    def door_name(self) -> str:
        """How the rows came, in words."""
        kind, _colon, number = self.door.partition(":")
        names = {"import": _t("导入 %(number)s"), "api": _t("接口令牌 %(number)s")}
        return names.get(kind, _t("填表")) % {"number": number}
