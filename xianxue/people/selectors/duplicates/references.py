"""Everything that points at a person, found by looking at the models: an app that is added tomorrow is covered."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import ForeignKey, ForeignObjectRel, Model, Q, UniqueConstraint

from xianxue.kernel.procedures.models import MatterSubject
from xianxue.people.models import DuplicatePair, Person


@dataclass(frozen=True)
class Reference:
    """A foreign key to a person."""

    model: type[Model]
    name: str
    """The field's attribute, such as `person_id`."""

    @property
    def code(self) -> str:
        """How the history names it: people.enrolment.person_id."""
        return f"{self.model._meta.label_lower}.{self.name}"

    def rows(self, person: int) -> Any:
        """The rows that point at the person. Runs in the reach now in force."""
        return self.model._default_manager.filter(**{self.name: person})

    def rules(self) -> Iterator[tuple[tuple[str, ...], Q]]:
        """What may be there once only: the other fields that must not agree too, and of which rows that holds."""
        field = self.name.removesuffix("_id")
        for item in self.model._meta.constraints:
            if isinstance(item, UniqueConstraint) and field in item.fields:
                yield tuple(name for name in item.fields if name != field), item.condition or Q()
        if getattr(self.model._meta.get_field(field), "unique", False):
            yield (), Q()


def references() -> list[Reference]:
    """Every foreign key to a person, but for the pairs themselves and the mark of a merged record."""
    found = [
        Reference(relation.field.model, relation.field.attname)
        for relation in Person._meta.get_fields(include_hidden=True)
        if isinstance(relation, ForeignObjectRel) and isinstance(relation.field, ForeignKey)
    ]
    return sorted(
        (item for item in found if item.model not in (DuplicatePair, Person)), key=lambda reference: reference.code
    )


def by_code() -> dict[str, Reference]:
    """The references by their code."""
    return {item.code: item for item in references()}


def many_to_many() -> list[str]:
    """Many-to-many fields that reach persons without a model of their own in between; there must be none."""
    return [str(field) for field in Person._meta.get_fields(include_hidden=True) if field.many_to_many]


@dataclass(frozen=True)
class Clash:
    """Two rows that cannot both belong to one person."""

    reference: Reference
    first: Any
    second: Any


def clashes(reference: Reference, first: int, second: int) -> list[Clash]:
    """Rows of the two persons that a rule of the database forbids one person to have. A fixed number of queries."""
    found: dict[tuple[int, int], Clash] = {}
    for names, condition in reference.rules():
        fields = [_attribute(reference.model, name) for name in names]
        theirs = {_key(row, fields): row for row in reference.rows(second).filter(condition)}
        for row in reference.rows(first).filter(condition):
            if None not in (key := _key(row, fields)) and (other := theirs.get(key)) is not None:
                found[row.pk, other.pk] = Clash(reference, row, other)
    return list(found.values())


def _attribute(model: type[Model], name: str) -> str:
    return str(getattr(model._meta.get_field(name), "attname"))  # noqa: B009 - a relation's other side has none


def _key(row: Any, fields: Sequence[str]) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in fields)


def open_matters(first: int, second: int) -> list[Any]:
    """Matters under way about either person: their steps would go on about somebody else."""
    return [
        row.matter
        for reference in references()
        if issubclass(reference.model, MatterSubject)
        for person in (first, second)
        for row in reference.rows(person).filter(matter__finished_on__isnull=True).select_related("matter")
    ]
