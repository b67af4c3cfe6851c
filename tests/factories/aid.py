"""Programmes, rates and grants of pupil aid."""

from datetime import date

import factory

from tests.factories.base import RowFactory
from tests.factories.organisations import SchoolFactory, TermFactory
from tests.factories.people import PersonFactory
from xianxue.aid.models import AidGrant, AidProgramme, RateCard


class AidProgrammeFactory(RowFactory[AidProgramme]):
    """A programme of its own, beside those of the release."""

    class Meta:
        model = AidProgramme

    code = factory.Sequence(lambda number: f"sample-{number}")
    name = factory.Sequence(lambda number: f"样例补助{number}")
    stages = "primary"
    source = "样例"


class RateCardFactory(RowFactory[RateCard]):
    """625 元 a term since 2020."""

    class Meta:
        model = RateCard

    programme = factory.SubFactory(AidProgrammeFactory)
    stage = "primary"
    amount_fen = 62_500
    valid_from = date(2020, 9, 1)


class AidGrantFactory(RowFactory[AidGrant]):
    """One payment of 625 元."""

    class Meta:
        model = AidGrant

    person = factory.SubFactory(PersonFactory)
    school = factory.SubFactory(SchoolFactory)
    programme = factory.SubFactory(AidProgrammeFactory)
    term = factory.SubFactory(TermFactory)
    amount_fen = 62_500
    paid_on = date(2024, 11, 20)
