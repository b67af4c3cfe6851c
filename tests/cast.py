"""The cast of the tests: two schools of one county, and the people who work with their records.

When a test says that data do not leak, there are data that could: both schools have a class.
"""

from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.test import Client

from tests.factories.accounts import PostingFactory, UserFactory
from tests.factories.organisations import ClassroomFactory, CountyFactory, SchoolFactory, TermFactory
from xianxue.accounts.choices import Role
from xianxue.accounts.models import User
from xianxue.accounts.selectors import reach_of
from xianxue.kernel.access import Reach
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


# Part → (role, place); `stranger` has an account and no posting.
PARTS: dict[str, tuple[Role, str] | None] = {
    "county_officer": (Role.COUNTY_OFFICER, "county"),
    "director": (Role.DIRECTOR, "county"),
    "auditor": (Role.AUDITOR, "county"),
    "aid_officer": (Role.AID_OFFICER, "county"),
    "project_officer": (Role.PROJECT_OFFICER, "county"),
    "system_admin": (Role.SYSTEM_ADMIN, "county"),
    "security_admin": (Role.SECURITY_ADMIN, "county"),
    "audit_admin": (Role.AUDIT_ADMIN, "county"),
    "head": (Role.HEAD, "first"),
    "registrar": (Role.REGISTRAR, "first"),
    "other_registrar": (Role.REGISTRAR, "second"),
    "other_head": (Role.HEAD, "second"),
    "class_teacher": (Role.CLASS_TEACHER, "class"),
    "secretary": (Role.SECRETARY, "first"),
    "member": (Role.MEMBER, "first"),
    "recorder": (Role.RECORDER, "first"),
    "inspector": (Role.INSPECTOR, "first"),
    "other_recorder": (Role.RECORDER, "second"),
    "decisions_officer": (Role.DECISIONS_OFFICER, "county"),
    "discipline": (Role.DISCIPLINE, "county"),
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
