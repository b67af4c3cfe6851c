"""Reading an import: from the sealed source to a sealed frame of text, with everything worth telling noted."""

from itertools import islice
from typing import Any, cast

import polars as pl
from django.utils.translation import gettext as _

from xianxue.kernel.columns import Reference, Referent, referents
from xianxue.kernel.commands import Refused
from xianxue.kernel.sheets import files, senders
from xianxue.kernel.sheets.models import ImportJob, SavedMapping
from xianxue.kernel.sheets.reading import guards, headings
from xianxue.kernel.sheets.reading.extent import check_extent
from xianxue.kernel.sheets.reading.recognise import Layout, Wishes, recognise, recognise_unit
from xianxue.kernel.sheets.reading.tables import read_tables, with_findings

HEADS_TOLD = 20
# Each heading without a field is a question with a choice on the page of the import.
UNKNOWN_ASKED = 100
FOOTER = r"^(合计|总计|小计|注[:：]|备注[:：]|填表人|制表人|审核人|说明[:：])"


def stage(job: ImportJob) -> None:
    """Read the source of a job: fills `sheet`, `unit_id`, `layout`, `notes` and the staged frame; saves nothing itself.

    Raises Refused with a sentence for the sender where the file cannot be read.
    """
    content = files.read(job.pk, files.SOURCE)
    guards.check_size(job.file_name, len(content))
    kind = guards.kind_of(job.file_name, content)
    if kind == "zip":
        raise Refused(_("未能导入“%(name)s”：压缩包里还有压缩包。请只打包工作簿。") % {"name": job.file_name})
    elements = check_extent(job.file_name, content) if kind == "xlsx" else 0
    tables = [with_findings(table, content, kind) for table in read_tables(job.file_name, content, kind)]
    # What takes long is every cell of every sheet, whichever is the one that is meant.
    job.weight = max(elements, sum(table.frame.height * table.width for table in tables))
    layout = recognise(job.file_name, tables, _wishes(job))
    remembered = _remembered(job, layout)
    if remembered and not job.option("mapping"):
        layout = recognise(job.file_name, tables, Wishes(layout.sheet.code, layout.table.name, remembered))
    staged, notes = _data_rows(layout)
    if not staged.height:
        raise Refused(
            _("未能导入“%(name)s”：工作表“%(table)s”只有表头，没有数据行。请填写后再发送。")
            % {"name": job.file_name, "table": layout.table.name}
        )
    files.write_frame(job.pk, files.STAGED, staged)
    job.sheet = layout.sheet.code
    job.layout = _described(layout) | {
        "kind": kind,
        "tables": [table.name for table in tables],
        "elements": elements,
    }
    job.notes = [*_findings(layout, staged), *notes]
    _find_unit(job, layout)


def _wishes(job: ImportJob) -> Wishes:
    mapping = cast("dict[str, Any]", job.options.get("mapping") or {})
    return Wishes(job.option("sheet"), job.option("table"), {name: int(place) for name, place in mapping.items()})


def _remembered(job: ImportJob, layout: Layout) -> dict[str, int]:
    """Earlier decisions about a file with the same headings, of the same sender's unit."""
    saved = SavedMapping.objects.filter(
        unit_id=_sender_unit(job), sheet=layout.sheet.code, fingerprint=headings.fingerprint(layout.heads)
    ).first()
    return dict(saved.mapping) if saved else {}


def _sender_unit(job: ImportJob) -> int:
    return int(job.options.get("sender_unit") or 0)


def remember(job: ImportJob, mapping: dict[str, int]) -> None:
    """Keep the sender's decisions for the next file with the same headings."""
    SavedMapping.objects.update_or_create(
        unit_id=_sender_unit(job),
        sheet=job.sheet,
        fingerprint=headings.fingerprint(job.layout_of("heads", [])),
        defaults={"mapping": mapping},
    )


