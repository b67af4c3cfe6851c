"""What the import is measured with: a county that waits for its pupils, and all its pupils in one workbook."""

from collections.abc import Iterable
from pathlib import Path
from random import Random
from typing import Any

import polars as pl

PLAN = "wanzai"
WORKBOOK, CHANGED = "pupils.xlsx", "pupils-changed.xlsx"
# One row in a hundred comes back with another address and telephone.
CHANGED_EVERY = 100
PEER_ROWS = (2_000, 4_000)


def build(folder: Path, rows: int) -> None:
    """Write the workbooks, and send everything that must be there before pupils can be: schools, classes, staff.

    The database must be empty; needs Django set up.
    """
    from django.core.management import call_command  # noqa: PLC0415 - app ready

    from xianxue.demo import cast, sending  # noqa: PLC0415 - app ready
    from xianxue.demo.county import Clerk  # noqa: PLC0415 - app ready
    from xianxue.demo.inventing import invent  # noqa: PLC0415 - app ready
    from xianxue.demo.manifest import Manifest  # noqa: PLC0415 - app ready
    from xianxue.demo.plan import load  # noqa: PLC0415 - app ready
    from xianxue.demo.rows import pupil_row  # noqa: PLC0415 - app ready
    from xianxue.kernel import bulk  # noqa: PLC0415 - app ready
    from xianxue.kernel.access import system_actor, whole_county  # noqa: PLC0415 - app ready

    call_command("migrate", interactive=False, verbosity=0)
    plan = load(PLAN)
    county = invent(plan)
    random = Random(f"{plan.seed}/pupil rows")
    pupils = [pupil_row(plan, pupil, random) for pupil in county.pupils[:rows]]
    write(pupils, folder / WORKBOOK)
    write(changed(pupils), folder / CHANGED)
    for size in PEER_ROWS:
        write(pupils[:: max(len(pupils) // size, 1)][:size], folder / part(size))
    manifest = Manifest(folder / "workbooks", plan.name, plan.seed, 1.0)
    manifest.folder.mkdir(exist_ok=True)
    clerk = Clerk(county, manifest)
    for register in (clerk.terms, clerk.schools, clerk.classes, clerk.staff):
        register()
    by = system_actor("bench")
    sent = sending.send(manifest, plan, by=by, say=lambda _line: None)
    if sent.failed:
        raise SystemExit("\n".join(sent.failed))
    with whole_county("bench"):
        cast.appoint(plan, by=by)
    bulk.refresh_statistics()


def part(size: int) -> str:
    """Name of the workbook with so many of the pupils, from all schools."""
    return f"pupils-{size}.xlsx"


def changed(pupils: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same pupils, one in a hundred with another address and telephone."""
    return [
        pupil | {"address": f"{pupil['address']}（新）", "guardian1_phone": f"139{number:08d}"}
        if number % CHANGED_EVERY == 0
        else pupil
        for number, pupil in enumerate(pupils)
    ]


def write(pupils: list[dict[str, Any]], path: Path) -> None:
    """Write pupils under the headings of our template."""
    from xianxue.demo.fields import headings  # noqa: PLC0415 - app ready
    from xianxue.demo.workbooks import write_template  # noqa: PLC0415 - app ready

    write_template(pl.DataFrame(pupils, infer_schema_length=None), headings("pupils"), path, "学生")
