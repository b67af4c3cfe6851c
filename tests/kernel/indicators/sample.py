"""A small county with something of everything that is counted."""

from tests.cast import Cast, make_cast
from tests.contracts.declared import counted
from tests.factories.organisations import ClassroomFactory
from tests.factories.people import MembershipFactory, StaffPostFactory


def make_county() -> Cast:
    """Two schools: pupils, teachers, a large class, and what each app counts (`counted` in its samples)."""
    cast = make_cast()
    for classroom, pupils in ((cast.first_class, 3), (cast.second_class, 1)):
        MembershipFactory.create_batch(pupils, classroom=classroom, enrolment__boarding="boarder")
    large = ClassroomFactory(school=cast.first_primary)
    MembershipFactory.create_batch(56, classroom=large)
    StaffPostFactory.create_batch(2, school=cast.first_primary)
    for add in counted():
        add(cast)
    return cast
