"""The letter of notice (提示函) as an official paper: the findings as numbered points, the demand, until when."""

from collections.abc import Iterator

from django.conf import settings
from django.utils.translation import gettext as _

from xianxue.decisions.models import Finding, NoticeLetter
from xianxue.decisions.papers import words
from xianxue.decisions.papers.proof import check_blocks
from xianxue.decisions.rules.outcomes import all_checks
from xianxue.kernel.documents import Block, Document, Heading, Paragraph, Signature, Text, written_date
from xianxue.kernel.documents.numbers import han


def letter_paper(letter: NoticeLetter) -> Document:
    """The letter in the layout of GB/T 9704—2012, with the code by which it can be checked."""
    findings = list(letter.findings.select_related("proposal").order_by("-severity", "check_code", "pk"))
    issuer = settings.BUREAU_NAME or letter.county.name
    blocks: list[Block] = [
        Paragraph((Text(f"{letter.unit.name}："),), addressee=True),
        Paragraph((Text(_opening(len(findings))),)),
        Heading(1, _("发现的问题")),
        *(_point(number, finding) for number, finding in enumerate(findings, 1)),
        Heading(1, _("工作要求")),
        *_demands(letter),
        Paragraph((Text(_deadline(letter)),)),
        Signature(),
        *check_blocks(letter.matter),
    ]
    return Document(
        title=_("关于“三重一大”决策有关问题的\n提示函"),
        issuer=issuer,
        date=letter.issued_on,
        blocks=blocks,
        doc_number=letter.number,
        masthead=issuer,
    )


def _opening(count: int) -> str:
    return _(
        "在对你校“三重一大”决策和执行情况的日常监督中，发现以下%(count)s个问题，现予提示。请对照检查，认真研究，举一反三。"
    ) % {"count": count}


def _point(number: int, finding: Finding) -> Paragraph:
    """What was found, under the name of its check, with the proposal that it is about.

    A second level, which 一、 asks for, in one paragraph with its text, as letters have it (§7.3.3).
    """
    labels = {check.code: str(check.label) for check in all_checks()}
    lead = _("（%(number)s）%(label)s。") % {
        "number": han(number),
        "label": labels.get(finding.check_code, finding.check_code),
    }
    about = ""
    if finding.proposal is not None:
        told = {"number": finding.proposal.number, "title": finding.proposal.title}
        about = _("议题%(number)s“%(title)s”：") % told
    return Paragraph((Text(lead, strong=True), Text(about + words.dated(words.sentence(finding.reason)))))


def _demands(letter: NoticeLetter) -> Iterator[Block]:
    lines = [line.strip() for line in letter.demand.splitlines() if line.strip()]
    for number, line in enumerate(lines, 1):
        lead = _("（%(number)s）") % {"number": han(number)} if len(lines) > 1 else ""
        yield Paragraph((Text(lead + words.sentence(line)),))


def _deadline(letter: NoticeLetter) -> str:
    told = {"day": written_date(letter.reply_due_on)}
    return _("请于%(day)s前书面回复：逐条说明问题的原因、整改的情况和防止再次发生的措施，并附佐证材料。") % told
