"""Plants records of persons who are there already, and look-alikes who are not: what a search must find, and must not offer.

Each kind takes persons of the database as they are; nothing in it knows the rules or their weights.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from tests.factories.people import (
    EnrolmentFactory,
    GuardianLinkFactory,
    IdentifierFactory,
    PersonFactory,
)
from xianxue.kernel.crypto import digest
from xianxue.organisations.models import School
from xianxue.people.choices import IdentifierKind
from xianxue.people.models import Enrolment, GuardianLink, Identifier, Person
from xianxue.people.rules import DOCUMENT_SPACE, check_digit

HOMOPHONES = str.maketrans("明宇文婷小晓建伟玲丽", "鸣雨闻亭晓小健炜铃莉")


@dataclass(frozen=True)
class Planted:
    """Two persons, of what kind, and whether they are one."""

    kind: str
    first: int
    second: int
    is_one: bool


def number(born_on: date, order: int, area: str = "999998") -> str:
    """An ID number of an area that does not exist."""
    body = f"{area}{born_on:%Y%m%d}{order:03d}"
    return body + check_digit(body)


def free(*bodies: str) -> str:
    """The first of the numbers with these bodies that nobody has; empty for none."""
    numbers = [body + check_digit(body) for body in bodies]
    taken = set(
        Identifier.unguarded.filter(digest__in=[digest(DOCUMENT_SPACE, item) for item in numbers]).values_list(
            "digest", flat=True
        )
    )
    return next((item for item in numbers if digest(DOCUMENT_SPACE, item) not in taken), "")


def swapped(body: str, place: int) -> str:
    """The body with two neighbouring digits exchanged."""
    return body[:place] + body[place + 1] + body[place] + body[place + 2 :]


class Planter:
    """Plants from enrolled pupils; the seed decides whom."""

    def __init__(self, schools: Sequence[School], seed: int = 7) -> None:
        self.random = Random(seed)
        self.schools = list(schools)
        self.pupils = list(
            Enrolment.unguarded.filter(ended_on=None, person__born_on__isnull=False).values_list("person_id", flat=True)
        )
        self.random.shuffle(self.pupils)

    def source(self) -> tuple[Person, str, list[GuardianLink]]:
        """A pupil nobody has planted from, the document, the guardians."""
        document = None
        while document is None:
            person = Person.unguarded.get(pk=self.pupils.pop())
            document = Identifier.unguarded.filter(person=person, kind=IdentifierKind.ID_CARD).first()
        links = list(GuardianLink.unguarded.filter(pupil=person).select_related("guardian").order_by("order"))
        return person, document.value, links

    def pupil(self, source: Person, *, cohort: int = 2024, **changes: Any) -> Person:
        """A pupil at some school, with the facts of the source but for the changes."""
        names = ("name", "sex", "born_on", "address", "phone")
        facts = {name: getattr(source, name) for name in names} | changes
        made: Person = PersonFactory(**facts)
        known = Enrolment.unguarded.filter(person=source).first()
        year, stage = (known.cohort_year, known.stage) if known else (cohort, "primary")
        EnrolmentFactory(person=made, school=self.random.choice(self.schools), cohort_year=year, stage=stage)
        return made

    def guardian_of(self, pupil: Person, name: str, phone: str, order: int = 1) -> Person:
        """A guardian without a document."""
        made: Person = PersonFactory(name=name, phone=phone, born_on=None, sex="0")
        GuardianLinkFactory(pupil=pupil, guardian=made, order=order)
        return made

    def copied(self, pupil: Person, links: Sequence[GuardianLink]) -> None:
        """The guardians entered again, without their documents."""
        for link in links:
            self.guardian_of(pupil, link.guardian.name, link.guardian.phone, link.order)

    def phone(self) -> str:
        """A telephone number that nobody has."""
        return f"199{self.random.randrange(10**8):08d}"

    def plant(self, each: int) -> list[Planted]:
        """So many of every kind, true pairs and look-alikes."""
        planted = []
        for kinds, is_one in ((TRUE, True), (FALSE, False)):
            for kind, make in kinds.items():
                for _count in range(each):
                    first, second = make(self)
                    planted.append(Planted(kind, first.pk, second.pk, is_one))
        return planted


Made = tuple[Person, Person]


def no_document(planter: Planter) -> Made:
    source, _number, links = planter.source()
    made = planter.pupil(source)
    planter.copied(made, links)
    return source, made


def homophone(planter: Planter) -> Made:
    source, _number, links = planter.source()
    made = planter.pupil(source, name=source.name[:1] + source.name[1:].translate(HOMOPHONES))
    planter.copied(made, links)
    return source, made


def swapped_digits(planter: Planter) -> Made:
    source, document, links = planter.source()
    made = planter.pupil(source)
    wrong = free(*(swapped(document[:17], place) for place in (15, 14, 13, 4, 3)))
    IdentifierFactory(person=made, value=wrong)
    planter.copied(made, links)
    return source, made


def other_kind_of_paper(planter: Planter) -> Made:
    source, document, _links = planter.source()
    made = planter.pupil(source, name=source.name[:2], phone=planter.phone())
    IdentifierFactory(person=made, value=document, kind=IdentifierKind.OTHER_PAPER)
    return source, made


def renamed(planter: Planter) -> Made:
    source, _number, links = planter.source()
    made = planter.pupil(source, name=source.name[:1] + "梓涵", former_name=source.name, address="")
    planter.copied(made, links)
    return source, made


def wrong_birth_date(planter: Planter) -> Made:
    source, _number, links = planter.source()
    assert source.born_on
    made = planter.pupil(source, born_on=source.born_on + timedelta(days=37))
    planter.copied(made, links)
    return source, made


def grandparents(planter: Planter) -> Made:
    source, _number, _links = planter.source()
    made = planter.pupil(source, phone=planter.phone(), address="")
    planter.guardian_of(made, "祖父某", planter.phone())
    return source, made


def body_of_the_formal_number(planter: Planter) -> Made:
    source, document, _links = planter.source()
    made = planter.pupil(source, phone=planter.phone(), name=source.name[:1] + "某")
    Identifier.unguarded.filter(person=source, kind=IdentifierKind.STUDENT_NO).delete()
    IdentifierFactory(person=made, value=f"G{document}", kind=IdentifierKind.STUDENT_NO)
    return source, made


def guardian_twice(planter: Planter) -> Made:
    source, _number, links = planter.source()
    sibling = planter.pupil(source, name=source.name[:1] + "小妹", born_on=date(2019, 2, 3), sex="2")
    planter.copied(sibling, links)
    again = Person.unguarded.get(ward_links__pupil=sibling, ward_links__order=links[0].order)
    return links[0].guardian, again


def guardian_with_a_new_telephone(planter: Planter) -> Made:
    source, _number, links = planter.source()
    sibling = planter.pupil(source, name=source.name[:1] + "小弟", born_on=date(2019, 5, 6), sex="1")
    again = planter.guardian_of(sibling, links[0].guardian.name, planter.phone())
    planter.guardian_of(sibling, links[1].guardian.name if len(links) > 1 else "无", planter.phone(), 2)
    return links[0].guardian, again


def twin(planter: Planter, *, sex: str, with_number: bool) -> Made:
    following = ""
    while not following:
        source, document, links = planter.source()
        orders = [(int(document[14:17]) + step) % 1000 for step in (2, -2, 1, -1)]
        following = free(*(f"{document[:14]}{order:03d}" for order in orders))
    made = planter.pupil(source, name=source.name[:1] + source.name[1:2] + "杰", sex=sex or source.sex)
    if with_number:
        IdentifierFactory(person=made, value=following)
    for link in links:
        GuardianLinkFactory(pupil=made, guardian=link.guardian, order=link.order)
    return source, made


def sibling(planter: Planter) -> Made:
    source, _number, links = planter.source()
    made = planter.pupil(source, name=source.name[:2] + "安", born_on=date(2016, 3, 4))
    for link in links:
        GuardianLinkFactory(pupil=made, guardian=link.guardian, order=link.order)
    return source, made


def namesake(planter: Planter) -> Made:
    """The same name in another family, another year."""
    source, _number, _links = planter.source()
    assert source.born_on
    made = planter.pupil(
        source, born_on=source.born_on + timedelta(days=400), phone=planter.phone(), address="他处", cohort=2023
    )
    IdentifierFactory(person=made, value=number(source.born_on + timedelta(days=400), planter.random.randrange(999)))
    planter.guardian_of(made, "他人甲", planter.phone())
    return source, made


def parents(planter: Planter) -> Made:
    """A couple: one telephone, one address, the same children."""
    _source, _number, links = planter.source()
    while len(links) < 2:
        _source, _number, links = planter.source()
    Person.unguarded.filter(pk=links[1].guardian_id).update(
        phone=links[0].guardian.phone, phone_digest=links[0].guardian.phone_digest
    )
    return links[0].guardian, links[1].guardian


def father_and_son(planter: Planter) -> Made:
    source, _number, links = planter.source()
    return source, links[0].guardian


TRUE: dict[str, Callable[[Planter], Made]] = {
    "no document": no_document,
    "homophone": homophone,
    "swapped digits": swapped_digits,
    "another kind of paper": other_kind_of_paper,
    "renamed": renamed,
    "wrong birth date": wrong_birth_date,
    "with grandparents": grandparents,
    "body of the G number": body_of_the_formal_number,
    "guardian twice": guardian_twice,
    "guardian, new telephone": guardian_with_a_new_telephone,
}
FALSE: dict[str, Callable[[Planter], Made]] = {
    "twin, other sex": lambda planter: twin(planter, sex="2", with_number=False),
    "twin, same sex": lambda planter: twin(planter, sex="", with_number=False),
    "twin, next number": lambda planter: twin(planter, sex="", with_number=True),
    "sibling": sibling,
    "namesake": namesake,
    "parents": parents,
    "father and son": father_and_son,
}
