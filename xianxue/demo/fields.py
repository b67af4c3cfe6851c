"""The columns of the workbooks that the demonstration writes, by field name.

Headings are those of the registered sheets; the labels here stand in until a sheet of that code is registered, and
a test holds the two together.
"""

from collections.abc import Mapping
from typing import Final

from xianxue.demo.parts import parts
from xianxue.kernel import sheets

LABELS: Final[dict[str, dict[str, str]]] = {
    "school-years": {"start_year": "起始年份", "starts_on": "开始日期", "ends_on": "结束日期"},
    "terms": {
        "year": "学年",
        "season": "学期",
        "starts_on": "开始日期",
        "ends_on": "结束日期",
        "count_day": "统计日",
    },
    "schools": {
        "code": "学校标识码",
        "name": "学校名称",
        "short_name": "简称",
        "school_type": "办学类型",
        "ownership": "举办者",
        "locality": "城乡类型",
        "stages": "学段",
        "township": "所在乡镇",
        "is_boarding": "是否寄宿",
        "opened_on": "建校日期",
        "address": "地址",
        "head_name": "负责人",
        "phone": "联系电话",
    },
    "classes": {
        "school": "学校标识码",
        "stage": "学段",
        "cohort_year": "入学年份",
        "number": "班号",
        "nickname": "班级名称",
        "head_teacher_no": "班主任工号",
        "room": "教室",
    },
    "staff": {
        "school": "学校标识码",
        "name": "姓名",
        "sex": "性别",
        "born_on": "出生日期",
        "id_number": "身份证件号",
        "ethnic_group": "民族",
        "political_status": "政治面貌",
        "staff_no": "工号",
        "post": "岗位",
        "subject": "任教学科",
        "stage": "任教学段",
        "is_full_time_teacher": "是否专任教师",
        "began_work_on": "参加工作日期",
        "started_on": "来校日期",
        "degree": "最高学历",
        "title": "职称",
        "phone": "联系电话",
        "paper_kind": "教师资格种类",
        "paper_subject": "教师资格学科",
        "paper_no": "教师资格证号",
    },
    "pupils": {
        "student_no": "学籍号",
        "name": "姓名",
        "sex": "性别",
        "born_on": "出生日期",
        "id_kind": "身份证件类型",
        "id_number": "身份证件号",
        "nationality": "国籍/地区",
        "ethnic_group": "民族",
        "political_status": "政治面貌",
        "health": "健康状况",
        "blood_type": "血型",
        "former_name": "曾用名",
        "birthplace": "出生地",
        "native_place": "籍贯",
        "household_place": "户口所在地",
        "household_kind": "户口性质",
        "address": "现住址",
        "postal_code": "邮政编码",
        "phone": "联系电话",
        "school": "学校标识码",
        "grade": "年级",
        "class_number": "班号",
        "class_no": "班内学号",
        "province_no": "学籍辅号",
        "entered_on": "入学年月",
        "entry_mode": "入学方式",
        "boarding": "就读方式",
        "source": "学生来源",
        "is_only_child": "是否独生子女",
        "had_preschool": "是否受过学前教育",
        "is_left_behind": "是否留守儿童",
        "is_migrant_child": "是否随迁子女",
        "is_orphan": "是否孤儿",
        "is_martyr_child": "是否烈士或优抚子女",
        "learns_in_regular_class": "随班就读",
        "disability": "残疾类型",
        "needs_aid": "是否需要申请资助",
        "has_boarding_aid": "是否享受一补",
        "guardian1_name": "监护人1姓名",
        "guardian1_relation": "监护人1关系",
        "guardian1_id_number": "监护人1身份证件号",
        "guardian1_phone": "监护人1联系电话",
        "guardian1_is_guardian": "监护人1是否监护人",
        "guardian2_name": "监护人2姓名",
        "guardian2_relation": "监护人2关系",
        "guardian2_id_number": "监护人2身份证件号",
        "guardian2_phone": "监护人2联系电话",
        "guardian2_is_guardian": "监护人2是否监护人",
    },
}


def labels() -> dict[str, Mapping[str, str]]:
    """Sheet → field name → heading: of people and places, and of each system's part."""
    return {**LABELS, **{sheet: known for part in parts() for sheet, known in part.headings.items()}}


def headings(sheet: str) -> dict[str, str]:
    """Return field name → heading for a sheet, in the sheet's order; only fields that the demonstration fills."""
    known = labels()[sheet]
    for registered in sheets.all():
        if registered.code == sheet:
            return {column.name: str(column.label) for column in registered.columns if column.name in known}
    return dict(known)
