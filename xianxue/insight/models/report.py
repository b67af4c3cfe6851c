"""The words of a year's report where the office changed them; the figures in them are computed, never stored here."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Variant(models.TextChoices):
    """The two forms of the report."""

    REPORT = "report", _("工作报告")
    ARTICLE = "article", _("公众号文章")


class ReportSentence(models.Model):
    """One sentence of one year's report as the office wrote it; without a row the text of this release stands.

    `text` holds the codes of figures in braces, with their formats, as the release does.
    """

    year = models.PositiveSmallIntegerField(_("年份"))
    variant = models.CharField(_("文稿"), max_length=8, choices=Variant)
    sentence = models.CharField(_("句子"), max_length=60)
    text = models.TextField(_("文字"))

    class Meta:
        verbose_name = verbose_name_plural = _("报告文句")
        constraints = (
            models.UniqueConstraint(
                fields=("year", "variant", "sentence"),
                name="one_text_per_sentence",
                violation_error_message=_("未能保存：这一句刚刚由别人改过。请重新打开，核对后再改。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.year} {self.sentence}"
