"""Every bad input gets its one clear sentence, and nothing is written."""

import io
import zipfile

import openpyxl
import pytest
from pytest_django.fixtures import Settings

from tests.kernel.sheets import shelf
from tests.kernel.sheets.shelf import pupil, saved, stored, workbook
from xianxue.kernel.access import Actor, in_reach
from xianxue.kernel.commands import Refused
from xianxue.kernel.sheets import imports
from xianxue.kernel.sheets.models import ImportJob

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def refusal(by: Actor, content: bytes, name: str = "学生.xlsx", **options: str) -> str:
    """The sentence with which a file is refused, at the door or on reading."""
    try:
        job = imports.check(imports.receive((name, content), by=by, options=options))
    except Refused as refused:
        return refused.message
    assert job.state == "failed"
    return job.reason


def sentences(job: ImportJob) -> list[str]:
    return [line["message"] for line in imports.problem_lines(job)]


def checked(by: Actor, rows: list[tuple[object, ...]], name: str = "学生.xlsx") -> ImportJob:
    return imports.check(imports.receive((name, workbook(rows)), by=by))


@pytest.fixture(autouse=True)
def nothing_is_written(sheet: object) -> object:
    yield
    assert stored() == []


def repacked(content: bytes, extra: dict[str, bytes]) -> bytes:
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, data in extra.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_a_wrong_workbook(by: Actor) -> None:
    content = workbook([("螺丝", "12", "3.5")], ("货品", "数量", "单价"))
    assert refusal(by, content, "报价.xlsx") == (
        "未能导入“报价.xlsx”：认不出这是哪一种表，表头“货品、数量、单价”与任何模板都对不上。请确认选对了文件，或下载模板后填写。"
    )


def test_a_workbook_without_heads(by: Actor) -> None:
    assert refusal(by, workbook([pupil(2)], pupil(1))) == (
        "未能导入“学生.xlsx”：前 20 行里没有找到表头。请在数据上方加一行列名（如姓名、性别），或下载模板后填写。"
    )


def test_heads_without_a_key(by: Actor) -> None:
    content = workbook([("张三", "2015-09-01", "汉族")], ("姓名", "出生日期", "民族"))
    assert refusal(by, content) == (
        "未能导入“学生.xlsx”：像是“测试学生”，但没有能分清每一行的列（身份证号）。请补上这一列后再发送。"
    )


def test_heads_and_no_rows(by: Actor) -> None:
    assert refusal(by, workbook([])) == "未能导入“学生.xlsx”：工作表“Sheet1”只有表头，没有数据行。请填写后再发送。"


def test_an_empty_workbook(by: Actor) -> None:
    assert refusal(by, saved(openpyxl.Workbook())) == "未能导入“学生.xlsx”：工作簿里没有内容。请确认选对了文件。"


def test_an_empty_file(by: Actor) -> None:
    assert refusal(by, b"") == "未能导入“学生.xlsx”：文件是空的。请确认选对了文件。"


def test_a_file_above_the_limit(by: Actor, settings: Settings) -> None:
    settings.UPLOAD_LIMIT_MB = 1
    assert refusal(by, b"PK\x03\x04" + bytes(2 * 1024**2)) == (
        "未能导入“学生.xlsx”：文件有 2 MB，超过上限 1 MB。请删去图片和多余的工作表，或分成几个文件再发送。"
    )


def test_a_zip_bomb_is_not_unpacked(by: Actor) -> None:
    content = repacked(workbook([pupil(1)]), {"xl/media/a.bin": bytes(300 * 1024**2)})
    assert len(content) < 1024**2
    assert refusal(by, content) == (
        "未能导入“学生.xlsx”：解开后有 300 MB，远大于正常的工作簿，可能是恶意文件，没有打开。请用 Excel 重新另存后再发送。"
    )


@pytest.mark.parametrize("name", ["学生.xlsm", "学生.xlsx"])
def test_a_macro_workbook(by: Actor, name: str) -> None:
    content = repacked(workbook([pupil(1)]), {"xl/vbaProject.bin": b"x"})
    assert refusal(by, content, name) == (
        f"未能导入“{name}”：工作簿里有宏，为安全起见不读取。请另存为“Excel 工作簿（.xlsx）”后再发送。"
    )