def _data_rows(layout: Layout) -> tuple[pl.DataFrame, list[dict[str, str]]]:
    """Rows below the heads that hold anything, without totals and signatures at the end."""
    frame = layout.table.frame.slice(layout.data_from)
    cells = [name for name in frame.columns if name != "row"]
    # Cells of our own result columns do not make a row.
    places = {f"c{place}" for place in layout.results}
    filled = pl.any_horizontal(
        [pl.col(name).str.strip_chars().str.len_chars().fill_null(0) > 0 for name in cells if name not in places]
    )
    frame = frame.filter(filled)
    keys = [f"c{layout.mapping[name]}" for name in layout.sheet.key_columns if name in layout.mapping]
    keyless = pl.all_horizontal([pl.col(name).is_null() | (pl.col(name).str.strip_chars() == "") for name in keys])
    first = pl.coalesce([pl.col(name) for name in cells]).str.strip_chars()
    footers = first.str.contains(FOOTER) & (keyless | pl.col(keys[0]).str.contains(FOOTER))
    left_out = frame.filter(footers.fill_null(value=False))
    notes = []
    if left_out.height:
        rows = "、".join(str(row) for row in left_out["row"].to_list()[:10])
        notes.append(_note(_("第 %(rows)s 行像是合计或落款，没有当作数据。") % {"rows": rows}))
    return frame.filter(~footers.fill_null(value=False)), notes


def _described(layout: Layout) -> dict[str, Any]:
    frame = layout.table.frame
    return {
        "table": layout.table.name,
        "heads": list(layout.heads),
        "head_row": frame.item(layout.head_from, "row"),
        "data_row": frame.item(layout.data_from, "row"),
        "first_column": layout.table.findings.first_column,
        "mapping": dict(layout.mapping),
        "unknown": {str(place): head for place, head in islice(layout.unknown.items(), UNKNOWN_ASKED)},
        "results": layout.results,
        "hidden": len(layout.table.findings.hidden_rows),
        "formulas": layout.table.findings.formulas,
    }


def _note(text: str, tone: str = "due") -> dict[str, str]:
    return {"text": text, "tone": tone}


def _findings(layout: Layout, staged: pl.DataFrame) -> list[dict[str, str]]:
    """What the sender should know of the file before looking at its rows."""
    findings = layout.table.findings
    first = staged.item(0, "row")
    hidden = sorted({row for row in findings.hidden_rows if row >= first} & set(staged["row"].to_list()))
    notes = []
    if layout.table.is_hidden:
        notes.append(_note(_("读取的是隐藏的工作表“%(table)s”。") % {"table": layout.table.name}))
    if hidden:
        facts = {"count": len(hidden), "rows": "、".join(map(str, hidden[:8])) + ("…" if len(hidden) > 8 else "")}
        notes.append(_note(_("有 %(count)s 行是隐藏的（第 %(rows)s 行），也一并读取了。") % facts))
    if findings.formulas:
        facts = {"count": findings.formulas}
        notes.append(_note(_("有 %(count)s 格是公式，读取的是上次保存时算出的值。") % facts))
    if any(bottom >= first for _top, _left, bottom, _right in findings.merged):
        notes.append(_note(_("数据里有合并的单元格，合并范围内的每一格都按显示的内容读取。")))
    if layout.unknown:
        heads = "、".join(list(layout.unknown.values())[:HEADS_TOLD]) + (
            "…" if len(layout.unknown) > HEADS_TOLD else ""
        )
        notes.append(
            _note(
                _("有 %(count)s 列没有对应的字段，不会导入：%(heads)s。")
                % {"count": len(layout.unknown), "heads": heads}
            )
        )
    return notes


def _find_unit(job: ImportJob, layout: Layout) -> None:
    """Take the unit from the rows, else from the sender's choice, else from the file, else ask for it."""
    job.layout["needs_unit"] = False
    name = layout.sheet.unit_column
    if not name or name in layout.mapping:
        return
    with senders.reach_of_sender(job):
        found = _chosen_unit(job, layout) or recognise_unit(layout, job.file_name)
    if found is None:
        job.layout["needs_unit"] = True
        return
    job.layout["unit_ref"] = str(found.pk)
    job.unit_id = found.unit_id or found.pk
    facts = {"label": layout.sheet.by_name[name].label, "unit": found.label}
    note = _("表里没有“%(label)s”一列，所有行都记在“%(unit)s”名下。") % facts
    job.notes = [*job.notes, _note(note, "quiet")]


def _chosen_unit(job: ImportJob, layout: Layout) -> Referent | None:
    type_ = layout.sheet.by_name[layout.sheet.unit_column].type
    units = referents(type_.register_code) if isinstance(type_, Reference) else []
    return next((unit for unit in units if str(unit.pk) == job.option("unit")), None)
