"""Samples of organisations, people, accounts, aid and projects."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from tests.cast import Cast
from tests.contracts.openers import OPENERS
from tests.contracts.samples.sample import Sample
from tests.factories.accounts import (
    AccountRequestFactory,
    DelegationFactory,
    NumberMatchFactory,
    PostingFactory,
    SignInFactory,
    SignInFailureFactory,
    UserFactory,
)
from tests.factories.aid import AidGrantFactory, AidProgrammeFactory, RateCardFactory
from tests.factories.duplicates import DuplicatePairFactory
from tests.factories.organisations import (
    ClassroomFactory,
    CodeFactory,
    CodeListFactory,
    DayOverrideFactory,
    SchoolFactory,
    SchoolYearFactory,
    TermFactory,
    free_number,
)
from tests.factories.people import (
    EnrolmentFactory,
    GuardianLinkFactory,
    IdentifierFactory,
    MembershipFactory,
    NationalRecordFactory,
    PersonFactory,
    StaffPostFactory,
    id_number,
)
from tests.factories.projects import CapitalProjectFactory, ProjectFundingFactory, ProjectGateFactory
from tests.factories.restricted import EmergencyFactory, ReadRecordFactory
from xianxue.aid.models import AidProgramme
from xianxue.kernel.procedures.models import Matter
from xianxue.organisations.models import School, Term
from xianxue.people.choices import IdentifierKind
from xianxue.people.models import Identifier
from xianxue.projects.models import CapitalProject


def _posting(cast: Cast, school: School, number: int) -> Any:
    return PostingFactory(
        user__name=f"任职{number}", role="registrar", unit=school.unit, started_on=date(2021, 9, number + 1)
    )


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


def _pupil_cells(cast: Cast) -> Mapping[str, str]:
    ClassroomFactory(school=cast.first_primary, number=31)
    number = id_number(date(2018, 5, 1))
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
        "guardian1_phone": "13900000001",
    }


STUDENT_NO = f"G{id_number()}"


def _matter(cast: Cast, school: School, number: int) -> Any:
    """A transfer within the county, for which the school has asked."""
    subject = OPENERS["people.transfer"].open(cast, number)
    if school != cast.second_primary:
        Matter.unguarded.filter(pk=subject.matter_id).update(unit_id=school.pk)
        subject.matter.parties.exclude(place="county").update(unit_id=school.pk)
    else:
        subject.matter.parties.filter(place="sending").update(unit_id=school.pk)
    return subject.matter


def _grant(cast: Cast, school: School, number: int) -> Any:
    return AidGrantFactory(
        person=PersonFactory(name=f"受助{number}"),
        school=school,
        programme=AidProgramme.objects.get_or_create(code="sample", defaults={"name": "样例补助", "source": "样例"})[0],
        term=Term.objects.get(),
    )


def _grant_cells(cast: Cast) -> Mapping[str, str]:
    pupil = EnrolmentFactory(person__name="周小明", school=cast.first_primary)
    IdentifierFactory(person=pupil.person, kind=IdentifierKind.STUDENT_NO, value=STUDENT_NO)
    RateCardFactory(programme=AidProgrammeFactory(code="sample", name="样例补助"))
    return {
        "school": "第一小学",
        "student_no": STUDENT_NO,
        "name": "周小明",
        "programme": "样例补助",
        "term": "2024 年秋季学期",
        "amount": "625",
        "paid_on": "2024-11-20",
    }


def _project_of(cast: Cast, school: School) -> CapitalProject:
    found: CapitalProject = CapitalProject.unguarded.filter(unit=school.unit).first() or CapitalProjectFactory(
        unit=school.unit
    )
    return found


def _money_cells(cast: Cast) -> Mapping[str, str]:
    project = _project_of(cast, cast.first_primary)
    return {"project": project.code, "source": "捐赠", "planned": "1000", "received": "500", "paid": "100"}


def _gate_cells(cast: Cast) -> Mapping[str, str]:
    project = _project_of(cast, cast.first_primary)
    return {"project": project.code, "gate": "开工", "planned_on": "2024-05-01", "reached_on": "2024-05-03"}


SOURCES = ("central", "province", "city", "county")

SAMPLES: dict[str, Sample] = {
    "users": Sample(lambda _cast, _school, number: UserFactory(username=f"sample{number}", name=f"样例{number}")),
    "postings": Sample(_posting),
    "delegations": Sample(
        lambda _cast, school, number: DelegationFactory(
            posting__unit=school.unit, posting__role="registrar", taker__name=f"代办{number}"
        )
    ),
    "sign-ins": Sample(lambda _cast, _school, number: SignInFactory(user__name=f"登录{number}")),
    "sign-in-failures": Sample(
        lambda _cast, _school, number: SignInFailureFactory(user=UserFactory(name=f"失败{number}"))
    ),
    "number-matches": Sample(lambda _cast, _school, number: NumberMatchFactory(asker=f"核对{number}")),
    "account-requests": Sample(
        lambda cast, _school, number: AccountRequestFactory(user__name=f"申请{number}", unit=cast.county)
    ),
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
    "read-records": Sample(
        lambda _cast, school, number: ReadRecordFactory(what=f"身份证件号{number}", unit_id=school.pk)
    ),
    "emergencies": Sample(
        lambda _cast, school, number: EmergencyFactory(reason=f"突发疾病送医{number}", unit_id=school.pk)
    ),
    "matters": Sample(_matter),
    "aid-grants": Sample(_grant, cells=_grant_cells, changed={"amount": "500"}, wrong=("paid_on", "2024-02-30")),
    "aid-rates": Sample(lambda _cast, _school, number: RateCardFactory(tier=f"{number + 1} 档")),
    "projects": Sample(
        lambda _cast, school, number: CapitalProjectFactory(unit=school.unit, code=f"2024-S{number}"),
        cells={
            "code": "2024-T01",
            "name": "第一小学教学楼扩建",
            "unit": "第一小学",
            "kind": "扩建",
            "is_livelihood": "否",
            "listed_on": "2024-03-15",
        },
        changed={"built": "40"},
        wrong=("kind", "搬迁"),
    ),
    "project-funding": Sample(
        lambda cast, school, number: ProjectFundingFactory(project=_project_of(cast, school), source=SOURCES[number]),
        cells=_money_cells,
        changed={"paid": "200"},
        wrong=("paid", "600"),
    ),
    "project-gates": Sample(
        lambda cast, school, number: ProjectGateFactory(project=_project_of(cast, school), gate=number + 1),
        cells=_gate_cells,
        changed={"reached_on": "2024-05-06"},
        wrong=("gate", "没有这个节点"),
    ),
}
