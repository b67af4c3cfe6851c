"""Rows of the registers as people write them: one function a sheet, keyed by the field names of `fields.LABELS`."""

from datetime import date, timedelta
from random import Random
from typing import Any, Final

from xianxue.demo.classes import SchoolClass
from xianxue.demo.families import Family
from xianxue.demo.plan import Plan, SchoolPlan, TermPlan
from xianxue.demo.pupils import SPECIAL_SCHOOL, Pupil
from xianxue.demo.staff import Employee
from xianxue.organisations.choices import Locality, Ownership, Stage

Row = dict[str, Any]

_BLOOD: Final = ("A 型", "B 型", "O 型", "AB 型", "未知血型", "未知血型")
_SEASONS: Final = {"spring": "春季学期", "autumn": "秋季学期"}
HARDSHIPS: Final = {
    "TP": "脱贫户",
    "JC1": "脱贫不稳定户",
    "JC2": "边缘易致贫户",
    "JC3": "突发严重困难户",
    "DB": "低保",
    "DBB": "低保边缘",
    "TK": "特困供养",
    "GE": "孤儿",
    "SS": "事实无人抚养儿童",
    "CJ": "残疾学生",
    "CJZ": "残疾人子女",
    "LS": "烈士子女",
    "CZ": "城镇困难群众",
    "TF": "突发困难",
    "QT": "其他困难",
}
_PAPERS: Final = {
    "kindergarten": "幼儿园教师资格",
    "primary": "小学教师资格",
    "junior": "初级中学教师资格",
    "senior": "高级中学教师资格",
    "vocational": "中等职业学校教师资格",
}


def school_year_row(start: int) -> Row:
    """Return a school year by the year in which it starts."""
    return {"start_year": start, "starts_on": date(start, 9, 1), "ends_on": date(start + 1, 8, 31)}


def term_row(term: TermPlan) -> Row:
    """Return a term; pupils are counted a month after it begins."""
    start = school_year_of(term.code)
    return {
        "year": f"{start}–{start + 1} 学年",
        "season": _SEASONS[term.code.partition("-")[2]],
        "starts_on": term.starts_on,
        "ends_on": term.ends_on,
        "count_day": term.starts_on + timedelta(days=29),
    }


def school_year_of(term: str) -> int:
    """Return the year in which the school year of a term starts: 2024-spring belongs to 2023."""
    year, _, season = term.partition("-")
    return int(year) - (season == "spring")


def school_row(school: SchoolPlan, head: Employee | None) -> Row:
    """Return a school for the bureau's list of schools."""
    return {
        "code": school.code,
        "name": school.name,
        "short_name": school.short,
        "school_type": school.type,
        "ownership": str((Ownership.PRIVATE if school.private else Ownership.PUBLIC).label),
        "locality": str(Locality(school.locality).label),
        "stages": "、".join(str(Stage(stage).label) for stage in school.pupils),
        "township": school.town,
        "is_boarding": "是" if any(school.boarding.values()) else "否",
        "opened_on": school.opened,
        "address": f"{school.town}学府路{int(school.code[-3:])}号",
        "head_name": head.name if head else None,
        "phone": head.phone if head else None,
    }


def class_row(plan: Plan, at: int, klass: SchoolClass, teachers: list[Employee]) -> Row:
    """Return one class; class teachers go round among those of the stage, `at` counts the classes of it."""
    teacher = teachers[at % len(teachers)] if teachers else None
    return {
        "school": klass.school.code,
        "stage": _stage(klass.stage),
        "cohort_year": klass.cohort,
        "number": klass.number,
        "nickname": None,
        "head_teacher_no": teacher.staff_no if teacher else None,
        "room": f"{1 + (plan.year - klass.cohort) % 5}{klass.number:02d}",
    }


def staff_row(plan: Plan, employee: Employee, random: Random) -> Row:
    """Return a member of staff."""
    began = date(min(employee.born.year + random.randint(21, 24), plan.year), random.choice((7, 8, 9)), 1)
    came = max(began, employee.school.opened, date(random.randint(began.year, plan.year), 9, 1))
    return {
        "school": employee.school.code,
        "name": employee.name,
        "sex": _sex(male=employee.male),
        "born_on": employee.born,
        "id_number": employee.id_number,
        "ethnic_group": employee.group,
        "political_status": random.choices(("中共党员", "群众", "共青团员"), (40, 52, 8))[0],
        "staff_no": employee.staff_no,
        "post": employee.post,
        "subject": employee.subject or None,
        "stage": _stage(employee.stage) if employee.stage else None,
        "is_full_time_teacher": _yes(employee.teaches),
        "began_work_on": began,
        "started_on": came,
        "degree": "普通高中毕业"
        if employee.post == "工勤"
        else random.choices(("大学本科毕业", "大学专科毕业", "硕士研究生毕业"), (68, 27, 5))[0],
        "title": _title(plan.year - began.year) if employee.teaches else None,
        "phone": employee.phone,
        "paper_kind": _PAPERS[employee.stage] if employee.teaches else None,
        "paper_subject": employee.subject or None,
        "paper_no": f"{began.year}{random.randrange(10**13):013d}" if employee.teaches else None,
    }


