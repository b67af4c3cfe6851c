"""Files by their content, and what they are attached to."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.crypto import SealedTextField


class StoredFile(models.Model):
    """One content; the bytes are in the data folder under their SHA-256. Rows are never changed."""

    sha256 = models.CharField(_("SHA-256 摘要"), max_length=64, unique=True)
    sm3 = models.CharField(_("SM3 摘要"), max_length=64)
    size = models.BigIntegerField(_("大小（字节）"))
    media_type = models.CharField(_("文件类型"), max_length=100)
    created_at = models.DateTimeField(_("存入时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("文件")

    def __str__(self) -> str:
        return self.sha256


class Attachment(models.Model):
    """A file as paper of one record. Rows are never changed: a newer paper is another attachment.

    `event_seq` is the event of the history that carries the file's hashes.
    """

    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="attachments", verbose_name=_("文件"))
    subject_type = models.CharField(_("对象类别"), max_length=40)
    subject_id = models.BigIntegerField(_("对象编号"))
    kind = models.CharField(_("材料类别"), max_length=40)
    name = SealedTextField(_("文件名"))
    unit_id = models.BigIntegerField(_("单位编号"), null=True)
    attached_by_id = models.BigIntegerField(_("上传人编号"), null=True)
    at = models.DateTimeField(_("上传时间"))
    event_seq = models.BigIntegerField(_("留痕序号"), unique=True)

    class Meta:
        verbose_name = verbose_name_plural = _("附件")
        indexes = (models.Index(fields=("subject_type", "subject_id"), name="attachment_of_subject"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.file_id}"


class HeldUpload(models.Model):
    """A file that came with a form which went back to its sender: kept for the next try, for that person and form alone.

    `form` says which form it was, `kind` for which of its fields. The bytes are in the store; no record has it yet.
    """

    user_id = models.BigIntegerField(_("上传人编号"))
    form = models.CharField(_("表单"), max_length=120)
    kind = models.CharField(_("材料类别"), max_length=40)
    name = SealedTextField(_("文件名"))
    sha256 = models.CharField(_("SHA-256 摘要"), max_length=64, db_index=True)
    at = models.DateTimeField(_("上传时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("暂存的上传文件")
        indexes = (models.Index(fields=("user_id", "form"), name="held_uploads_of_form"),)

    def __str__(self) -> str:
        return f"{self.form} {self.kind}"
