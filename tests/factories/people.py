"""Persons and their records. Numbers are of an area that does not exist (999…), with valid check digits."""

from datetime import date

import factory

from tests.factories.base import RowFactory
from tests.factories.organisations import ClassroomFactory, SchoolFactory
from xianxue.kernel.crypto import digest
from xianxue.organisations.choices import Stage
from xianxue.people.choices import IdentifierKind, Post, Sex
from xianxue.people.models import (
    ClassMembership,
    Enrolment,
    GuardianLink,
    Identifier,
    NationalRecord,
    Person,
    Qualification,
    StaffPost,
)
from xianxue.people.rules import (
    DOCUMENT_SPACE,
    PHONE_SPACE,
    STUDENT_SPACE,
    check_digit,
    name_initials,
    name_pinyin,
)


def id_number(born_on: date = date(2015, 9, 1), *, sequence: int = 1) -> str:
    """An ID number that nobody has; an odd sequence is a man's."""
    body = f"999999{born_on:%Y%m%d}{sequence:03d}"
    return body + check_digit(body)


class PersonFactory(RowFactory[Person]):
    """A boy born on 1 September 2015."""

    class Meta:
        model = Person

    name = "张小明"
    name_pinyin = factory.LazyAttribute(lambda person: name_pinyin(person.name))
    initials = factory.LazyAttribute(lambda person: name_initials(person.name))
    sex = Sex.MALE
    born_on = date(2015, 9, 1)
    phone = ""
    phone_digest = factory.LazyAttribute(lambda person: digest(PHONE_SPACE, person.phone) if person.phone else "")


class IdentifierFactory(RowFactory[Identifier]):
    """The ID number of a person."""

    class Meta:
        model = Identifier

    person = factory.SubFactory(PersonFactory)
    kind = IdentifierKind.ID_CARD
    value = factory.Sequence(lambda number: id_number(sequence=number % 999))
    digest = factory.LazyAttribute(
        lambda item: digest(STUDENT_SPACE if item.kind == IdentifierKind.STUDENT_NO else DOCUMENT_SPACE, item.value)
    )


class EnrolmentFactory(RowFactory[Enrolment]):
    """A pupil of the cohort of 2024 in a primary school, without a class."""

    class Meta:
        model = Enrolment

    person = factory.SubFactory(PersonFactory)
    school = factory.SubFactory(SchoolFactory)
    stage = Stage.PRIMARY
    cohort_year = 2024
    entered_on = date(2024, 9, 1)


class MembershipFactory(RowFactory[ClassMembership]):
    """A pupil's seat in a class from the day of entry."""

    class Meta:
        model = ClassMembership

    classroom = factory.SubFactory(ClassroomFactory)
    enrolment = factory.SubFactory(
        EnrolmentFactory,
        classroom=factory.SelfAttribute("..classroom"),
        school=factory.SelfAttribute("..classroom.school"),
    )
    started_on = factory.SelfAttribute("enrolment.entered_on")


class GuardianLinkFactory(RowFactory[GuardianLink]):
    """A father."""

    class Meta:
        model = GuardianLink

    pupil = factory.SubFactory(PersonFactory)
    guardian = factory.SubFactory(PersonFactory, name="张大明", born_on=date(1988, 5, 1))
    relation = "51"
    order = 1


class StaffPostFactory(RowFactory[StaffPost]):
    """A teacher at a school."""

    class Meta:
        model = StaffPost

    person = factory.SubFactory(PersonFactory, name="李老师", born_on=date(1980, 3, 1))
    school = factory.SubFactory(SchoolFactory)
    staff_no = factory.Sequence(lambda number: f"T{number:04d}")
    post = Post.TEACHER
    is_full_time_teacher = True
    started_on = date(2010, 9, 1)


class QualificationFactory(RowFactory[Qualification]):
    """A primary teacher's licence."""

    class Meta:
        model = Qualification

    person = factory.SubFactory(PersonFactory)
    kind = "2"
    subject = "12"
    number = factory.Sequence(lambda number: f"2010{number:013d}")


class NationalRecordFactory(RowFactory[NationalRecord]):
    """A record that has passed in the national system."""

    class Meta:
        model = NationalRecord

    enrolment = factory.SubFactory(EnrolmentFactory)
    state = "3"
    checked_on = date(2024, 10, 8)
    source = "国家系统导出"
