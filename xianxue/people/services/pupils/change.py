"""Changed cells of pupils, written to where each is kept."""

from collections.abc import Callable, Iterable
from datetime import date

import polars as pl
from django.utils.translation import gettext as _

from xianxue.kernel import bulk
from xianxue.kernel.access import whole_county
from xianxue.kernel.commands import Refused
from xianxue.people.choices import IdentifierKind
from xianxue.people.models import Enrolment, Identifier, Person
from xianxue.people.rules import DOCUMENT_SPACE, STUDENT_SPACE, spelt
from xianxue.people.services.numbers import batches, digest_series, documents_of, owners
from xianxue.people.services.persons import insert_numbers, phone_digests
from xianxue.people.services.pupils import seats
from xianxue.people.services.pupils.change_guardians import change_guardians
from xianxue.people.services.pupils.fields import ENROLMENT, GUARDIANS, PERSON, guardian_columns, named


def change(cells: pl.DataFrame, day: date) -> None:
    """Write cells (`id`, `column`, `new`) of pupils enrolled now."""
    with whole_county("写入已核对的更正"):
        _person(cells)
        _numbers(cells)
        _enrolment(cells)
        seats.change(cells.filter(pl.col("column").is_in(["grade", "class_number"])), day)
        names = [name for order in GUARDIANS for name in guardian_columns(order)]
        change_guardians(cells.filter(pl.col("column").is_in(names)))


def _by_column(cells: pl.DataFrame, names: Iterable[str]) -> Iterable[tuple[str, pl.DataFrame]]:
    found = cells.filter(pl.col("column").is_in(list(names)))
    for (name,), part in found.group_by(["column"], maintain_order=True):
        yield str(name), part


def _person(cells: pl.DataFrame) -> None:
    stored = named(PERSON)
    for name, part in _by_column(cells, stored):
        bulk.update(Person, (name,), zip(part["id"], stored[name].values(part["new"]), strict=True))
        if name == "name":
            spellings = spelt(part["new"].fill_null("").to_list())
            rows = ((pk, *spelling) for pk, spelling in zip(part["id"], spellings, strict=True))
            bulk.update(Person, ("name_pinyin", "initials"), rows)
    phones = cells.filter(pl.col("column") == "phone")
    texts = phones["new"].fill_null("").to_list()
    bulk.update(Person, ("phone", "phone_digest"), zip(phones["id"], texts, phone_digests(texts), strict=True))


def _enrolment(cells: pl.DataFrame) -> None:
    stored = named(ENROLMENT)
    enrolments = open_enrolments(cells.filter(pl.col("column").is_in(list(stored)))["id"].unique().to_list())
    for name, part in _by_column(cells, stored):
        values = zip(part["id"], stored[name].values(part["new"]), strict=True)
        bulk.update(Enrolment, (name,), ((enrolments[person], value) for person, value in values))


def open_enrolments(people: Iterable[int]) -> dict[int, int]:
    """Person → enrolment that is open now."""
    found: dict[int, int] = {}
    for batch in batches(people):
        open_now = Enrolment.objects.filter(person_id__in=batch, ended_on__isnull=True)
        found.update(open_now.values_list("person_id", "pk"))
    return found


def _numbers(cells: pl.DataFrame) -> None:
    students = cells.filter(pl.col("column") == "student_no")
    have: dict[int, int] = {}
    for batch in batches(students["id"].to_list()):
        numbers = Identifier.objects.filter(person_id__in=batch, kind=IdentifierKind.STUDENT_NO, valid_to__isnull=True)
        have.update(numbers.values_list("person_id", "pk"))
    _replace_numbers(STUDENT_SPACE, students, have, lambda _person: IdentifierKind.STUDENT_NO)
    _documents(cells)


def _documents(cells: pl.DataFrame) -> None:
    """A document's number or kind is corrected in place: the history keeps what stood there before."""
    numbers = cells.filter(pl.col("column") == "id_number")
    kinds = cells.filter((pl.col("column") == "id_kind") & pl.col("new").is_not_null())
    new_kind = dict(kinds.select("id", "new").iter_rows())
    people = pl.concat([numbers["id"], kinds["id"]]).unique().to_list()
    have = {person: (kind, pk) for person, kind, _digest, pk in documents_of(people).iter_rows()}
    _replace_numbers(
        DOCUMENT_SPACE,
        numbers,
        {person: pk for person, (_kind, pk) in have.items()},
        lambda person: new_kind.get(person, IdentifierKind.ID_CARD),
    )
    gone = set(numbers.filter(pl.col("new").is_null())["id"])
    changed = [(have[person][1], kind) for person, kind in new_kind.items() if person in have and person not in gone]
    bulk.update(Identifier, ("kind",), changed)


def _replace_numbers(space: str, cells: pl.DataFrame, have: dict[int, int], kind_of: Callable[[int], str]) -> None:
    refuse_taken(space, cells)
    found = dict(zip(cells["id"], digest_series(space, cells["new"]), strict=True))
    given = {person: text for person, text in cells.select("id", "new").iter_rows() if text}
    cleared = [pk for person, pk in have.items() if person in found and person not in given]
    bulk.delete(Identifier, "id", cleared)
    kept = [(have[person], text, found[person]) for person, text in given.items() if person in have]
    bulk.update(Identifier, ("value", "digest"), kept)
    insert_numbers((person, kind_of(person), text) for person, text in given.items() if person not in have)


def refuse_taken(space: str, cells: pl.DataFrame) -> None:
    """Refuse numbers that another person has: two records of one pupil are joined by people, not by an import."""
    given = cells.with_columns(digest=digest_series(space, cells["new"])).drop_nulls("digest")
    taken = given.join(owners(space, given["digest"].to_list()), on="digest").filter(
        pl.col("person_id") != pl.col("id")
    )
    if taken.height:
        raise Refused(
            _("未能更正：有 %(rows)s 个号码已登记在其他人名下。请核对证件号、学籍号；确属同一人的，请先合并两份记录。")
            % {"rows": taken.height}
        )
