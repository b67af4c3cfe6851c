"""Pairs of persons that may be one."""

from datetime import date

import factory

from tests.factories.base import RowFactory
from tests.factories.people import PersonFactory
from xianxue.people.choices import DuplicateKind
from xianxue.people.models import DuplicatePair


class DuplicatePairFactory(RowFactory[DuplicatePair]):
    """Two boys of one name, kept by one school, whom nobody has judged yet."""

    class Meta:
        model = DuplicatePair

    first = factory.SubFactory(PersonFactory)
    second = factory.SubFactory(PersonFactory)
    kind = DuplicateKind.PUPIL
    score = 18
    facts = factory.LazyFunction(lambda: [["same_name", 8], ["same_birth", 9], ["same_sex", 1]])
    rules_version = "2026.1"
    basis = "0" * 32
    spans_schools = False
    found_on = date(2024, 10, 15)
