"""The demonstration county's workbooks: one folder, the files that schools and offices would send."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any, Final

import polars as pl

from xianxue.demo.dirt import spoil
from xianxue.demo.fields import headings
from xianxue.demo.inventing import County, invent
from xianxue.demo.manifest import Manifest, SheetFile
from xianxue.demo.parts import Say, parts
from xianxue.demo.plan import SchoolPlan, load
from xianxue.demo.rows import (
    Row,
    class_row,
    pupil_row,
    school_row,
    school_year_of,
    school_year_row,
    staff_row,
    term_row,
)
from xianxue.demo.staff import Employee
from xianxue.demo.workbooks import (
    CSV,
    NATIONAL,
    SCHOOL,
    TEMPLATE,
    write_csv,
    write_foreign,
    write_rows,
    write_template,
)

_OFFICE: Final = "教体局"


def build(name: str, folder: Path, *, seed: str = "", scale: float = 1.0, say: Say = print) -> Manifest:
    """Write the workbooks of the county `data/<name>.toml` into a folder and return what was written.

    `seed` replaces the plan's own: other people, the same totals. `scale` below 1 makes a smaller county.
    Files of an earlier build with the same names are overwritten; progress goes to `say`, one line a step.
    """
    plan = load(name, scale=scale)
    if seed:
        plan = plan.but(seed=seed)
    started = perf_counter()
    county = invent(plan)
    say(
        f"虚构 {plan.name}：学生 {len(county.pupils):,} 人、教职工 {len(county.staff):,} 人（{perf_counter() - started:.1f} 秒）"
    )
    manifest = Manifest(folder, plan.name, plan.seed, scale, expected=county.expected())
    folder.mkdir(parents=True, exist_ok=True)
    clerk = Clerk(county, manifest)
    for write in (clerk.terms, clerk.schools, clerk.classes, clerk.staff, clerk.pupils, clerk.parts):
        write()
    manifest.write()
    say(f"写出 {len(manifest.files)} 个文件到 {folder}（共 {perf_counter() - started:.1f} 秒）")
    return manifest


class Clerk:
    """Writes the files of a county, group by group, and enters each in the manifest."""

    def __init__(self, county: County, manifest: Manifest) -> None:
        self._county, self._plan, self._manifest = county, county.plan, manifest
        self._year = f"{county.plan.year}年秋"

    def terms(self) -> None:
        """Write the school years and their terms."""
        starts = dict.fromkeys(school_year_of(term.code) for term in self._plan.terms)
        self._template("school-years", [school_year_row(start) for start in starts], f"0 {_OFFICE} 学年.xlsx", "学年")
        self._template("terms", [term_row(term) for term in self._plan.terms], f"0 {_OFFICE} 学期.xlsx", "学期")

    def schools(self) -> None:
        """Write the list of schools, as the bureau keeps it."""
        heads = {
            employee.school.code: employee for employee in reversed(self._county.staff) if employee.post == "校（园）长"
        }
        rows = [school_row(school, heads.get(school.code)) for school in self._plan.schools]
        self._template("schools", rows, f"1 {_OFFICE} 学校.xlsx", "学校")

    def classes(self) -> None:
        """Write the list of classes of the autumn term."""
        teachers: dict[tuple[str, str], list[Employee]] = defaultdict(list)
        for employee in self._county.staff:
            if employee.teaches:
                teachers[employee.school.code, employee.stage].append(employee)
        rows = []
        for (code, stage), group in groupby(self._county.classes, key=lambda klass: (klass.school.code, klass.stage)):
            for at, klass in enumerate(group):
                rows.append(class_row(self._plan, at, klass, teachers[code, stage]))
        self._template("classes", rows, f"2 {_OFFICE} 班级 {self._year}.xlsx", "班级")

    def staff(self) -> None:
        """Write the staff, public and private schools apart, as the personnel office collects them."""
        random = Random(f"{self._plan.seed}/staff rows")
        for private, title in ((False, "公办学校"), (True, "民办学校")):
            rows = [
                staff_row(self._plan, employee, random)
                for employee in self._county.staff
                if employee.school.private is private
            ]
            self._template("staff", rows, f"3 {_OFFICE} {title}教职工 {self._year}.xlsx", "教职工")

    def pupils(self) -> None:
        """Write each school's pupils in the layout that the school uses."""
        random = Random(f"{self._plan.seed}/pupil rows")
        layouts, dirty = self._layouts()
        schools = {school.code: school for school in self._plan.schools}
        for code, group in groupby(self._county.pupils, key=lambda pupil: pupil.seat.school.code):
            school, rows = schools[code], [pupil_row(self._plan, pupil, random) for pupil in group]
            if school.code in dirty:
                self._dirty_pupils(school, rows)
            else:
                self._clean_pupils(school, rows, layouts.get(school.code, TEMPLATE))

    def _clean_pupils(self, school: SchoolPlan, rows: list[Row], layout: str, *, mends: str = "") -> None:
        ending, note = ("csv" if layout == CSV else "xlsx"), ("（改正）" if mends else "")
        path = f"4 {school.short} 学生 {self._year}{note}.{ending}"
        frame, target = pl.DataFrame(rows, infer_schema_length=None), self._manifest.folder / path
        if layout == CSV:
            write_csv(frame, headings("pupils"), target)
        elif layout == TEMPLATE:
            write_template(frame, headings("pupils"), target, "学生")
        else:
            write_foreign(frame.with_columns(school_name=pl.lit(school.name)), layout, target, school.name)
        self._enter(SheetFile(path, "pupils", layout, len(rows), school.short, school.code, mends=mends))

    def _dirty_pupils(self, school: SchoolPlan, rows: list[Row]) -> None:
        path = f"4 {school.short} 学生 {self._year}.xlsx"
        spoiled, planted = spoil(rows, path, Random(f"{self._plan.seed}/dirt/{school.code}"))
        write_rows(spoiled, headings("pupils"), self._manifest.folder / path, "学生")
        self._enter(SheetFile(path, "pupils", TEMPLATE, len(spoiled), school.short, school.code, dirty=True))
        self._manifest.planted.extend(planted)
        self._clean_pupils(school, rows, TEMPLATE, mends=path)

    def _layouts(self) -> tuple[dict[str, str], set[str]]:
        """Return which school uses which foreign layout, and which of those with our template send a spoiled file."""
        shares, schools = self._plan.layouts, [*self._plan.schools]
        Random(f"{self._plan.seed}/layouts").shuffle(schools)
        # Kindergartens are not in the national student record; their system exports nothing.
        schools.sort(key=lambda school: "kindergarten" in school.pupils)
        layouts: dict[str, str] = {}
        for name, share in ((NATIONAL, shares.national), (SCHOOL, shares.school), (CSV, shares.csv)):
            for _ in range(max(1, round(len(self._plan.schools) * share / 100))):
                layouts[schools.pop(0).code] = name
        dirty = {school.code for school in schools[: max(1, round(len(self._plan.schools) * shares.dirty / 100))]}
        return layouts, dirty

    def parts(self) -> None:
        """Write what each system's office sends."""
        for part in parts():
            for book in part.workbooks(self._plan, self._county.invented[part.code]):
                self._template(book.sheet, book.rows, book.path, book.title)

    def _template(self, sheet: str, rows: Sequence[Mapping[str, Any]], path: str, title: str) -> None:
        frame = pl.DataFrame(rows, infer_schema_length=None)
        write_template(frame, headings(sheet), self._manifest.folder / path, title)
        self._enter(SheetFile(path, sheet, TEMPLATE, len(rows), path.split()[1]))

    def _enter(self, file: SheetFile) -> None:
        self._manifest.files.append(file)
