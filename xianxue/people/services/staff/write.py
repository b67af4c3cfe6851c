"""Writing posts: new ones, changed cells, and taking them back."""

from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl
from django.utils.translation import gettext as _

from xianxue.kernel import bulk
from xianxue.kernel.access import whole_county
from xianxue.organisations.services import name_head_teachers
from xianxue.people.models import Qualification, StaffPost
from xianxue.people.services import renewal
from xianxue.people.services.corrections import by_column, correct_documents, correct_persons, refuse_empty
from xianxue.people.services.persons import NewPersons, document_kind, insert_numbers
from xianxue.people.services.removal import known_elsewhere, remove_strangers
from xianxue.people.services.staff.current import papers_of
from xianxue.people.services.staff.fields import PAPER, PERSON, POST
from xianxue.people.services.stored import named

NEVER_EMPTY = ("name", "sex", "staff_no", "post", "started_on")


def insert(rows: pl.DataFrame, day: date) -> list[int]:
    """Write new posts; returns their keys in the order of the rows. Persons known by their document are not doubled."""
    with whole_county("写入已核对的教职工"):
        people = _people(rows)
        ids = list(bulk.next_ids(StaffPost, rows.height))
        columns = {stored.name: stored.values(rows[stored.name]) for stored in POST}
        columns["started_on"] = [started or day for started in columns["started_on"]]
        columns["is_full_time_teacher"] = [bool(value) for value in columns["is_full_time_teacher"]]
        schools = rows["unit_id"].to_list()
        bulk.insert(
            StaffPost,
            ("id", "person", "school", *columns, "ended_on"),
            zip(ids, people, schools, *columns.values(), [None] * len(ids), strict=True),
        )
        _renew_known(rows, ids)
        _insert_papers(rows.with_columns(_person=pl.Series(people, dtype=pl.Int64)))
        name_head_teachers(set(schools))
    return ids


def _people(rows: pl.DataFrame) -> list[int]:
    """The person of each row: known already, made for an earlier row with the same document, or made now."""
    known: list[int | None] = rows["_person_id"].to_list()
    numbers: list[str | None] = rows["id_number"].to_list()
    first: dict[str, int] = {}
    for place, number in enumerate(numbers):
        if number:
            first.setdefault(number, place)
    makers = [
        place for place, number in enumerate(numbers) if known[place] is None and (not number or first[number] == place)
    ]
    new = rows[makers]
    values = {stored.name: stored.values(new[stored.name]) for stored in PERSON}
    values["phone"] = new["phone"].fill_null("").to_list()
    made = dict(zip(makers, NewPersons(new.height, values).insert(), strict=True))
    insert_numbers((pk, document_kind(number), number) for place, pk in made.items() if (number := numbers[place]))
    return [
        person if person is not None else made[place] if place in made else made[first[numbers[place] or ""]]
        for place, person in enumerate(known)
    ]


def _renew_known(rows: pl.DataFrame, ids: Sequence[int]) -> None:
    """What a row says of a person known already is newer than what was kept; the old values are told of."""
    frame = rows.with_columns(id=pl.col("_person_id"), _post=pl.Series(ids, dtype=pl.Int64)).drop_nulls("id")
    frame = frame.unique("id", keep="last", maintain_order=True)
    if frame.is_empty():
        return
    names = [*(item.name for item in PERSON), "phone"]
    given = frame.select("id", *names).unpivot(index="id", variable_name="column", value_name="new")
    posts, units = (dict(frame.select("id", name).iter_rows()) for name in ("_post", "unit_id"))
    renewal.renew(given, PERSON, posts, units)


def _insert_papers(rows: pl.DataFrame) -> None:
    given = rows.filter(pl.col("paper_kind").is_not_null()).unique("_person", keep="first", maintain_order=True)
    have = set(papers_of(given["_person"].to_list())["person_id"])
    papers = given.filter(~pl.col("_person").is_in(sorted(have))).select("_person", *PAPER).iter_rows()
    bulk.insert(
        Qualification,
        ("person", *PAPER.values(), "issued_on"),
        ((person, *(value or "" for value in values), None) for person, *values in papers),
    )


def change(cells: pl.DataFrame) -> None:
    """Write cells (`id` of the post, `column`, `new`)."""
    refuse_empty(cells, NEVER_EMPTY, _("姓名、性别、工号、岗位、来校日期"))
    with whole_county("写入已核对的更正"):
        found = StaffPost.objects.filter(pk__among=cells["id"].unique().to_list())
        posts = {pk: (person, school) for pk, person, school in found.values_list("pk", "person_id", "school_id")}
        person_of = {pk: person for pk, (person, _school) in posts.items()}
        of_person = cells.with_columns(pl.col("id").replace_strict(person_of, return_dtype=pl.Int64))
        correct_persons(of_person, PERSON)
        correct_documents(of_person)
        _change_posts(cells)
        _change_papers(of_person.filter(pl.col("column").is_in(list(PAPER))))
        name_head_teachers({school for _person, school in posts.values()})


def _change_posts(cells: pl.DataFrame) -> None:
    fields = named(POST)
    for name, part in by_column(cells, fields):
        values = fields[name].values(part["new"])
        if name == "is_full_time_teacher":
            values = [bool(value) for value in values]
        bulk.update(StaffPost, (name,), zip(part["id"], values, strict=True))


def _change_papers(cells: pl.DataFrame) -> None:
    """The first licence is corrected in place; a person without one gets it; without a kind it is taken away."""
    have = papers_of(cells["id"].unique().to_list())
    paper_of: dict[int, int] = dict(have.select("person_id", "paper_pk").iter_rows())
    new: dict[int, dict[str, str]] = {}
    gone: list[int] = []
    for name, part in by_column(cells, PAPER):
        for person, text in part.select("id", "new").iter_rows():
            if name == "paper_kind" and not text and person in paper_of:
                gone.append(paper_of[person])
            elif person not in paper_of:
                new.setdefault(person, {})[name] = text or ""
        kept = part.filter(pl.col("id").is_in(list(paper_of)))
        rows = [(paper_of[person], text or "") for person, text in kept.select("id", "new").iter_rows()]
        bulk.update(Qualification, (PAPER[name],), rows)
    bulk.delete(Qualification, "id", gone)
    added = [(person, texts) for person, texts in new.items() if texts.get("paper_kind")]
    bulk.insert(
        Qualification,
        ("person", *PAPER.values(), "issued_on"),
        ((person, *(texts.get(name, "") for name in PAPER), None) for person, texts in added),
    )


def remove(ids: Sequence[int], door: str) -> Mapping[int, str]:
    """Take back posts that an import made, and persons who are nothing else.

    What the import's rows overwrote of persons known before is given back; `door` is the import's.
    """
    with whole_county("撤回导入"):
        posts = StaffPost.objects.filter(pk__among=ids).values_list("pk", "person_id", "school_id")
        holders = {pk: (person, school) for pk, person, school in posts}
        reasons = known_elsewhere({person for person, _school in holders.values()})
        kept = {pk: reasons[person] for pk, (person, _school) in holders.items() if person in reasons}
        gone = [pk for pk in holders if pk not in kept]
        renewal.restore(renewal.overwritten(gone, door), PERSON)
        bulk.delete(StaffPost, "id", gone)
        remove_strangers(holders[pk][0] for pk in gone)
        name_head_teachers({holders[pk][1] for pk in gone})
    return kept
