"""Finding people by a fragment of the name, by pinyin, or by an exact number."""

import re
from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet

from xianxue.kernel.access import whole_county
from xianxue.kernel.columns.cleaning import narrow_text
from xianxue.kernel.crypto import digest
from xianxue.kernel.resources.search import any_beginning
from xianxue.people.models import Identifier, Person
from xianxue.people.rules import DOCUMENT_SPACE, PHONE_SPACE, STUDENT_SPACE

LATIN = re.compile(r"^[a-z][a-z0-9']*$")
NUMBER = re.compile(r"^[a-z]?[0-9()-]{4,}x?$")
# More people than this are narrowed down by the rows instead: a list of keys would be longer than the table.
MANY = 1_000


def people_found(rows: "QuerySet[Any]", text: str, *prefixes: str) -> Q:
    """The condition on rows with a person at one of the prefixes (default `person__`) for what a reader typed.

    Latin letters are pinyin or its initials, from the beginning; digits are a whole number (学籍号, document, telephone),
    compared by its digest; anything else is the beginning of a name, or a part of it where none of `rows` has a name
    that begins so. Persons are looked up first, through their indexes, and without the reach: `rows` keep to it, and
    nothing is decided by a person whom they do not show.
    """
    typed, places = narrow_text(text), prefixes or ("person__",)
    if NUMBER.match(typed):
        return _at(places, _by_number(typed.upper()))
    if LATIN.match(typed):
        return _having(places, any_beginning(("initials", "name_pinyin"), typed.replace("'", "")))
    beginning = _having(places, any_beginning(("name",), typed))
    return beginning if rows.filter(beginning).exists() else _having(places, Q(name__contains=typed))


def _having(places: Sequence[str], condition: Q) -> Q:
    """The rows that have, at one of the places, a person who meets the condition."""
    with whole_county("查找：行仍按范围过滤"):
        persons = list(Person.objects.filter(condition).order_by().values_list("pk", flat=True)[: MANY + 1])
    if len(persons) <= MANY:
        return _at(places, persons)
    return reduce(or_, (_behind(condition, place) for place in places))


def _at(places: Sequence[str], persons: Sequence[int]) -> Q:
    if not persons:
        return Q(pk__in=[])
    return reduce(or_, (Q(**{f"{place.removesuffix('__')}_id__among": persons}) for place in places))


def _by_number(number: str) -> list[int]:
    marks = [digest(space, number) for space in (STUDENT_SPACE, DOCUMENT_SPACE)]
    with whole_county("查找：行仍按范围过滤"):
        found = set(Identifier.objects.filter(digest__in=marks).values_list("person_id", flat=True))
        phone = Person.objects.filter(phone_digest=digest(PHONE_SPACE, number))
        found.update(phone.values_list("pk", flat=True)[:MANY])
    return sorted(found)


def _behind(condition: Q, prefix: str) -> Q:
    """The same condition on the other side of a relation."""
    turned = Q(_connector=condition.connector, _negated=condition.negated)
    for child in condition.children:
        if isinstance(child, Q):
            turned.add(_behind(child, prefix), condition.connector)
        elif isinstance(child, tuple):
            turned.add(Q((f"{prefix}{child[0]}", child[1])), condition.connector)
    return turned
