"""A small county with something of everything that is counted."""

from datetime import date

from tests.cast import Cast, make_cast
from tests.factories.aid import AidGrantFactory, AidProgrammeFactory
from tests.factories.findings import make_finding
from tests.factories.organisations import ClassroomFactory, TermFactory
from tests.factories.people import MembershipFactory, PersonFactory, StaffPostFactory
from tests.factories.projects import CapitalProjectFactory, ProjectFundingFactory, ProjectGateFactory
from tests.factories.proposals import make_entry, make_proposal
from xianxue.decisions.models import Proposal, Publication
from xianxue.kernel.procedures.models import Matter, Party
from xianxue.organisations.choices import Season
from xianxue.organisations.models import Term


def make_county() -> Cast:
    """Two schools: pupils, teachers, a large class, grants of two years, projects with money and gates, matters."""
    cast = make_cast()
    for classroom, pupils in ((cast.first_class, 3), (cast.second_class, 1)):
        MembershipFactory.create_batch(pupils, classroom=classroom, enrolment__boarding="boarder")
    large = ClassroomFactory(school=cast.first_primary)
    MembershipFactory.create_batch(56, classroom=large)
    StaffPostFactory.create_batch(2, school=cast.first_primary)
    _aid(cast)
    _projects(cast)
    _matters(cast)
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


def _matters(cast: Cast) -> None:
    """On the last day of 2024 two of the First Primary are open, one of them late; three are finished, two in time."""
    _matter(cast, opened_on=date(2024, 12, 20), finish_due_on=date(2025, 1, 20))
    _matter(cast, opened_on=date(2024, 11, 1), finish_due_on=date(2024, 11, 29), finished_on=date(2025, 2, 10))
    _matter(cast, opened_on=date(2024, 9, 2), finish_due_on=date(2024, 9, 30), finished_on=date(2024, 9, 30))
    _matter(cast, opened_on=date(2024, 9, 2), finish_due_on=date(2024, 9, 30), finished_on=date(2024, 10, 8))
    _matter(cast, unit=cast.first_class.pk, opened_on=date(2024, 10, 8), finished_on=date(2024, 10, 9))


def _matter(cast: Cast, *, unit: int = 0, **days: date) -> None:
    state = "done" if "finished_on" in days else "opened"
    school = cast.first_primary.pk
    matter = Matter.unguarded.create(
        procedure="people.key_facts", state=state, unit_id=unit or school, title="关键信息变更",
        state_since=days["opened_on"], **days,
    )  # fmt: skip
    for place, party in (("school", school), ("county", cast.county.pk)):
        Party.objects.create(matter=matter, place=place, unit_id=party)


def add_decisions(cast: Cast) -> None:
    """Two proposals of 2024, one of them passed, published and archived in time; a finding that is open."""
    entry = make_entry(cast.first_primary, publication_days=5)
    for _number in range(2):
        done = make_proposal(cast, entry=entry)
    rows = Proposal.unguarded.all()
    rows.update(proposed_on=date(2024, 10, 8))
    rows.filter(pk=done.pk).update(is_passed=True, decided_on=date(2024, 10, 20), archived_on=date(2024, 12, 2))
    Publication.unguarded.create(proposal=done, started_on=date(2024, 10, 21), due_on=date(2024, 10, 28))
    make_finding(cast.first_primary.unit)
