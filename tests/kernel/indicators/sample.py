"""A small county with something of everything that is counted."""

from datetime import date

from tests.cast import Cast, make_cast
from tests.factories.aid import AidGrantFactory, AidProgrammeFactory
from tests.factories.organisations import ClassroomFactory, TermFactory
from tests.factories.people import MembershipFactory, PersonFactory, StaffPostFactory
from tests.factories.projects import CapitalProjectFactory, ProjectFundingFactory, ProjectGateFactory
from xianxue.organisations.choices import Season
from xianxue.organisations.models import Term


def make_county() -> Cast:
    """Two schools: pupils, teachers, a large class, grants of two years, projects with money and gates."""
    cast = make_cast()
    for classroom, pupils in ((cast.first_class, 3), (cast.second_class, 1)):
        MembershipFactory.create_batch(pupils, classroom=classroom, enrolment__boarding="boarder")
    large = ClassroomFactory(school=cast.first_primary)
    MembershipFactory.create_batch(56, classroom=large)
    StaffPostFactory.create_batch(2, school=cast.first_primary)
    _aid(cast)
    _projects(cast)
    return cast


def _aid(cast: Cast) -> None:
    spring = TermFactory(season=Season.SPRING, starts_on=date(2024, 2, 26), ends_on=date(2024, 7, 5),
                         count_day=date(2024, 3, 31), year__start_year=2023)  # fmt: skip
    autumn = Term.objects.get(season=Season.AUTUMN)
    programme, mover = AidProgrammeFactory(), PersonFactory()
    first, second = {"school": cast.first_primary, "programme": programme}, {"school": cast.second_primary}
    AidGrantFactory(**first, person=mover, term=spring, paid_on=date(2024, 5, 20))
    AidGrantFactory(**second, programme=programme, person=mover, term=autumn)
    AidGrantFactory(**second, programme=programme, term=autumn, amount_fen=31_250)
    AidGrantFactory(**first, term=spring, paid_on=date(2023, 12, 31))


def _projects(cast: Cast) -> None:
    done = CapitalProjectFactory(unit=cast.first_primary.unit, is_livelihood=True, places=1080)
    ProjectGateFactory(project=done, gate=12, planned_on=date(2024, 9, 1), reached_on=date(2024, 9, 1))
    ProjectFundingFactory(project=done, received_fen=50_000_000, paid_fen=25_000_000, planned_fen=100_000_000)
    CapitalProjectFactory(unit=cast.county, places=540, expected_on=date(2025, 2, 17))
    CapitalProjectFactory(unit=cast.county, places=90, expected_on=date(2025, 10, 1))
    CapitalProjectFactory(unit=cast.second_primary.unit, kind="repair")
