"""Samples of aid: what the contracts try them with."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from tests.cast import Cast
from tests.contracts.declared import Sample
from tests.factories.aid import AidGrantFactory, AidProgrammeFactory, RateCardFactory
from tests.factories.organisations import TermFactory
from tests.factories.people import (
    EnrolmentFactory,
    IdentifierFactory,
    PersonFactory,
    id_number,
)
from xianxue.aid.models import AidProgramme
from xianxue.organisations.choices import Season
from xianxue.organisations.models import School, Term
from xianxue.people.choices import IdentifierKind

STUDENT_NO = f"G{id_number()}"


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


SAMPLES: dict[str, Sample] = {
    "aid-grants": Sample(_grant, cells=_grant_cells, changed={"amount": "500"}, wrong=("paid_on", "2024-02-30")),
    "aid-rates": Sample(lambda _cast, _school, number: RateCardFactory(tier=f"{number + 1} 档")),
}


def counted(cast: Cast) -> None:
    """Grants of two years, terms and schools, one of them to a child that moved."""
    spring = TermFactory(season=Season.SPRING, starts_on=date(2024, 2, 26), ends_on=date(2024, 7, 5),
                         count_day=date(2024, 3, 31), year__start_year=2023)  # fmt: skip
    autumn = Term.objects.get(season=Season.AUTUMN)
    programme, mover = AidProgrammeFactory(), PersonFactory()
    first, second = {"school": cast.first_primary, "programme": programme}, {"school": cast.second_primary}
    AidGrantFactory(**first, person=mover, term=spring, paid_on=date(2024, 5, 20))
    AidGrantFactory(**second, programme=programme, person=mover, term=autumn)
    AidGrantFactory(**second, programme=programme, term=autumn, amount_fen=31_250)
    AidGrantFactory(**first, term=spring, paid_on=date(2023, 12, 31))
