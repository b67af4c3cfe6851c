"""New persons and numbers, in bulk, with what is derived from them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from xianxue.kernel import bulk
from xianxue.kernel.crypto import digests
from xianxue.people.choices import IdentifierKind, Sex
from xianxue.people.models import Identifier, Person
from xianxue.people.rules import DOCUMENT_SPACE, PHONE_SPACE, STUDENT_SPACE, id_facts, spelt

# Every column but the key, with what it holds when nothing is said: bulk rows have no defaults of their own.
BLANK: dict[str, Any] = {
    "name": "", "sex": Sex.UNKNOWN, "born_on": None, "nationality": "", "ethnic_group": "", "political_status": "",
    "health": "", "blood_type": "", "former_name": "", "birthplace": "", "native_place": "", "household_place": "",
    "household_kind": "", "address": "", "postal_code": "", "phone": "", "died_on": None,
}  # fmt: skip
DERIVED = ("name_pinyin", "initials", "phone_digest")


@dataclass
class NewPersons:
    """Persons about to be inserted: values by field, one list each; fields that are not given stay blank."""

    count: int = 0
    values: dict[str, list[Any]] = field(default_factory=dict)

    def insert(self) -> Sequence[int]:
        """Insert them; returns their primary keys in order."""
        if not self.count:
            return ()
        ids = bulk.next_ids(Person, self.count)
        columns = {name: self.values.get(name) or [blank] * self.count for name, blank in BLANK.items()}
        spellings = spelt(columns["name"])
        derived = (
            [pinyin for pinyin, _initials in spellings],
            [initials for _pinyin, initials in spellings],
            phone_digests(columns["phone"]),
        )
        rows = zip(ids, *columns.values(), *derived, strict=True)
        bulk.insert(Person, ("id", *columns, *DERIVED), rows)
        return ids


def phone_digests(phones: Sequence[str]) -> list[str]:
    """Digests of telephone numbers; none stays empty."""
    return [found if phone else "" for phone, found in zip(phones, digests(PHONE_SPACE, phones), strict=True)]


def document_kind(number: str) -> IdentifierKind:
    """The kind of a document that says nothing of its kind."""
    return IdentifierKind.ID_CARD if id_facts(number) else IdentifierKind.OTHER_PAPER


def insert_numbers(numbers: Iterable[tuple[int, str, str]]) -> None:
    """Insert numbers given as (person, kind, number); the caller has made sure that nobody else has them."""
    given = list(numbers)
    spaces = {STUDENT_SPACE: [], DOCUMENT_SPACE: []}  # type: dict[str, list[tuple[int, str, str]]]
    for item in given:
        spaces[STUDENT_SPACE if item[1] == IdentifierKind.STUDENT_NO else DOCUMENT_SPACE].append(item)
    for space, items in spaces.items():
        if not items:
            continue
        found = digests(space, [number for _person, _kind, number in items])
        rows = (
            (pk, person, kind, number, digest, None, None, "")
            for pk, (person, kind, number), digest in zip(
                bulk.next_ids(Identifier, len(items)), items, found, strict=True
            )
        )
        bulk.insert(Identifier, ("id", "person", "kind", "value", "digest", "valid_from", "valid_to", "issuer"), rows)