def test_an_encrypted_workbook(by: Actor) -> None:
    content = OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600)
    assert refusal(by, content) == (
        "未能导入“学生.xlsx”：工作簿有打开密码，读不了。请在 Excel 的“文件 → 信息 → 保护工作簿”里去掉密码，保存后再发送。"
    )


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("学生.et", b"x", "未能导入“学生.et”：这是 .et 格式，读不了。请在 WPS 里另存为 .xlsx 后再发送。"),
        (
            "照片.jpg",
            b"\xff\xd8\xff",
            "未能导入“照片.jpg”：这不是工作簿。请发送 .xlsx、.xls 或 .csv 文件，或把多个工作簿打成一个 .zip。",
        ),
        (
            "学生.xlsx",
            b"PK\x03\x04 broken",
            "未能导入“学生.xlsx”：文件已损坏，打不开。请重新保存或重新下载后再发送。",
        ),
    ],
)
def test_what_is_no_workbook(by: Actor, name: str, content: bytes, sentence: str) -> None:
    assert refusal(by, content, name) == sentence


def test_a_truncated_workbook(by: Actor) -> None:
    content = workbook([pupil(1)])
    assert refusal(by, content[: len(content) // 2]) == (
        "未能导入“学生.xlsx”：文件已损坏，打不开。请重新保存或重新下载后再发送。"
    )


def test_a_number_that_became_a_float(by: Actor) -> None:
    job = checked(by, [pupil(1, number=360922201509010017), pupil(2, number="3.60922E+17")])
    assert sentences(job)[0] == "“身份证号”被 Excel 变成了数字“3.60922E+17”，末三位已丢失，无法还原。"
    assert [(group["code"], group["count"]) for group in job.problems] == [("P104", 2)]


def test_a_number_that_was_formatted_back_into_text(by: Actor) -> None:
    job = checked(by, [pupil(1, number="360922201509010000")])
    assert job.problems[0]["code"] == "P104"


def test_a_wrong_check_digit_shows_no_whole_number(by: Actor) -> None:
    number = shelf.id_number(1)
    wrong = number[:-1] + ("0" if number[-1] != "0" else "1")
    job = checked(by, [pupil(1, number=wrong)])
    assert sentences(job)[0] == f"“身份证号”“9900••••••••••{wrong[-4:]}”的校验位不对，通常是某一位抄错。"


def test_a_wrong_code(by: Actor) -> None:
    job = checked(by, [pupil(1, ethnic="汉族人")])
    assert sentences(job) == ["“民族”没有“汉族人”，可填：汉族、蒙古族、回族、外国血统。"]


def test_an_unknown_school_and_one_out_of_reach_get_the_same_words(by: Actor) -> None:
    with in_reach(shelf.registrar(shelf.FIRST)):
        job = checked(by, [pupil(1, school="没有的小学"), pupil(2, school="白良镇中心小学")])
    assert sentences(job) == [
        "“学校”没有“没有的小学”，或者不在您的范围内。",
        "“学校”没有“白良镇中心小学”，或者不在您的范围内。",
    ]


def test_the_same_pupil_twice_in_a_file(by: Actor) -> None:
    job = checked(by, [pupil(1), pupil(1, phone="13900000001")])
    assert [(group["code"], group["count"]) for group in job.problems] == [("P402", 2)]
    number = shelf.id_number(1)
    assert sentences(job) == [f"“身份证号”“9900••••••••••{number[-4:]}”与第 3 行重复，内容不同，分不清以哪一行为准。"]


def test_a_pupil_in_two_schools(by: Actor) -> None:
    job = checked(by, [pupil(1), pupil(1, school="白良镇中心小学")])
    assert [group["code"] for group in job.problems] == ["P402"]


def test_a_birth_date_that_contradicts_the_id_number(by: Actor) -> None:
    job = checked(by, [pupil(1, born_on="2015-01-09")])
    assert sentences(job) == ["“出生日期”“2015-01-09”与身份证号里的出生日期 2015-09-01 不一致。"]


def test_a_date_that_does_not_exist(by: Actor) -> None:
    job = checked(by, [pupil(1, born_on="2015-02-30")])
    assert sentences(job) == ["“出生日期”写成“2015-02-30”，不是有效日期。应填如 2015-09-01。"]


def test_a_formula_error(by: Actor) -> None:
    job = checked(by, [pupil(1, phone="#N/A")])
    assert [group["code"] for group in job.problems] in ([], ["P113"])


def test_one_bad_file_among_many_stops_none_of_the_others(by: Actor) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("城南小学.xlsx", workbook([pupil(1)]))
        packed.writestr("坏.xlsx", b"PK\x03\x04 broken")
    report = imports.run([("全县.zip", archive.getvalue()), ("空.xlsx", b"")], by=by, dry_run=True)
    assert [(job["file"], job["state"]) for job in report["jobs"]] == [
        ("城南小学.xlsx", "ready"),
        ("坏.xlsx", "failed"),
        ("空.xlsx", "failed"),
    ]
