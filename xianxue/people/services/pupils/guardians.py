"""Guardians of pupils: one person for all children, recognised by the identity document alone.

A guardian without a document is only ever this pupil's: a name and a telephone do not make two children siblings.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from xianxue.kernel import bulk
from xianxue.kernel.crypto import digests
from xianxue.people.models import GuardianLink, Person
from xianxue.people.rules import DOCUMENT_SPACE, id_facts
from xianxue.people.services.numbers import owners
from xianxue.people.services.persons import NewPersons, document_kind, insert_numbers, phone_digests
from xianxue.people.services.pupils.shared import Shared
from xianxue.people.services.renewal import Told, tell

LINK = ("pupil", "guardian", "relation", "is_guardian", "order")


@dataclass(frozen=True)
class Wanted:
    """A guardian as a row names one; `phone` None leaves a known person's telephone as it is."""

    pupil_id: int
    order: int
    name: str
    relation: str = ""
    id_number: str = ""
    phone: str | None = None
    is_guardian: bool = True
    guardian_id: int | None = None


def add(wanted: Sequence[Wanted]) -> None:
    """Link pupils with their guardians, making persons of those who are not known yet."""
    with_document = [item for item in wanted if item.id_number]
    numbers = sorted({item.id_number for item in with_document})
    by_digest = dict(zip(digests(DOCUMENT_SPACE, numbers), numbers, strict=True))
    known = owners(DOCUMENT_SPACE, by_digest)
    person_of = {by_digest[digest]: person for digest, person in known.iter_rows()}
    met = [item for item in with_document if item.id_number in person_of]
    _update_phones([replace(item, guardian_id=person_of[item.id_number]) for item in met])
    first = {item.id_number: item for item in reversed(with_document) if item.id_number not in person_of}
    person_of |= _new_persons(list(first.values()))
    linked = [(item, person_of[item.id_number]) for item in with_document]
    alone = [item for item in wanted if not item.id_number]
    linked += zip(alone, _insert_persons(alone), strict=True)
    bulk.insert(GuardianLink, LINK, _link_rows(linked))


def _link_rows(linked: Iterable[tuple[Wanted, int]]) -> Iterable[tuple[object, ...]]:
    seen: set[tuple[int, int]] = set()
    for item, guardian in sorted(linked, key=lambda pair: (pair[0].pupil_id, pair[0].order)):
        # Both guardians of a pupil given with one document: the first is kept, a rule of the sheet has warned.
        if (item.pupil_id, guardian) not in seen:
            seen.add((item.pupil_id, guardian))
            yield item.pupil_id, guardian, item.relation, item.is_guardian, item.order


def _new_persons(wanted: Sequence[Wanted]) -> dict[str, int]:
    ids = _insert_persons(wanted)
    insert_numbers((pk, document_kind(item.id_number), item.id_number) for pk, item in zip(ids, wanted, strict=True))
    return {item.id_number: pk for pk, item in zip(ids, wanted, strict=True)}


def _insert_persons(wanted: Sequence[Wanted]) -> Sequence[int]:
    facts = [id_facts(item.id_number) for item in wanted]
    values: dict[str, list[Any]] = {
        "name": [item.name for item in wanted],
        "phone": [item.phone or "" for item in wanted],
        "sex": [fact.sex if fact else "0" for fact in facts],
        "born_on": [fact.born_on if fact else None for fact in facts],
    }
    return NewPersons(len(wanted), values).insert()


def _update_phones(wanted: Sequence[Wanted]) -> None:
    """The newer telephone of guardians known already, noted with their other children as well."""
    phones = {item.guardian_id: item.phone for item in wanted if item.guardian_id and item.phone}
    found = dict(zip(phones, phone_digests(list(phones.values())), strict=True))
    stored = dict(Person.objects.filter(pk__among=phones).values_list("pk", "phone_digest"))
    new = {pk: phone for pk, phone in phones.items() if stored.get(pk) != found[pk]}
    if not new:
        return
    before = dict(Person.objects.filter(pk__among=new).values_list("pk", "phone"))
    shared = Shared.found(new, {(item.pupil_id, item.guardian_id) for item in wanted if item.guardian_id})
    bulk.update(Person, ("phone", "phone_digest"), ((pk, phone, found[pk]) for pk, phone in new.items()))
    shared.note({}, new)
    wards: dict[int, list[int]] = {}
    for item in wanted:
        if item.guardian_id in new:
            wards.setdefault(item.guardian_id, []).append(item.pupil_id)
    tell([Told(pk, {"phone": [before[pk] or None, phone]}, tuple(wards[pk])) for pk, phone in new.items()])


def unlink(link_ids: Iterable[int]) -> None:
    """Remove links; the guardians stay as persons, out of everybody's reach unless linked otherwise."""
    bulk.delete(GuardianLink, "id", link_ids)


def wanted_of(pupil_id: int, order: int, cells: Mapping[str, str | None]) -> Wanted | None:
    """The guardian whom the cells name (by part: name, relation, …), or None without a name."""
    name = cells.get("name")
    if not name:
        return None
    return Wanted(
        pupil_id,
        order,
        name,
        cells.get("relation") or "",
        cells.get("id_number") or "",
        cells.get("phone"),
        cells.get("is_guardian") != "0",
    )
