"""The page of the 25 checks as data."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from xianxue.decisions.rules.book import RuleBook
from xianxue.decisions.selectors.checks import CheckLine
from xianxue.kernel.ui import formats
from xianxue.kernel.ui.parts import Tone
from xianxue.kernel.ui.tables import Cell, HeadCell, Row, TableView

NOISY = 50
"""From so many percent dismissed on a rule is marked as noisy, once enough of its findings were judged."""
ENOUGH = 5
TONES: dict[int, Tone] = {3: "late", 2: "due", 1: "quiet"}


@dataclass(frozen=True)
class ChecksPage:
    """What the page draws."""

    title: str
    sub: str
    table: TableView


def page(lines: list[CheckLine], book: RuleBook) -> ChecksPage:
    """Every check with its gravity in the version of today, and how its findings were judged."""
    heads = (
        ("check", _("检查项"), False), ("phase", _("阶段"), False), ("severity", _("严重程度"), False),
        ("certainty", _("确定程度"), False), ("found", _("发现"), True), ("open", _("未了结"), True),
        ("confirmed", _("已认定"), True), ("dismissed", _("已排除"), True), ("gone", _("自行消失"), True),
        ("noise", _("排除率"), True),
    )  # fmt: skip
    rows = [_row(line, book) for line in lines]
    columns = [HeadCell(name, label, numeric=numeric) for name, label, numeric in heads]
    return ChecksPage(
        title=_("检查项"),
        sub=_("规则版本 %(version)s，共 %(count)s 项；排除率高的规则容易误报，请县局考虑修改。")
        % {"version": book.version, "count": len(rows)},
        table=TableView(columns, rows, len(rows), label=_("检查项"), empty_title=_("没有检查项")),
    )


def _row(line: CheckLine, book: RuleBook) -> Row:
    check, setting = line.check, book.checks.get(line.check.code)
    is_on = setting is not None and setting.is_on
    severity = setting.severity if setting else check.severity
    state = (
        Cell(str(severity.label), "pill", tone=TONES[severity]) if is_on else Cell(_("已停用"), "pill", tone="quiet")
    )
    counts = (line.found, line.open, line.confirmed, line.dismissed, line.gone)
    cells = [
        Cell(f"{check.code} {check.label}", title=str(check.basis)),
        Cell(str(check.phase.label)),
        state,
        Cell(str(check.certainty.label)),
        *(Cell(formats.grouped(count) if count else "", "number") for count in counts),
        _noise(line),
    ]
    return Row(cells, href=f"{reverse('findings-list')}?{urlencode({'check': check.code})}" if line.found else "")


def _noise(line: CheckLine) -> Cell:
    if line.noise is None:
        return Cell("", "number")
    text = f"{line.noise}%"
    if line.noise >= NOISY and line.confirmed + line.dismissed >= ENOUGH:
        return Cell(text, "pill", tone="due")
    return Cell(text, "number")
