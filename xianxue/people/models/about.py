"""What is about one child, and goes with the child from school to school."""

from collections.abc import Iterator
from typing import ClassVar

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.access import UnitScope
from xianxue.kernel.access.models import ReachModel
from xianxue.kernel.procedures.models import OneOpenSubject
from xianxue.organisations.models import School
from xianxue.people.models.enrolments import came_with_file, moved_away


class ChildRow(ReachModel):
    """A fact about one child, found at one school: a grant, a measurement, a piece of work.

    The `school` counts it and may change it. Where the child's file goes on to another school (a transfer), that school reads
    it from then on, and the first one no longer, all by being of this class.
    """

    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+", verbose_name=_("学生"))
    school = models.ForeignKey(School, models.PROTECT, related_name="+", verbose_name=_("学校"))

    reach_fields: ClassVar[tuple[str, ...]] = ("school_id",)
    reads_beyond_units: ClassVar[bool] = True

    class Meta(ReachModel.Meta):
        abstract = True

    @classmethod
    def read_in(cls, scope: UnitScope) -> Q:
        """The own schools' rows but for files that moved on, and those of children who came with their file."""
        if scope.every or not scope:
            return scope.q("pk")
        return (scope.q("school_id") & ~Q(moved_away(scope))) | came_with_file(scope)


class ChildMatter(OneOpenSubject):
    """A matter about one child (`pupil`, a Person) at one school (`school`).

    Under way it goes on at the child's next school; finished, the school that the child left reads it no longer, like the
    file itself. Both by being of this class, in whatever app: no list names it.
    """

    follows_child: ClassVar[bool] = True
    """False for a matter that names its own schools: under way it stays with them, finished it goes with the file."""

    class Meta(OneOpenSubject.Meta):
        abstract = True


def child_matters() -> Iterator[type[ChildMatter]]:
    """Every kind of matter about a child, of all apps. Asked when the apps are ready."""
    return (model for model in apps.get_models() if issubclass(model, ChildMatter))
