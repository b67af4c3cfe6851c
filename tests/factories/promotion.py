"""Pupils who do not go up a year with their class."""

from datetime import date

import factory

from tests.factories.base import RowFactory
from tests.factories.organisations import ClassroomFactory
from tests.factories.people import EnrolmentFactory
from xianxue.people.choices import PromotionKind
from xianxue.people.models import PromotionException


class PromotionExceptionFactory(RowFactory[PromotionException]):
    """A pupil who stayed down in the school year 2025."""

    class Meta:
        model = PromotionException

    old_classroom = factory.SubFactory(ClassroomFactory)
    school = factory.SelfAttribute("old_classroom.school")
    enrolment = factory.SubFactory(
        EnrolmentFactory, school=factory.SelfAttribute("..school"), classroom=factory.SelfAttribute("..old_classroom")
    )
    new_classroom = factory.SubFactory(ClassroomFactory, school=factory.SelfAttribute("..school"), cohort_year=2025)
    school_year = 2025
    kind = PromotionKind.HELD_BACK
    reason = "因病缺课过多"
    old_cohort = 2024
    changed_on = date(2025, 9, 1)
    before = factory.LazyFunction(dict)
    after = factory.LazyFunction(dict)
