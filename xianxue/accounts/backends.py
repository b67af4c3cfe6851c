"""Django's door to our users. Passwords are judged in `sign_in`, where attempts are counted."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from xianxue.accounts.models import User
from xianxue.accounts.services import sign_in


class LockingBackend(BaseBackend):
    """Knows users by key, and lets a name and password in only through the counting of failures."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **_others: Any
    ) -> User | None:
        """The user, or None when wrong or locked; a request is needed, for its address counts too."""
        if request is None or not username or password is None:
            return None
        found = sign_in.attempt(username, password, sign_in.address_of(request))
        return found if isinstance(found, User) else None

    def get_user(self, user_id: int) -> User | None:
        """The user of a session, while switched on."""
        user: User | None = User.objects.filter(pk=user_id, is_active=True).first()
        return user
