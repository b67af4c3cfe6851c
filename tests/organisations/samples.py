"""Samples of organisations: what the contracts try them with."""

from datetime import date

from tests.contracts.declared import Sample
from tests.factories.organisations import (
    ClassroomFactory,
    CodeFactory,
    CodeListFactory,
    DayOverrideFactory,
    SchoolFactory,
    SchoolYearFactory,
    TermFactory,
)

SAMPLES: dict[str, Sample] = {
    "schools": Sample(
        lambda cast, school, number: (
            school
            if number == 0 or school == cast.second_primary
            else SchoolFactory(name=f"分校{number}", parent=cast.county, stages="primary")
        ),
        cells={
            "code": "2136999999",
            "name": "第三小学",
            "school_type": "小学",
            "ownership": "公办",
            "locality": "镇区",
            "stages": "小学",
        },
        changed={"township": "康乐街道"},
        wrong=("stages", "幼稚园以上"),
    ),
    "classes": Sample(
        lambda _cast, school, number: ClassroomFactory(school=school, number=20 + number, head_teacher="钱老师"),
        cells={"school": "第一小学", "stage": "小学", "cohort_year": "2023", "number": "9"},
        changed={"room": "301"},
        wrong=("stage", "大学"),
    ),
    "school-years": Sample(
        lambda _cast, _school, number: SchoolYearFactory(start_year=2010 + number),
        cells={"start_year": "2030", "starts_on": "2030-09-01", "ends_on": "2031-08-31"},
        changed={"ends_on": "2031-08-30"},
        wrong=("ends_on", "2030-08-31"),
    ),
    "terms": Sample(
        lambda _cast, _school, number: TermFactory(year=SchoolYearFactory(start_year=2010 + number)),
        cells={
            "year": "2024",
            "season": "春季学期",
            "starts_on": "2025-02-16",
            "ends_on": "2025-07-05",
            "count_day": "2025-03-31",
        },
        changed={"count_day": "2025-04-01"},
        wrong=("count_day", "2025-12-31"),
    ),
    "calendar": Sample(
        lambda _cast, _school, number: DayOverrideFactory(day=date(2024, 11, number + 1), reason=f"原因{number}"),
        cells={"day": "2024-10-12", "is_working_day": "是", "reason": "国庆调休"},
        changed={"reason": "国庆节调休"},
        wrong=("day", "2024-02-30"),
    ),
    "code-lists": Sample(
        lambda _cast, _school, number: CodeListFactory(code=f"sample-{number}", label=f"样表{number}")
    ),
    "codes": Sample(
        lambda _cast, _school, number: CodeFactory(value=f"S{number}", label=f"样例代码{number}"),
        cells={"code_list": "学科", "value": "T99", "label": "试验学科", "order": "999"},
        changed={"label": "实验学科"},
        wrong=("code_list", "没有这张表"),
    ),
}
