"""The cast of the tests: two schools of one county, and the people who work with their records.

When a test says that data do not leak, there are data that could: both schools have a class.
"""

from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.test import Client

from tests.factories.accounts import PostingFactory, UserFactory
from tests.factories.organisations import ClassroomFactory, CountyFactory, SchoolFactory, TermFactory
from xianxue.accounts.models import User
from xianxue.accounts.selectors import reach_of
from xianxue.kernel.access import Reach, Role, all_roles
from xianxue.meetings.roles import RECORDER
from xianxue.organisations import roles
from xianxue.organisations.choices import UnitKind
from xianxue.organisations.models import Classroom, School, Unit

TODAY = date(2024, 10, 15)


@dataclass
class Cast:
    """The county's places and people; `users` by the name of the part they play, `sessions` of those signed in already."""

    county: Unit
    first_primary: School
    second_primary: School
    first_class: Classroom
    second_class: Classroom
    users: dict[str, User] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)

    def reach(self, part: str) -> Reach:
        """What the person reaches."""
        return reach_of(self.users[part])

    def client(self, part: str) -> Client:
        """A browser in which the person is signed in; nobody is, for the part `nobody`."""
        client = Client()
        if part in self.sessions:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[part]
        elif part != "nobody":
            client.force_login(self.users[part])
        return client


def _place(role: Role) -> str:
    """Where in the cast a role is held by itself: at the county, else at the first school, else in its class."""
    if UnitKind.COUNTY in role.unit_kinds:
        return "county"
    return "first" if UnitKind.SCHOOL in role.unit_kinds else "class"


# Part → (role, place): every role that an app declares, under its own code; neighbours; `stranger` has no posting.
# The county's officer comes first: who sees most is whom a test that takes one reader takes.
PARTS: dict[str, tuple[Role, str] | None] = {
    **{str(role): (role, _place(role)) for role in (roles.COUNTY_OFFICER, *all_roles())},
    "other_registrar": (roles.REGISTRAR, "second"),
    "other_head": (roles.HEAD, "second"),
    "other_recorder": (RECORDER, "second"),
    "stranger": None,
}


def make_cast() -> Cast:
    """The whole cast, in the database."""
    county = CountyFactory()
    first = SchoolFactory(name="第一小学", parent=county)
    second = SchoolFactory(name="第二小学", parent=county)
    cast = Cast(
        county, first, second, ClassroomFactory(school=first, number=1), ClassroomFactory(school=second, number=1)
    )
    TermFactory()
    places = {"county": county, "first": first.unit, "second": second.unit, "class": cast.first_class.unit}
    for part, posting in PARTS.items():
        user = cast.users[part] = UserFactory(username=part, name=f"{part} 某")
        if posting:
            PostingFactory(user=user, role=posting[0], unit=places[posting[1]])
    return cast
