"""OneRoster in: checked by the specification's rules, then through the pupils' own sheet, as any workbook is."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl
from django.utils.translation import gettext as _

from xianxue.interchange.rules import FileSet, Finding, Row, read
from xianxue.kernel import sheets
from xianxue.kernel.access import Actor
from xianxue.kernel.sheets import imports
from xianxue.kernel.sheets.export import text_workbook

SHEET = "pupils"
SEXES = {"male": "男", "female": "女"}
GRADES = dict(
    zip(
        (f"{number:02d}" for number in range(1, 13)),
        (
            "一年级",
            "二年级",
            "三年级",
            "四年级",
            "五年级",
            "六年级",
            "七年级",
            "八年级",
            "九年级",
            "高一",
            "高二",
            "高三",
        ),
        strict=True,
    )
)
# Types under which a user's other ids are given, `{type:id}`.
NUMBERS = {"student_no": ("学籍号", "studentNumber"), "id_number": ("身份证件号", "身份证号", "idCard")}
USER_ID = re.compile(r"\{([^:{}]+):([^{}]+)\}")


@dataclass
class Report:
    """What came of it: faults of the files, who could not be mapped and why, and the import's own report."""

    findings: list[Finding] = field(default_factory=list)
    unmapped: Counter[str] = field(default_factory=Counter)
    mapped: int = 0
    jobs: list[dict[str, Any]] = field(default_factory=list)


def take_in(files: Mapping[str, bytes], *, by: Actor, dry_run: bool = True) -> Report:
    """Check a set of files; without faults, send its pupils through the import of the pupils' sheet.

    Missing rows delete nobody, and neither does `tobedeleted`: a pupil leaves by a procedure. Faulty files write nothing.
    """
    found = read(files)
    report = Report(findings=found.findings)
    if found.findings:
        return report
    lines = list(_pupils(found, report))
    report.mapped = len(lines)
    if lines:
        columns = sheets.get(SHEET).by_name
        names = list(dict.fromkeys(name for line in lines for name in line))
        frame = pl.DataFrame(
            [[line.get(name) for name in names] for line in lines],
            schema={str(columns[name].label): pl.String for name in names},
            orient="row",
        )
        book = text_workbook(frame, "OneRoster", {})
        options = {"sheet": SHEET}
        report.jobs = imports.run([("oneroster.xlsx", book)], by=by, dry_run=dry_run, options=options)["jobs"]
    return report


def _pupils(found: FileSet, report: Report) -> Iterator[dict[str, str]]:
    """Rows of the pupils' sheet; whoever lacks what its keys and required columns ask is counted with the reason."""
    by_id = {name: {row["sourcedId"]: row for row in rows} for name, rows in found.rows.items()}
    classes = {row["userSourcedId"]: row for row in found.rows.get("enrollments", []) if row["role"] == "student"}
    for role in found.rows.get("roles", []):
        if role["role"] != "student":
            report.unmapped[_("不是学生（%(role)s）：只导入学生。") % {"role": role["role"]}] += 1
            continue
        user = by_id.get("users", {}).get(role["userSourcedId"])
        if user is None or "tobedeleted" in (role["status"], user["status"]):
            report.unmapped[_("标为删除，或不在 users.csv 里：不删除任何人，离校请走程序。")] += 1
            continue
        line = _line(user, role, classes.get(user["sourcedId"]), by_id)
        reason = _missing(line)
        if reason:
            report.unmapped[reason] += 1
        else:
            yield line


def _line(user: Row, role: Row, enrolment: Row | None, by_id: dict[str, dict[str, Row]]) -> dict[str, str]:
    room = by_id.get("classes", {}).get(enrolment["classSourcedId"]) if enrolment else None
    person = by_id.get("demographics", {}).get(user["sourcedId"], {})
    grade = (user["grades"] or (room or {}).get("grades", "")).partition(",")[0]
    given = dict(USER_ID.findall(user["userIds"]))
    numbers = {name: next((given[kind] for kind in kinds if kind in given), "") for name, kinds in NUMBERS.items()}
    school = by_id.get("orgs", {}).get(role["orgSourcedId"], {})
    line = {
        **numbers,
        "name": user["familyName"]
        if user["familyName"] == user["givenName"]
        else user["familyName"] + user["givenName"],
        "sex": SEXES.get(person.get("sex", ""), ""),
        "born_on": person.get("birthDate", ""),
        "school": school.get("identifier", "") or school.get("name", ""),
        "grade": GRADES.get(grade, ""),
        "class_number": (room or {}).get("classCode", ""),
        "entered_on": ((enrolment or {}).get("beginDate") or role["beginDate"])[:7],
    }
    return {name: text for name, text in line.items() if text}


def _missing(line: Mapping[str, str]) -> str:
    if not {"student_no", "id_number"} & set(line):
        return _("没有学籍号或身份证件号（请写在 users.csv 的 userIds 里），无法认定是谁。")
    for name, what in (
        ("sex", _("性别")),
        ("born_on", _("出生日期")),
        ("grade", _("年级")),
        ("entered_on", _("入学年月")),
    ):
        if name not in line:
            return _("缺少%(what)s。") % {"what": what}
    return ""
