"""Corrections of persons and their numbers, in bulk: cells as `id` (of the person), `column`, `new`."""

from collections.abc import Callable, Iterable, Iterator, Sequence

import polars as pl
from django.utils.translation import gettext as _

from xianxue.kernel import bulk
from xianxue.kernel.commands import Refused
from xianxue.people.choices import IdentifierKind
from xianxue.people.models import Identifier, Person
from xianxue.people.rules import DOCUMENT_SPACE, STUDENT_SPACE, spelt
from xianxue.people.services.numbers import digest_series, documents_of, owners
from xianxue.people.services.persons import document_kind, insert_numbers, phone_digests
from xianxue.people.services.stored import Stored, named


def by_column(cells: pl.DataFrame, names: Iterable[str]) -> Iterator[tuple[str, pl.DataFrame]]:
    """The cells of each of the columns, one frame a column."""
    found = cells.filter(pl.col("column").is_in(list(names)))
    for (name,), part in found.group_by(["column"], maintain_order=True):
        yield str(name), part


def refuse_empty(cells: pl.DataFrame, names: Sequence[str], said: str) -> None:
    """Refuse to clear what every record has; `said` names those columns."""
    if cells.filter(pl.col("column").is_in(names) & pl.col("new").is_null()).height:
        raise Refused(_("未能更正：%(columns)s不能清空。请补填后再保存。") % {"columns": said})


def correct_persons(cells: pl.DataFrame, stored: Sequence[Stored]) -> None:
    """Write the person's own fields, what is derived from the name, and the telephone."""
    fields = named(stored)
    for name, part in by_column(cells, fields):
        bulk.update(Person, (name,), zip(part["id"], fields[name].values(part["new"]), strict=True))
        if name == "name":
            spellings = spelt(part["new"].fill_null("").to_list())
            rows = ((pk, *spelling) for pk, spelling in zip(part["id"], spellings, strict=True))
            bulk.update(Person, ("name_pinyin", "initials"), rows)
    phones = cells.filter(pl.col("column") == "phone")
    texts = phones["new"].fill_null("").to_list()
    bulk.update(Person, ("phone", "phone_digest"), zip(phones["id"], texts, phone_digests(texts), strict=True))


def correct_student_numbers(cells: pl.DataFrame) -> None:
    """Write 学籍号 in place: the history keeps what stood there before."""
    numbers = cells.filter(pl.col("column") == "student_no")
    known = Identifier.objects.filter(
        person_id__among=numbers["id"].to_list(), kind=IdentifierKind.STUDENT_NO, valid_to__isnull=True
    )
    have = dict(known.values_list("person_id", "pk"))
    _replace(STUDENT_SPACE, numbers, have, lambda _person, _number: IdentifierKind.STUDENT_NO)


def correct_documents(cells: pl.DataFrame) -> None:
    """Write the identity document's number and kind in place; a kind without a number stays unsaid."""
    numbers = cells.filter(pl.col("column") == "id_number")
    kinds = cells.filter((pl.col("column") == "id_kind") & pl.col("new").is_not_null())
    new_kind: dict[int, str] = dict(kinds.select("id", "new").iter_rows())
    people = pl.concat([numbers["id"], kinds["id"]]).unique().to_list()
    have = {person: (kind, pk) for person, kind, _digest, pk in documents_of(people).iter_rows()}
    _replace(
        DOCUMENT_SPACE,
        numbers,
        {person: pk for person, (_kind, pk) in have.items()},
        lambda person, number: new_kind.get(person) or document_kind(number),
    )
    gone = set(numbers.filter(pl.col("new").is_null())["id"])
    changed = [(have[person][1], kind) for person, kind in new_kind.items() if person in have and person not in gone]
    bulk.update(Identifier, ("kind",), changed)


def _replace(space: str, cells: pl.DataFrame, have: dict[int, int], kind_of: Callable[[int, str], str]) -> None:
    _refuse_taken(space, cells)
    found = dict(zip(cells["id"], digest_series(space, cells["new"]), strict=True))
    given = {person: text for person, text in cells.select("id", "new").iter_rows() if text}
    cleared = [pk for person, pk in have.items() if person in found and person not in given]
    bulk.delete(Identifier, "id", cleared)
    kept = [(have[person], text, found[person]) for person, text in given.items() if person in have]
    bulk.update(Identifier, ("value", "digest"), kept)
    insert_numbers((person, kind_of(person, text), text) for person, text in given.items() if person not in have)


def _refuse_taken(space: str, cells: pl.DataFrame) -> None:
    """Refuse numbers that another person has: two records of one person are joined by people, not by an import."""
    given = cells.with_columns(digest=digest_series(space, cells["new"])).drop_nulls("digest")
    known = given.join(owners(space, given["digest"].to_list()), on="digest")
    taken = known.filter(pl.col("person_id") != pl.col("id"))
    if taken.height:
        raise Refused(
            _("未能更正：有 %(rows)s 个号码已登记在其他人名下。请核对证件号、学籍号；确属同一人的，请先合并两份记录。")
            % {"rows": taken.height}
        )
