"""Django's door to our users, and its sessions. Passwords are judged in `sign_in`, where attempts are counted."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import BigIntegerField, CharField, DateTimeField
from django.http import HttpRequest
from django.utils import timezone

from xianxue.accounts.models import User
from xianxue.accounts.services import sign_in
from xianxue.kernel.access.prepared import Prepared, Slot


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
        row = _USER.first(user=user_id)
        return User.from_db("default", _FIELDS, row) if row else None


class SessionStore(db.SessionStore):
    """Django's sessions in the database, read by a prepared query: every request reads one."""

    def load(self) -> dict[str, Any]:
        """What the session holds; nothing, and no key any more, where there is none or it is over."""
        row = _SESSION.first(key=self.session_key, now=timezone.now()) if self.session_key else None
        if row is None:
            self._session_key = None
            return {}
        return self.decode(row[0])


_FIELDS = [field.attname for field in User._meta.concrete_fields]
_USER = Prepared(lambda: User.objects.filter(pk=Slot("user", BigIntegerField()), is_active=True).values_list(*_FIELDS))
_SESSION = Prepared(
    lambda: Session.objects.filter(
        session_key=Slot("key", CharField()), expire_date__gt=Slot("now", DateTimeField())
    ).values_list("session_data")
)
