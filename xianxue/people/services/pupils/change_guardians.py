"""Changed cells about guardians: a correction of the person, or another person.

A guardian's name with the same document is a correction; without a document another name is another person, unless
nobody else knows this one. A person shared with other children is never rewritten for one of them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import polars as pl

from xianxue.kernel import bulk
from xianxue.kernel.crypto import digest
from xianxue.people.models import Enrolment, GuardianLink, Identifier, Person, StaffPost
from xianxue.people.rules import DOCUMENT_SPACE, name_initials, name_pinyin
from xianxue.people.services.numbers import digest_series, documents_of, owners
from xianxue.people.services.persons import document_kind, insert_numbers, phone_digests
from xianxue.people.services.pupils.guardians import Wanted, add, unlink, wanted_of
from xianxue.people.services.pupils.shared import Shared

Cells = dict[str, str | None]


@dataclass(frozen=True)
class Known:
    """A guardian as recorded: `document` is the identifier's (key, digest), `is_shared` whether others know the person."""

    link_id: int
    guardian_id: int
    name: str
    relation: str
    is_guardian: bool
    document: tuple[int, str] | None
    is_shared: bool


@dataclass
class Plan:
    """What is to be written: links to take away, guardians to add, corrections of persons, numbers and links."""

    unlinked: list[int] = field(default_factory=list)
    added: list[Wanted] = field(default_factory=list)
    names: list[tuple[int, str, str, str]] = field(default_factory=list)
    phones: dict[int, str] = field(default_factory=dict)
    links: list[tuple[int, str, bool]] = field(default_factory=list)
    new_numbers: list[tuple[int, str, str]] = field(default_factory=list)
    numbers: list[tuple[int, str, str, str]] = field(default_factory=list)
    cleared: list[int] = field(default_factory=list)
    told: set[tuple[int, int]] = field(default_factory=set)
    """(Child, guardian) of the cells themselves: other children of the guardian are noted beside them."""

    def write(self) -> None:
        """Take away first, for a place and a document are given once."""
        names = {person: name for person, name, _pinyin, _initials in self.names}
        shared = Shared.found({*names, *self.phones}, self.told)
        unlink(self.unlinked)
        bulk.delete(Identifier, "id", self.cleared)
        bulk.update(Identifier, ("value", "digest", "kind"), self.numbers)
        insert_numbers(self.new_numbers)
        bulk.update(Person, ("name", "name_pinyin", "initials"), self.names)
        phones = list(self.phones.values())
        bulk.update(Person, ("phone", "phone_digest"), zip(self.phones, phones, phone_digests(phones), strict=True))
        bulk.update(GuardianLink, ("relation", "is_guardian"), self.links)
        shared.note(names, self.phones)
        add(self.added)


def change_guardians(cells: pl.DataFrame) -> None:
    """Write changed cells (`id` of the pupil, `column`, `new`) about guardians."""
    changed: dict[tuple[int, int], Cells] = {}
    for pupil, column, new in cells.select("id", "column", "new").iter_rows():
        head, _sep, part = column.partition("_")
        changed.setdefault((pupil, int(head[-1])), {})[part] = new
    if not changed:
        return
    known = _known({pupil for pupil, _order in changed})
    owner_of = _owners(changed)
    plan = Plan()
    replaced: list[tuple[Known, Wanted]] = []
    for place, new in changed.items():
        if (guardian := known.get(place)) is None:
            plan.added.extend(filter(None, [wanted_of(*place, new)]))
        elif "name" in new and not new["name"]:
            plan.unlinked.append(guardian.link_id)
        elif _is_same(guardian, new, owner_of):
            plan.told.add((place[0], guardian.guardian_id))
            _correct(plan, guardian, new)
        else:
            replaced.append((guardian, _replacement(place, guardian, new)))
    _carry_phones(plan, replaced, changed)
    plan.write()


def _owners(changed: Mapping[tuple[int, int], Cells]) -> dict[str, int]:
    numbers = pl.Series([new.get("id_number") for new in changed.values()], dtype=pl.String).drop_nulls().unique()
    found = dict(zip(digest_series(DOCUMENT_SPACE, numbers), numbers, strict=True))
    return {found[mark]: person for mark, person in owners(DOCUMENT_SPACE, found).iter_rows()}


