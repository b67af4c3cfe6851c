"""Users and their postings."""

from datetime import date

import factory
from django.contrib.auth.hashers import make_password

from tests.factories.base import RowFactory
from tests.factories.organisations import CountyFactory
from xianxue.accounts.choices import RequestKind
from xianxue.accounts.models import AccountRequest, Delegation, Posting, SecondFactor, SignIn, SignInFailure, User
from xianxue.kernel.crypto import digest
from xianxue.kernel.sheets.models import NumberMatch
from xianxue.organisations import roles

PASSWORD = "correct horse battery"


class UserFactory(RowFactory[User]):
    """A user who signs in with PASSWORD and reaches nothing."""

    class Meta:
        model = User

    username = factory.Sequence(lambda number: f"user{number}")
    name = factory.Sequence(lambda number: f"用户{number}")
    password = factory.LazyFunction(lambda: make_password(PASSWORD))


class PostingFactory(RowFactory[Posting]):
    """A county officer since 2020."""

    class Meta:
        model = Posting

    user = factory.SubFactory(UserFactory)
    role = roles.COUNTY_OFFICER
    unit = factory.SubFactory(CountyFactory)
    started_on = date(2020, 9, 1)


class AccountRequestFactory(RowFactory[AccountRequest]):
    """A request to make somebody an audit administrator, that nobody has confirmed."""

    class Meta:
        model = AccountRequest

    kind = RequestKind.ROLE
    user = factory.SubFactory(UserFactory)
    role = roles.AUDIT_ADMIN
    unit = factory.SubFactory(CountyFactory)
    started_on = date(2024, 9, 1)
    reason = "工作需要"
    asked_by = factory.SubFactory(UserFactory)


class DelegationFactory(RowFactory[Delegation]):
    """A head's role, handed to a colleague for the autumn of 2024."""

    class Meta:
        model = Delegation

    posting = factory.SubFactory(PostingFactory)
    giver = factory.SelfAttribute("posting.user")
    taker = factory.SubFactory(UserFactory)
    started_on = date(2024, 10, 1)
    ended_on = date(2024, 10, 31)
    reason = "外出培训"


class SecondFactorFactory(RowFactory[SecondFactor]):
    """A second factor with the secret of RFC 6238's own test vectors."""

    class Meta:
        model = SecondFactor

    user = factory.SubFactory(UserFactory)
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


class SignInFailureFactory(RowFactory[SignInFailure]):
    """A failed sign-in from one address."""

    class Meta:
        model = SignInFailure

    name_digest = factory.LazyFunction(lambda: digest("sign-in-name", "somebody"))
    address_digest = factory.LazyFunction(lambda: digest("sign-in-address", "192.0.2.1"))


class NumberMatchFactory(RowFactory[NumberMatch]):
    """A clerk typed the number of a child at another school."""

    class Meta:
        model = NumberMatch

    user_id = 1
    asker = "核对人"
    sheet = "pupils"
    door = "page"
    rows = 1
    hits = 1
    codes = "P511"


class SignInFactory(RowFactory[SignIn]):
    """A session of a user."""

    class Meta:
        model = SignIn

    user = factory.SubFactory(UserFactory)
    session_key = factory.Sequence(lambda number: f"session{number:025d}")
