"""Who changed since a search, and whom those must be compared with: a search after an import costs what it changed."""

from collections.abc import Collection, Iterable

from django.db.models import Q

from xianxue.kernel.crypto import digests
from xianxue.kernel.history.models import Event
from xianxue.people.choices import IdentifierKind
from xianxue.people.models import Enrolment, GuardianLink, Identifier, Person, Qualification, StaffPost
from xianxue.people.rules import DOCUMENT_SPACE, STUDENT_SPACE

PERSON, POST, ENROLMENT, LINK = "people.person", "people.staffpost", "people.enrolment", "people.guardianlink"


def head_of_log() -> int:
    """Number of the latest event; 0 for an empty log."""
    return Event.objects.order_by("-seq").values_list("seq", flat=True).first() or 0


def touched_since(seq: int) -> set[int]:
    """Persons of whom the log tells after an event, with the guardians of those who are pupils."""
    events = Event.objects.filter(seq__gt=seq, subject_type__in=(PERSON, POST, ENROLMENT, LINK))
    subjects: dict[str, set[int]] = {PERSON: set(), POST: set(), ENROLMENT: set(), LINK: set()}
    for kind, pk in events.values_list("subject_type", "subject_id"):
        subjects[kind].add(pk)
    people = subjects[PERSON]
    people |= _ids(StaffPost.objects.filter(pk__among=subjects[POST]), "person_id")
    people |= _ids(Enrolment.objects.filter(pk__among=subjects[ENROLMENT]), "person_id")
    people |= _ids(GuardianLink.objects.filter(pk__among=subjects[LINK]), "guardian_id")
    people |= _ids(GuardianLink.objects.filter(pupil_id__among=people), "guardian_id")
    return _ids(Person.objects.filter(pk__among=people, merged_into__isnull=True), "pk")


def _ids(rows: Iterable[object], name: str) -> set[int]:
    return set(rows.order_by().values_list(name, flat=True))  # type: ignore[attr-defined]  # any queryset


def partners_of(people: Collection[int]) -> set[int]:
    """Everybody who shares a key with one of the persons: more than will be compared, never fewer."""
    rows = list(
        Person.objects.filter(pk__among=people).values_list("name", "name_pinyin", "former_name", "phone_digest")
    )
    names, sounds, former, phones = ({value for value in column if value} for column in zip(*rows, strict=True))
    named = Q(name_pinyin__among=sounds) | Q(name__among=former) | Q(former_name__among=names | former)
    found = _ids(Person.objects.filter(named | Q(phone_digest__among=phones)), "pk")
    return found | _by_number(people) | _by_family(people) | _by_paper(people)


def _by_number(people: Collection[int]) -> set[int]:
    """The same document, under whatever kind, or a formal 学籍号 made of it."""
    own = list(Identifier.objects.filter(person_id__among=people).values_list("kind", "value", "digest"))
    marks = {mark for kind, _value, mark in own if kind != IdentifierKind.STUDENT_NO}
    bodies = [value[1:] for kind, value, _mark in own if kind == IdentifierKind.STUDENT_NO and value[:1] == "G"]
    formal = [f"G{value}" for kind, value, _mark in own if kind == IdentifierKind.ID_CARD]
    marks.update(digests(DOCUMENT_SPACE, bodies), digests(STUDENT_SPACE, formal))
    return _ids(Identifier.objects.filter(digest__among=marks), "person_id")


def _by_family(people: Collection[int]) -> set[int]:
    """Pupils of the same guardians, or of guardians with the same telephone; and the other guardians of the wards."""
    links = GuardianLink.objects.order_by()
    guardians = _ids(links.filter(pupil_id__among=people), "guardian_id") | set(people)
    phones = Person.objects.filter(pk__among=guardians).exclude(phone_digest="").values_list("phone_digest", flat=True)
    guardians |= _ids(Person.objects.filter(phone_digest__among=set(phones)), "pk")
    pupils = _ids(links.filter(guardian_id__among=guardians), "pupil_id")
    return pupils | _ids(links.filter(pupil_id__among=pupils), "guardian_id")


def _by_paper(people: Collection[int]) -> set[int]:
    numbers = Qualification.objects.filter(person_id__among=people).exclude(number="").values_list("number", flat=True)
    return _ids(Qualification.objects.filter(number__among=set(numbers)), "person_id")
