"""What the pages of one's own account share."""

from django.http import Http404, HttpRequest

from xianxue.accounts.models import User


def own(request: HttpRequest) -> User:
    """The user of the request."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user
