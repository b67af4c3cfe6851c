"""Restricted facts on the pages of an import: what a row would change tells what the record holds."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from xianxue.kernel import restricted
from xianxue.kernel.access import current_reach
from xianxue.kernel.restricted.selectors import open_anywhere
from xianxue.kernel.restricted.services import note_read
from xianxue.kernel.sheets.choices import Outcome
from xianxue.kernel.sheets.models import ImportJob
from xianxue.kernel.sheets.sheet import Sheet


def closed_columns(sheet: Sheet) -> set[str]:
    """Names of the restricted columns whose domain the person now acting has not opened."""
    domains = {column.domain for column in sheet.columns if column.domain}
    closed = {domain for domain in domains if open_anywhere(domain) is None}
    return {column.name for column in sheet.columns if column.domain in closed}


def open_cells(job: ImportJob, sheet: Sheet) -> Mapping[str, int]:
    """How many changed cells of each column may be shown."""
    closed, counts = closed_columns(sheet), job.counts.get("by_column", {})
    return {name: count for name, count in counts.items() if name not in closed}


def domains_of(job: ImportJob, sheet: Sheet) -> list[str]:
    """The restricted domains of which the file compares values with records that exist; none while all its rows are new."""
    if not job.count(Outcome.SAME) + job.count(Outcome.CHANGED):
        return []
    return sorted({sheet.by_name[name].domain for name in job.layout_of("mapping", {})} - {""})


def way_in(job: ImportJob, sheet: Sheet, following: str) -> str | None:
    """Where the purpose is named before the rows are shown; "" for whoever has no grant; None where nothing is closed."""
    closed = [code for code in domains_of(job, sheet) if open_anywhere(code) is None]
    if not closed:
        return None
    if not restricted.get(closed[0]).scope(current_reach()):
        return ""
    return f"{reverse('restricted-open', args=(closed[0],))}?{urlencode({'next': following})}"


def note_looked_at(job: ImportJob, sheet: Sheet) -> None:
    """Keep that the comparison with restricted facts was looked at."""
    people = job.count(Outcome.SAME) + job.count(Outcome.CHANGED)
    for code in domains_of(job, sheet):
        opening = open_anywhere(code)
        if opening is not None:
            what = _("核对导入 %(number)s 与登记的差别") % {"number": job.pk}
            note_read(opening, None, what=what, unit_id=job.unit_id, people=people)
