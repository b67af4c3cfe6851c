"""Finding people by a fragment of the name, by pinyin, or by an exact number."""

import re

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


def people_found(text: str, prefix: str = "person__") -> Q:
    """The condition on rows with a person at `prefix` for what a reader typed.

    Latin letters are pinyin or its initials, from the beginning; digits are a whole number (学籍号, document, telephone),
    compared by its digest; anything else is a part of the name. Persons are looked up first, through their indexes, and
    without the reach: the rows keep to it.
    """
    typed, key = narrow_text(text), f"{prefix.removesuffix('__')}_id__in"
    if NUMBER.match(typed):
        return Q(**{key: _by_number(typed.upper())})
    condition = _by_letters(typed.replace("'", "")) if LATIN.match(typed) else _by_name(typed)
    with whole_county("查找：行仍按范围过滤"):
        found = list(_persons(condition).values_list("pk", flat=True)[: MANY + 1])
    if len(found) <= MANY:
        return Q(**{key: found})
    return _behind(condition, prefix)


def _persons(condition: Q) -> "QuerySet[Person]":
    return Person.objects.filter(condition).order_by()


def _by_letters(letters: str) -> Q:
    return any_beginning(("initials", "name_pinyin"), letters)


def _by_name(name: str) -> Q:
    beginning = any_beginning(("name",), name)
    with whole_county("查找：行仍按范围过滤"):
        return beginning if _persons(beginning).exists() else Q(name__contains=name)


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
