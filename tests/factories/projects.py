"""Capital projects with money and gates."""

from datetime import date

import factory

from tests.factories.base import RowFactory
from tests.factories.organisations import SchoolFactory
from xianxue.projects.models import CapitalProject, ProjectFunding, ProjectGate


class CapitalProjectFactory(RowFactory[CapitalProject]):
    """An extension of a school."""

    class Meta:
        model = CapitalProject

    code = factory.Sequence(lambda number: f"2024-{number:03d}")
    name = factory.Sequence(lambda number: f"教学楼扩建{number}")
    unit = factory.LazyFunction(lambda: SchoolFactory().unit)
    kind = "extend"
    listed_on = date(2024, 3, 15)


class ProjectFundingFactory(RowFactory[ProjectFunding]):
    """Money of one source."""

    class Meta:
        model = ProjectFunding

    project = factory.SubFactory(CapitalProjectFactory)
    source = "county"
    planned_fen = 100_000_00


class ProjectGateFactory(RowFactory[ProjectGate]):
    """The first gate, reached."""

    class Meta:
        model = ProjectGate

    project = factory.SubFactory(CapitalProjectFactory)
    gate = 1
    planned_on = date(2024, 4, 1)
    reached_on = date(2024, 4, 2)
