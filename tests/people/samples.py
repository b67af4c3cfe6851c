"""Samples of people: what the contracts try them with."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from tests.cast import Cast
from tests.contracts.declared import Opener, Sample, Work
from tests.factories.duplicates import DuplicatePairFactory
from tests.factories.organisations import (
    ClassroomFactory,
    free_number,
)
from tests.factories.people import (
    GuardianLinkFactory,
    IdentifierFactory,
    MembershipFactory,
    NationalRecordFactory,
    StaffPostFactory,
    id_number,
)
from tests.people.transferring import Scene
from xianxue.kernel.access import whole_county
from xianxue.organisations.models import School
from xianxue.people.choices import IdentifierKind
from xianxue.people.models import Identifier
from xianxue.people.procedures import (
    DropOut,
    Graduate,
    KeyFacts,
    NewEntry,
    Suspend,
    TransferCorrection,
    TransferIn,
    TransferOut,
    TransferWithin,
)
from xianxue.people.services.graduation import cohort_leaving


def _national(cast: Cast, school: School, number: int) -> Any:
    pupil = _pupil(cast, school, 50 + number)
    student_no = f"G{id_number(sequence=701 + 2 * number)}"
    IdentifierFactory(person=pupil.person, kind=IdentifierKind.STUDENT_NO, value=student_no)
    return NationalRecordFactory(enrolment=pupil, business_no=f"YW{number}")


def _national_cells(cast: Cast) -> Mapping[str, str]:
    pupil = MembershipFactory(classroom=cast.first_class, enrolment__person__name="申小报").enrolment
    student_no = f"G{id_number(sequence=901)}"
    IdentifierFactory(person=pupil.person, kind=IdentifierKind.STUDENT_NO, value=student_no)
    return {
        "student_no": student_no,
        "name": "申小报",
        "state": "已提交",
        "checked_on": "2024-10-15",
        "business_no": "YW900",
    }


def _pupil(_cast: Cast, school: School, number: int) -> Any:
    room = ClassroomFactory(school=school, number=free_number(school, 40 + number))
    pupil = MembershipFactory(classroom=room, enrolment__person__name=f"张小明{number}").enrolment
    sequence = 101 + 2 * Identifier.unguarded.count()
    IdentifierFactory(person=pupil.person, value=id_number(sequence=sequence))
    return pupil


def _pupil_cells(cast: Cast, child: int = 0) -> Mapping[str, str]:
    with whole_county("test"):
        if not cast.first_primary.classrooms.filter(number=31).exists():
            ClassroomFactory(school=cast.first_primary, number=31)
    number = id_number(date(2018, 5, 1), sequence=2 * child + 1)
    return {
        "student_no": f"G{number}",
        "name": "周小明",
        "sex": "男",
        "born_on": "2018-05-01",
        "id_kind": "居民身份证",
        "id_number": number,
        "school": "第一小学",
        "grade": "一年级",
        "class_number": "31",
        "entered_on": "2024-09",
        "guardian1_name": "周大明",
        "guardian1_relation": "父亲",
        "guardian1_phone": f"139000000{child + 1:02d}",
    }


STUDENT_NO = f"G{id_number()}"


NUMBERS = "甲乙丙丁戊己庚辛壬癸"


def _child(cast: Cast, number: int) -> tuple[Any, str, str]:
    """A pupil of the First Primary: (enrolment, 学籍号, name)."""
    room = ClassroomFactory(school=cast.first_primary, number=free_number(cast.first_primary, 70 + number))
    name = f"周小{NUMBERS[number % len(NUMBERS)]}"
    enrolment: Any = MembershipFactory(classroom=room, enrolment__person__name=name).enrolment
    student_no = f"G{id_number(sequence=301 + 2 * Identifier.unguarded.count())}"
    IdentifierFactory(person=enrolment.person, kind=IdentifierKind.STUDENT_NO, value=student_no)
    IdentifierFactory(person=enrolment.person, value=student_no[1:])
    return enrolment, student_no, name


def _within(cast: Cast, number: int) -> dict[str, Any]:
    _enrolment, student_no, name = _child(cast, number)
    return {"school": cast.second_primary, "number": student_no, "name": name, "reason": "residence"}


def _out(cast: Cast, number: int) -> dict[str, Any]:
    enrolment, *_rest = _child(cast, number)
    return {"pupil": enrolment, "place_name": "江西省宜春市袁州区", "reason": "residence"}


def _cells(cast: Cast, number: int) -> dict[str, Any]:
    cells = {name: text for name, text in _pupil_cells(cast, number).items() if name != "school"}
    return {"to_school": cast.first_primary, "confirmed": True, **cells}


def _in(cast: Cast, number: int) -> dict[str, Any]:
    return {"place_name": "湖南省浏阳市", "reason": "residence", **_cells(cast, number + 20)}


def _correction(cast: Cast, number: int) -> dict[str, Any]:
    enrolment, student_no, name = _child(cast, number)
    room = ClassroomFactory(
        school=cast.second_primary,
        cohort_year=enrolment.cohort_year,
        stage=enrolment.stage,
        number=free_number(cast.second_primary, 60 + number),
    )
    return {"corrects": _walked(Scene(cast, enrolment.person, enrolment, room), student_no, name)}


def _walked(scene: Scene, student_no: str, name: str) -> Any:
    transfer = scene.walk(scene.open(number=student_no, name=name))
    with whole_county("test"):
        return type(transfer).objects.get(pk=transfer.pk)


def _key_facts(cast: Cast, number: int) -> dict[str, Any]:
    enrolment, *_rest = _child(cast, number)
    return {"enrolment": enrolment, "cause": "mistake", "cells": {"name": f"周晓{NUMBERS[number % len(NUMBERS)]}"}}


def _leave(cast: Cast, number: int) -> dict[str, Any]:
    enrolment, *_rest = _child(cast, number)
    today = timezone.localdate()
    return {
        "enrolment": enrolment,
        "reason": "illness",
        "started_on": today,
        "expected_on": today + timedelta(days=60),
    }


def _graduation(cast: Cast, number: int) -> dict[str, Any]:
    left_on = date(timezone.localdate().year - number, 7, 1)
    cohort = cohort_leaving("primary", left_on)
    room = ClassroomFactory(school=cast.first_primary, number=80 + number, cohort_year=cohort)
    MembershipFactory(classroom=room, enrolment__cohort_year=cohort)
    return {"school": cast.first_primary, "stage": "primary", "left_on": left_on}


def _alert(cast: Cast, number: int) -> dict[str, Any]:
    enrolment, *_rest = _child(cast, number)
    return {"enrolment": enrolment, "ground": "risk", "since": timezone.localdate()}


SAMPLES: dict[str, Sample] = {
    "staff": Sample(
        lambda _cast, school, number: StaffPostFactory(
            school=school, person__name=f"李老师{number}", person__phone="13700000002"
        ),
        cells={
            "school": "第一小学",
            "name": "王老师",
            "sex": "女",
            "born_on": "1985-03-12",
            "id_number": id_number(date(1985, 3, 12), sequence=2),
            "staff_no": "T9001",
            "post": "专任教师",
            "started_on": "2012-09-01",
            "phone": "13700000001",
        },
        changed={"subject": "语文"},
        wrong=("started_on", "2012-02-30"),
    ),
    "pupils": Sample(
        _pupil,
        cells=_pupil_cells,
        changed={"boarding": "住校"},
        wrong=("born_on", "2018-05-02"),
    ),
    "guardians": Sample(
        lambda cast, school, number: GuardianLinkFactory(
            pupil=_pupil(cast, school, number).person, guardian__name=f"张大明{number}", guardian__phone="13900000001"
        )
    ),
    "national-records": Sample(
        _national,
        cells=_national_cells,
        changed={"state": "已退回"},
        wrong=("state", "没有这种状态"),
    ),
    "duplicates": Sample(
        lambda cast, school, number: DuplicatePairFactory(
            first=_pupil(cast, school, 2 * number).person, second=_pupil(cast, school, 2 * number + 1).person
        )
    ),
}
OPENERS: dict[str, Opener] = {
    KeyFacts.code: Opener(KeyFacts.open_change, "registrar", _key_facts),
    Suspend.code: Opener(Suspend.ask, "registrar", _leave),
    Graduate.code: Opener(Graduate.open_list, "registrar", _graduation),
    DropOut.code: Opener(DropOut.raise_alert, "registrar", _alert),
    NewEntry.code: Opener(NewEntry.open_entry, "registrar", _cells),
    TransferWithin.code: Opener(TransferWithin.open_transfer, "other_registrar", _within),
    TransferOut.code: Opener(TransferOut.open_out, "registrar", _out),
    TransferIn.code: Opener(TransferIn.open_in, "registrar", _in),
    TransferCorrection.code: Opener(TransferCorrection.open_correction, "county_officer", _correction),
}


WORK = {
    # Nobody is on the roll of the cast's schools.
    "people.rosters": Work(
        lambda stage: stage.cast.first_primary.pk, mine=("registrar",), seen=("head", "county_officer", "director")
    ),
}
