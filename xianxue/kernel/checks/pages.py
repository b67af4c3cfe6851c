"""The page of the checks of an app, as data."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from xianxue.kernel.checks.book import Book
from xianxue.kernel.checks.declaration import Suite
from xianxue.kernel.checks.tallies import Tally, tallies
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


def page(suite: Suite) -> ChecksPage:
    """Every check with its gravity in the version of today, and how its findings were judged."""
    book = suite.book_of_today()
    lines = tallies(suite)
    is_grouped = any(line.check.group for line in lines)
    heads = (
        ("check", _("检查项"), False), *((("phase", str(suite.group_label), False),) if is_grouped else ()),
        ("severity", _("严重程度"), False), ("certainty", _("确定程度"), False), ("found", _("发现"), True),
        ("open", _("未了结"), True), ("confirmed", _("已认定"), True), ("dismissed", _("已排除"), True),
        ("gone", _("自行消失"), True), ("noise", _("排除率"), True),
    )  # fmt: skip
    rows = [_row(suite, line, book, is_grouped=is_grouped) for line in lines]
    columns = [HeadCell(name, label, numeric=numeric) for name, label, numeric in heads]
    return ChecksPage(
        title=_("检查项"),
        sub=str(suite.about_page) % {"version": book.version, "count": len(rows)},
        table=TableView(columns, rows, len(rows), label=_("检查项"), empty_title=_("没有检查项")),
    )


def _row(suite: Suite, line: Tally, book: Book, *, is_grouped: bool) -> Row:
    check, setting = line.check, book.checks.get(line.check.code)
    is_on = setting is not None and setting.is_on
    severity = setting.severity if setting else check.severity
    state = (
        Cell(str(severity.label), "pill", tone=TONES[severity]) if is_on else Cell(_("已停用"), "pill", tone="quiet")
    )
    counts = (line.found, line.open, line.confirmed, line.dismissed, line.gone)
    cells = [
        Cell(f"{check.code} {check.label}", title=str(check.basis)),
        *([Cell(check.group)] if is_grouped else []),
        state,
        Cell(str(check.certainty.label)),
        *(Cell(formats.grouped(count) if count else "", "number") for count in counts),
        _noise(line),
    ]
    is_listed = line.found and suite.findings
    address = f"{reverse(f'{suite.findings}-list')}?{urlencode({'check': check.code})}" if is_listed else ""
    return Row(cells, href=address)


def _noise(line: Tally) -> Cell:
    if line.noise is None:
        return Cell("", "number")
    text = f"{line.noise}%"
    if line.noise >= NOISY and line.confirmed + line.dismissed >= ENOUGH:
        return Cell(text, "pill", tone="due")
    return Cell(text, "number")
