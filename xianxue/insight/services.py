"""What the office writes: the words of the report."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.insight import report
from xianxue.insight.models import ReportSentence
from xianxue.kernel.access import Actor
from xianxue.kernel.commands import Refused, command, nothing_changed
from xianxue.kernel.history.records import Subject, record

LONGEST = 500


@command("insight.edit_sentence", label=gettext_lazy("修改报告文句"))
def edit_sentence(year: int, variant: str, sentence: str, *, text: str, by: Actor) -> None:
    """Set the words of a sentence for one year; the text of the release, or none, takes the change back.

    Refuses words that drop, repeat or rewrite a figure.
    """
    source = report.sources(variant)[sentence]
    words, reason = report.from_edited(source, text) if text.strip() else (source.text, None)
    if reason:
        raise Refused(reason, field="text")
    if len(words) > LONGEST:
        raise Refused(
            _("未能保存：文字有 %(length)s 个字，最多 %(most)s 个字。请缩短。")
            % {"length": len(words), "most": LONGEST},
            field="text",
        )
    at: dict[str, Any] = {"year": year, "variant": variant, "sentence": sentence}
    row = ReportSentence.objects.filter(**at).first()
    before = row.text if row else source.text
    if before == words:
        nothing_changed()
        return
    row, _is_new = ReportSentence.objects.update_or_create(**at, defaults={"text": words})
    label = _("%(year)s 年 %(sentence)s") % {"year": year, "sentence": sentence}
    record(Subject("insight.reportsentence", row.pk, label), {"text": [before, words]})
