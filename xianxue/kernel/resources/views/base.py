"""What all pages of a register have in common: who may not see it finds nothing there."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views import View

from xianxue.kernel.access import Grant
from xianxue.kernel.resources.register import Register


class RegisterView(View):
    """A page of one register; `register` is given by the address."""

    register: Register = None  # type: ignore[assignment]  # as_view() gives it, and takes only what the class has

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.register.may_view():
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def row(self, pk: int) -> Any:
        """The row with that key, with what its page shows; raises the same Http404 for absent and out of reach."""
        register = self.register
        rows = register.fetched(register.visible().filter(pk=pk))
        if not rows:
            raise Http404
        register.seen(rows[0])
        return rows[0]

    def refuse_unless(self, grant: Grant, row: Any) -> None:
        """403 for a row that one sees, but to which the grant does not extend."""
        if not self.register.allows(grant, row):
            raise PermissionDenied
