"""A whole invented county in memory, before any file is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from xianxue.demo.building import Project, build_projects
from xianxue.demo.classes import SchoolClass, plan_classes
from xianxue.demo.grants import Grant, pay_aid
from xianxue.demo.identity import IdNumbers, phones
from xianxue.demo.plan import Plan
from xianxue.demo.pupils import Pupil, Roll
from xianxue.demo.staff import Employee, StaffRoom


@dataclass(frozen=True, slots=True)
class County:
    """Everybody and everything of the year."""

    plan: Plan
    classes: Sequence[SchoolClass]
    staff: Sequence[Employee]
    pupils: Sequence[Pupil]
    grants: Sequence[Grant]
    projects: Sequence[Project]

    def expected(self) -> dict[str, int]:
        """Return what the registers must show once all files are in."""
        year = str(self.plan.year)
        before = str(self.plan.year - 1)
        return {
            "schools": len(self.plan.schools),
            "public_schools": sum(not school.private for school in self.plan.schools),
            "classes": len(self.classes),
            "staff": len(self.staff),
            "teachers": sum(employee.teaches for employee in self.staff),
            "pupils": len(self.pupils),
            "guardians": len({guardian.id_number for pupil in self.pupils for guardian in pupil.family.guardians}),
            "aid_grants": sum(grant.term.startswith(year) for grant in self.grants),
            "aid_fen": sum(grant.fen for grant in self.grants if grant.term.startswith(year)),
            "aid_pupils": len({id(grant.pupil) for grant in self.grants if grant.term.startswith(year)}),
            "aid_grants_before": sum(grant.term.startswith(before) for grant in self.grants),
            "aid_fen_before": sum(grant.fen for grant in self.grants if grant.term.startswith(before)),
            "projects": len(self.projects),
            "livelihood_projects": sum(project.plan.livelihood for project in self.projects),
            "new_places": self._places(self.plan.year),
            "new_places_before": self._places(self.plan.year - 1),
        }

    def _places(self, year: int) -> int:
        """Places delivered in a year, or promised for the school year that begins in it."""
        due = date(year + 1, 8, 31)
        return sum(
            project.plan.places
            for project in self.projects
            if project.plan.delivery and date(year, 1, 1) <= project.plan.delivery <= due
        )


def invent(plan: Plan) -> County:
    """Return the county of a plan; the same plan and seed always give the same one."""
    ids, numbers = IdNumbers(), phones()
    classes = plan_classes(plan)
    staff = StaffRoom(plan, ids, numbers).invent()
    pupils = Roll(plan, ids, numbers, staff).invent(classes)
    return County(plan, classes, staff, pupils, pay_aid(plan, pupils), build_projects(plan))
