"""Reports as they were released: never changed, never removed, so that a figure on paper can be asked about for ever.

Release, its rows and its withdrawal are append-only; triggers of the database refuse anything else.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Draft(models.Model):
    """A report that was prepared and waits for the second person.

    `content` is canonical JSON: what would be released, with `salt` for the digests of its rows. One for each year.
    """

    year = models.PositiveSmallIntegerField(
        _("年份"), unique=True, error_messages={"unique": _("未能保存：这一年的报告草稿已经有了。请打开原有的草稿。")}
    )
    content = models.TextField(_("内容"))
    salt = models.CharField(_("盐"), max_length=32)
    reason = models.CharField(_("更换原因"), max_length=300, blank=True)
    prepared_by_id = models.BigIntegerField(_("编制人编号"), null=True)
    prepared_by = models.CharField(_("编制人"), max_length=60)
    prepared_at = models.DateTimeField(_("编制时间"))
    event_seq = models.BigIntegerField(_("留痕序号"))

    class Meta:
        verbose_name = verbose_name_plural = _("待发布的报告")

    def __str__(self) -> str:
        return f"{self.year}"


class Release(models.Model):
    """A report of a year, frozen: its text, its figures with what they meant, its files, its signature.

    `body` is canonical JSON whose SHA-256 is `root`; `statement` binds the body and the files, and is what was signed.
    `supersedes` is the release whose place this one takes, for the reason in `body`.
    """

    number = models.CharField(
        _("发布编号"),
        max_length=12,
        unique=True,
        error_messages={"unique": _("未能发布：这个发布编号已经用过。请再办一次。")},
    )
    year = models.PositiveSmallIntegerField(_("年份"))
    serial = models.PositiveSmallIntegerField(_("年内序号"))
    unit_id = models.BigIntegerField(_("单位编号"), null=True)
    title = models.CharField(_("标题"), max_length=120)
    issuer = models.CharField(_("发布单位"), max_length=60)
    root = models.CharField(
        _("摘要根"),
        max_length=64,
        unique=True,
        error_messages={"unique": _("未能发布：同样的内容已经发布过。请打开原有的发布。")},
    )
    body = models.TextField(_("内容"))
    statement = models.TextField(_("签名声明"))
    docx = models.BinaryField(_("公文文件"))
    html = models.BinaryField(_("网页文件"))
    parts = models.BinaryField(_("可加分量文件"))
    key_id = models.CharField(_("签名密钥"), max_length=16)
    signature_algorithm = models.CharField(_("签名算法"), max_length=12)
    signature = models.CharField(_("签名"), max_length=128)
    salt = models.CharField(_("盐"), max_length=32)
    prepared_by = models.CharField(_("编制人"), max_length=60)
    released_by = models.CharField(_("发布人"), max_length=60)
    released_at = models.DateTimeField(_("发布时间"))
    event_seq = models.BigIntegerField(_("留痕序号"))
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="successor", verbose_name=_("替代")
    )

    class Meta:
        verbose_name = verbose_name_plural = _("已发布的报告")
        ordering = ("-year", "-serial")
        constraints = (
            models.UniqueConstraint(
                fields=("year", "serial"),
                name="one_release_per_number",
                violation_error_message=_("未能发布：这一年已有同一序号的发布。请重新打开后再办。"),
            ),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def short_root(self) -> str:
        """The first 16 hex digits of the root: what stands on the paper."""
        return self.root[:16]


class Side(models.TextChoices):
    """Which rows of a figure."""

    COUNTED = "counted", _("分子")
    DIVIDED = "divided", _("分母")


class ReleaseRows(models.Model):
    """The rows behind a released figure: keys and keyed digests (kernel/indicators/row_digests.py), nothing else."""

    release = models.ForeignKey(Release, models.PROTECT, related_name="rows", verbose_name=_("发布"))
    code = models.CharField(_("指标"), max_length=60)
    side = models.CharField(_("部分"), max_length=8, choices=Side)
    count = models.PositiveIntegerField(_("行数"))
    digests = models.BinaryField(_("行摘要"))

    class Meta:
        verbose_name = verbose_name_plural = _("发布数字的明细摘要")
        constraints = (
            models.UniqueConstraint(
                fields=("release", "code", "side"),
                name="rows_of_a_figure_once",
                violation_error_message=_("未能发布：同一个数据的明细保存了两次。请再办一次。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.release_id} {self.code}"


class Withdrawal(models.Model):
    """That a release no longer holds, and why; the release stays to be seen."""

    release = models.OneToOneField(Release, models.PROTECT, related_name="withdrawal", verbose_name=_("发布"))
    reason = models.CharField(_("撤回原因"), max_length=300)
    withdrawn_by = models.CharField(_("撤回人"), max_length=60)
    withdrawn_at = models.DateTimeField(_("撤回时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("发布撤回")

    def __str__(self) -> str:
        return f"{self.release_id}"


class ReleaseCheck(models.Model):
    """The last comparison of a release with the records: what it found, as compressed JSON, and up to which event."""

    release = models.OneToOneField(Release, models.PROTECT, related_name="check_made", verbose_name=_("发布"))
    checked_at = models.DateTimeField(_("比对时间"))
    event_seq = models.BigIntegerField(_("留痕序号"))
    same = models.PositiveIntegerField(_("相同"))
    changed = models.PositiveIntegerField(_("不符"))
    uncomputed = models.PositiveIntegerField(_("无法重算"))
    faults = models.PositiveIntegerField(_("完整性问题"))
    findings = models.BinaryField(_("比对结果"))

    class Meta:
        verbose_name = verbose_name_plural = _("发布比对")

    def __str__(self) -> str:
        return f"{self.release_id} {self.checked_at:%Y-%m-%d}"
