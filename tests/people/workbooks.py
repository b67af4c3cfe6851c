"""Workbooks of the old school, sent through the door of imports."""

from pathlib import Path
from typing import Any

from tests.people.transferring import NAME, NUMBER, Scene
from xianxue.kernel.access import Actor, in_reach
from xianxue.kernel.sheets import imports
from xianxue.kernel.sheets.models import ImportJob

ROW = {
    "student_no": NUMBER, "name": NAME, "sex": "男", "born_on": "2015-09-01", "id_number": NUMBER[1:],
    "grade": "一年级", "class_number": "1", "entered_on": "2024-09",
}  # fmt: skip
HEADINGS = {
    "学籍号": "student_no", "姓名": "name", "性别": "sex", "出生日期": "born_on", "身份证件号": "id_number", "年级": "grade",
    "班号": "class_number", "入学年月": "entered_on", "现住址": "address",
}  # fmt: skip


def checked(scene: Scene, folder: Path, *rows: dict[str, str], **options: str) -> tuple[ImportJob, dict[str, Any]]:
    """A workbook of the old school, what is right in it written; the import and its report."""
    file = folder / f"学生{len(list(folder.iterdir()))}.csv"
    code = scene.cast.first_primary.unit.code
    lines = [",".join([*HEADINGS, "学校标识码"])]
    lines += [",".join([*(row.get(name, "") for name in HEADINGS.values()), code]) for row in rows]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    user = scene.cast.users["registrar"]
    with in_reach(scene.cast.reach("registrar")):
        (report,) = imports.run([file], by=Actor(user.pk, user.name), options=options)["jobs"]
    return ImportJob.objects.get(pk=report["job"]), report


def sent(scene: Scene, folder: Path, row: dict[str, str], **options: str) -> ImportJob:
    """A workbook of the old school with one row, written."""
    job, report = checked(scene, folder, row, **options)
    assert (report["refused"], report["wrong"]) == ("", 0)
    return job
