"""A whole invented county in memory, before any file is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xianxue.demo.classes import SchoolClass, plan_classes
from xianxue.demo.identity import IdNumbers, phones
from xianxue.demo.parts import parts
from xianxue.demo.plan import Plan
from xianxue.demo.pupils import Pupil, Roll
from xianxue.demo.staff import Employee, StaffRoom


@dataclass(frozen=True, slots=True)
class County:
    """Everybody and everything of the year; `invented` is what each system's part made, by its code."""

    plan: Plan
    classes: Sequence[SchoolClass]
    staff: Sequence[Employee]
    pupils: Sequence[Pupil]
    invented: Mapping[str, Any]

    def expected(self) -> dict[str, int]:
        """Return what the registers must show once all files are in."""
        return {
            "schools": len(self.plan.schools),
            "public_schools": sum(not school.private for school in self.plan.schools),
            "classes": len(self.classes),
            "staff": len(self.staff),
            "teachers": sum(employee.teaches for employee in self.staff),
            "pupils": len(self.pupils),
            "guardians": len({guardian.id_number for pupil in self.pupils for guardian in pupil.family.guardians}),
            **{
                name: number
                for part in parts()
                for name, number in part.expected(self.plan, self.invented[part.code]).items()
            },
        }


def invent(plan: Plan) -> County:
    """Return the county of a plan; the same plan and seed always give the same one."""
    ids, numbers = IdNumbers(), phones()
    classes = plan_classes(plan)
    staff = StaffRoom(plan, ids, numbers).invent()
    pupils = Roll(plan, ids, numbers, staff).invent(classes)
    return County(plan, classes, staff, pupils, {part.code: part.invent(plan, pupils) for part in parts()})
