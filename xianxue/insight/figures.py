"""Figures and report for the command line: computed from the records as they are now."""

from pathlib import Path
from typing import Any

from xianxue.insight import report
from xianxue.insight.selectors import as_row, figures_in_order, stated
from xianxue.kernel.access import system_actor
from xianxue.kernel.documents import article, docx_bytes
from xianxue.kernel.indicators.services import compute


def figures_json(year: int) -> list[dict[str, Any]]:
    """Every figure of the catalogue, in order: id, label, value, unit, period, rows, status.

    `status` is `computed` or `no_records`; `value` is null exactly with the second. Recomputes the year first.
    """
    _refresh(year)
    return [as_row(item, year) for item in figures_in_order(stated(year))]


def write_report(year: int, out: Path) -> None:
    """Write the year's report: an official paper (.docx), or the article for the county's readers (.html)."""
    _refresh(year)
    if out.suffix == ".html":
        out.write_text(str(article(report.document(year, report.ARTICLE))), encoding="utf-8")
    else:
        out.write_bytes(docx_bytes(report.document(year, report.REPORT), base_url=report.base_url()))


def _refresh(year: int) -> None:
    # The year before as well: figures are compared with it.
    for wanted in (year - 1, year):
        compute(wanted, by=system_actor("cli"))
