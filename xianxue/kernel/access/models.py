"""Models that nobody can read outside a reach."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q, sql

from xianxue.kernel.access.reach import OutOfReach, Reach, UnitScope, reach_or_none


def _check(query: Any) -> None:
    """Refuse to compile a query that was not made in the reach now in force."""
    reach = reach_or_none()
    if reach is None or query.reach is not reach:
        message = (
            f"A query on {query.model._meta.label} ran outside the reach in which it was made. "
            "Build and run it inside one `with in_reach(...)` block."
        )
        raise OutOfReach(message)


class _Guarded:
    """Mixin of the query classes: the reach travels with every clone and is checked when SQL is made."""

    reach: Reach | None = None

    def get_compiler(self, *args: Any, **kwargs: Any) -> Any:
        _check(self)
        return super().get_compiler(*args, **kwargs)  # type: ignore[misc]  # a mixin: the query class comes after it

    def chain(self, klass: type | None = None) -> Any:
        # update(), delete() and aggregates change the class of the query: the guard must come along.
        return super().chain(_GUARDED.get(klass, klass) if klass else None)  # type: ignore[misc]  # a mixin: the query class comes after it


class ReachQuery(_Guarded, sql.Query):
    """SELECT inside a reach."""


class ReachUpdateQuery(_Guarded, sql.UpdateQuery):
    """UPDATE inside a reach."""


class ReachDeleteQuery(_Guarded, sql.DeleteQuery):
    """DELETE inside a reach."""


_GUARDED: dict[type | None, type] = {
    sql.Query: ReachQuery,
    sql.UpdateQuery: ReachUpdateQuery,
    sql.DeleteQuery: ReachDeleteQuery,
}


class ReachQuerySet(models.QuerySet[Any]):
    """A queryset whose SQL can only be made in the reach in which it was built."""

    def __init__(self, model: Any = None, query: Any = None, using: str | None = None, hints: Any = None) -> None:
        super().__init__(model, query or ReachQuery(model), using, hints)

    def raw(self, *_args: Any, **_kwargs: Any) -> Any:
        """Raw SQL knows no reach: refused."""
        message = f"{self.model._meta.label}: raw SQL cannot be kept in reach."
        raise OutOfReach(message)


class ReachManager(models.Manager[Any]):
    """The default door to a ReachModel: filters by the reach now in force."""

    def get_queryset(self) -> ReachQuerySet:
        """All rows in reach; outside a reach a queryset that raises OutOfReach when it runs."""
        queryset = ReachQuerySet(self.model, using=self._db, hints=self._hints)  # type: ignore[attr-defined]  # set on our own query class
        reach = reach_or_none()
        queryset.query.reach = reach  # type: ignore[attr-defined]  # set on our own query class
        if reach is None or reach.units.every:
            return queryset
        return queryset.filter(self.model.rows_in(reach))


class ReachModel(models.Model):
    """A row that belongs to units of the tree.

    `reach_fields` name the fields (or paths) that hold the unit's id; a row is in reach when any of them is.
    `unguarded` is for the kernel, bulk writers and sign-in; pages and selectors use `objects`.
    """

    reach_fields: ClassVar[tuple[str, ...]] = ()
    reads_beyond_units: ClassVar[bool] = False
    """Whether `read_in` opens rows of other units than those of the reader, who must not change them."""

    objects: ClassVar[ReachManager] = ReachManager()
    unguarded: ClassVar[models.Manager[Any]] = models.Manager()

    class Meta:
        abstract = True
        base_manager_name = "unguarded"
        default_manager_name = "objects"

    @classmethod
    def rows_in(cls: type[Self], reach: Reach) -> Q:
        """The filter for the rows in reach; a model with another path to its units overrides it."""
        return cls.read_in(reach.units)

    @classmethod
    def read_in(cls: type[Self], scope: UnitScope) -> Q:
        """The rows that whoever reaches these units may read. More than those that belong to them, for what follows a child."""
        return scope.q(*cls.reach_fields)