def _known(pupils: set[int]) -> dict[tuple[int, int], Known]:
    links = GuardianLink.objects.filter(pupil_id__among=pupils)
    rows = list(
        links.values_list("pk", "pupil_id", "order", "guardian_id", "guardian__name", "relation", "is_guardian")
    )
    guardians = sorted({row[3] for row in rows})
    documents = {person: (pk, mark) for person, _kind, mark, pk in documents_of(guardians).iter_rows()}
    shared = set(_shared(guardians))
    return {
        (pupil, order): Known(pk, guardian, name, relation, is_guardian, documents.get(guardian), guardian in shared)
        for pk, pupil, order, guardian, name, relation, is_guardian in rows
    }


def _shared(guardians: list[int]) -> Iterator[int]:
    """Those whom more than one child, or a school, knows."""
    wards: dict[int, int] = {}
    for guardian in GuardianLink.objects.filter(guardian_id__among=guardians).values_list("guardian_id", flat=True):
        wards[guardian] = wards.get(guardian, 0) + 1
    yield from (guardian for guardian, count in wards.items() if count > 1)
    yield from StaffPost.objects.filter(person_id__among=guardians).values_list("person_id", flat=True)
    yield from Enrolment.objects.filter(person_id__among=guardians).values_list("person_id", flat=True)


def _is_same(guardian: Known, new: Cells, owner_of: Mapping[str, int]) -> bool:
    same_name = new.get("name", guardian.name) == guardian.name
    if "id_number" not in new:
        return same_name or guardian.document is not None or not guardian.is_shared
    number = new["id_number"]
    if number and (owner := owner_of.get(number)) is not None:
        return owner == guardian.guardian_id
    if guardian.document is None:
        return same_name or not guardian.is_shared
    return not guardian.is_shared and (same_name or number is None)


def _correct(plan: Plan, guardian: Known, new: Cells) -> None:
    person = guardian.guardian_id
    if name := new.get("name"):
        plan.names.append((person, name, name_pinyin(name), name_initials(name)))
    if "phone" in new:
        plan.phones[person] = new["phone"] or ""
    if {"relation", "is_guardian"} & set(new):
        relation = new["relation"] or "" if "relation" in new else guardian.relation
        is_guardian = new["is_guardian"] != "0" if "is_guardian" in new else guardian.is_guardian
        plan.links.append((guardian.link_id, relation, is_guardian))
    if "id_number" in new:
        _correct_number(plan, guardian, new["id_number"])


def _correct_number(plan: Plan, guardian: Known, number: str | None) -> None:
    if not number:
        plan.cleared.extend([guardian.document[0]] if guardian.document else [])
    elif guardian.document is None:
        plan.new_numbers.append((guardian.guardian_id, document_kind(number), number))
    elif guardian.document[1] != (mark := digest(DOCUMENT_SPACE, number)):
        plan.numbers.append((guardian.document[0], number, mark, document_kind(number)))


def _replacement(place: tuple[int, int], guardian: Known, new: Cells) -> Wanted:
    return Wanted(
        *place,
        name=new.get("name") or guardian.name,
        relation=new["relation"] or "" if "relation" in new else guardian.relation,
        id_number=new.get("id_number") or "",
        phone=new.get("phone"),
        is_guardian=new["is_guardian"] != "0" if "is_guardian" in new else guardian.is_guardian,
    )


def _carry_phones(plan: Plan, replaced: list[tuple[Known, Wanted]], changed: Mapping[tuple[int, int], Cells]) -> None:
    """A telephone that the cells do not mention goes over to whoever takes the guardian's place."""
    people = {guardian.guardian_id for guardian, _wanted in replaced}
    phones = dict(Person.objects.filter(pk__among=people).values_list("pk", "phone"))
    for guardian, wanted in replaced:
        given = changed[wanted.pupil_id, wanted.order]
        phone = wanted.phone if "phone" in given else phones[guardian.guardian_id] or None
        plan.unlinked.append(guardian.link_id)
        plan.added.append(replace(wanted, phone=phone))