def pupil_row(plan: Plan, pupil: Pupil, random: Random) -> Row:
    """Return one pupil with guardians."""
    return {
        **_person(pupil, plan.year, random),
        **_places(plan, pupil.family),
        **_enrolment(plan, pupil),
        **_background(pupil, random),
        **_guardians(pupil.family),
    }


def term_title(code: str) -> str:
    """Return a term's name as offices write it: 2024-spring is 2024 年春季学期."""
    year, season = code.split("-")
    return f"{year} 年{_SEASONS[season]}"


def _person(pupil: Pupil, year: int, random: Random) -> Row:
    return {
        "student_no": pupil.student_no,
        "name": pupil.name,
        "sex": _sex(male=pupil.male),
        "born_on": pupil.born,
        "id_kind": pupil.id_kind,
        "id_number": pupil.id_number,
        "nationality": pupil.nationality,
        "ethnic_group": pupil.family.group,
        "political_status": _political_status(pupil.seat, year, random),
        "health": "健康或良好" if random.random() < 0.97 else "一般或较弱",
        "blood_type": random.choice(_BLOOD),
        "former_name": None,
    }


def _places(plan: Plan, family: Family) -> Row:
    origin = family.household_place if family.migrant else f"{plan.province.name}{plan.name}"
    return {
        "birthplace": origin,
        "native_place": origin,
        "household_place": family.household_place,
        "household_kind": "农业户口" if family.rural else "非农业户口",
        "address": family.address,
        "postal_code": plan.postcode,
        "phone": family.guardians[0].phone,
    }


def _enrolment(plan: Plan, pupil: Pupil) -> Row:
    seat = pupil.seat
    return {
        "school": seat.school.code,
        "grade": seat.grade(plan.year),
        "class_number": seat.number,
        "class_no": f"{pupil.class_no:02d}",
        "province_no": None,
        "entered_on": seat.entered_on,
        "entry_mode": "就近入学" if _compulsory(seat) else "统一招生考试/普通入学",
        "boarding": "住校" if pupil.boards else "走读",
        "source": "正常入学",
    }


def _background(pupil: Pupil, random: Random) -> Row:
    family, special = pupil.family, pupil.seat.school.type == SPECIAL_SCHOOL
    return {
        "is_only_child": _yes(family.only_child),
        "had_preschool": _yes(random.random() < 0.96),
        "is_left_behind": _yes(family.left_behind),
        "is_migrant_child": _yes(family.migrant),
        "is_orphan": _yes(family.orphaned),
        "is_martyr_child": _yes(pupil.hardship == "LS"),
        "learns_in_regular_class": _yes(bool(pupil.disability) and not special),
        "disability": pupil.disability or "无残疾",
        "needs_aid": _yes(bool(pupil.hardship)),
        "has_boarding_aid": _yes(bool(pupil.hardship) and pupil.boards and _compulsory(pupil.seat)),
    }


def _guardians(family: Family) -> Row:
    row: Row = {}
    for place in (1, 2):
        guardian = family.guardians[place - 1] if len(family.guardians) >= place else None
        row[f"guardian{place}_name"] = guardian.name if guardian else None
        row[f"guardian{place}_relation"] = guardian.relation if guardian else None
        row[f"guardian{place}_id_number"] = guardian.id_number if guardian else None
        row[f"guardian{place}_phone"] = guardian.phone if guardian else None
        row[f"guardian{place}_is_guardian"] = _yes(guardian.answers) if guardian else None
    return row


def _political_status(seat: SchoolClass, year: int, random: Random) -> str:
    if seat.stage == "primary":
        return "少先队员" if year - seat.cohort > 1 else "群众"
    if seat.stage == "kindergarten":
        return "群众"
    return "共青团员" if random.random() < 0.25 else "群众"


def _title(years: int) -> str:
    """Return a teacher's title by years of service, as most have it."""
    steps = ((22, "高级教师"), (11, "一级教师"), (2, "二级教师"), (0, "未评职称"))
    return next(title for least, title in steps if years >= least)


def _compulsory(seat: SchoolClass) -> bool:
    return seat.stage in {"primary", "junior"}


def _stage(stage: str) -> str:
    return str(Stage(stage).label)


def _sex(*, male: bool) -> str:
    return "男" if male else "女"


def _yes(fact: bool) -> str:  # noqa: FBT001 - a truth in, a word out
    return "是" if fact else "否"
