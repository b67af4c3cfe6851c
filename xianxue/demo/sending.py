"""Sending the workbooks through the import door, one after the other, as the offices and schools would."""

from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from xianxue.demo.manifest import Manifest, SheetFile
from xianxue.demo.parts import Say
from xianxue.demo.plan import Plan
from xianxue.kernel.access import Actor, whole_county
from xianxue.kernel.sheets import imports
from xianxue.organisations.choices import UnitKind
from xianxue.organisations.models import Unit
from xianxue.organisations.services.areas import open_area


@dataclass(slots=True)
class Sent:
    """What became of the files: rows written by sheet, files that went wrong, and the jobs of the spoiled ones."""

    written: dict[str, int] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    spoiled_jobs: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0


def open_county(plan: Plan, *, by: Actor) -> Unit:
    """Register province, city, county and its bureau where they are not yet; returns the county's unit."""
    levels = (
        (UnitKind.PROVINCE, plan.province.name, plan.province.code, ""),
        (UnitKind.CITY, plan.city.name, plan.city.code, ""),
        (UnitKind.COUNTY, plan.name, plan.code, plan.short),
    )
    unit: Unit | None = None
    for kind, name, code, short in levels:
        known = Unit.objects.filter(code=code).first()
        unit = known or open_area(kind=kind, name=name, code=code, parent=unit, by=by, short_name=short)
    assert unit is not None  # noqa: S101 - there are three levels
    if not unit.children.filter(kind=UnitKind.OFFICE, name=plan.bureau).exists():
        open_area(kind=UnitKind.OFFICE, name=plan.bureau, code="", parent=unit, by=by)
    return unit


def send(manifest: Manifest, plan: Plan, *, by: Actor, say: Say) -> Sent:
    """Send all files of a manifest in their order; of a spoiled file the sound rows are written, then the mended one.

    Files sent before change nothing, so an interrupted sending is taken up again by sending all of it.
    """
    sent = Sent()
    started = perf_counter()
    with whole_county("示范县"):
        open_county(plan, by=by)
        for number, file in enumerate(manifest.files, start=1):
            report = imports.run([manifest.folder / file.path], by=by)["jobs"][0]
            _enter(sent, file, report)
            say(f"[{number}/{len(manifest.files)}] {file.path}：{_in_words(file, report)}")
            if report["refused"]:
                break  # what follows leans on it
    sent.seconds = perf_counter() - started
    return sent


def _enter(sent: Sent, file: SheetFile, report: dict[str, Any]) -> None:
    if not report["refused"]:
        sent.written[file.sheet] = sent.written.get(file.sheet, 0) + report["new"]
    if file.dirty:
        sent.spoiled_jobs[file.path] = report["job"]
    elif report["refused"] or report["wrong"]:
        first = report["problems"][0]["message"] if report["problems"] else report["refused"]
        sent.failed.append(f"{file.path}：{first}")


def _in_words(file: SheetFile, report: dict[str, Any]) -> str:
    if report["refused"]:
        return str(report["refused"])
    parts = [f"新增 {report['new']:,} 行"]
    if report["same"]:
        parts.append(f"相同 {report['same']:,}")
    if report["wrong"]:
        parts.append(f"有错 {report['wrong']:,}{'（预设的错误，改正后再发）' if file.dirty else ''}")
    seconds = sum(report["seconds"].get(step, 0.0) for step in ("read", "check", "apply"))
    return f"{'，'.join(parts)}（{seconds:.1f} 秒）"
