"""A page for one command: a form in, one call into the domain, a refusal shown at the field it concerns."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm, Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from xianxue.kernel.access import Actor, Grant, current_reach, nobody
from xianxue.kernel.commands import Refused
from xianxue.kernel.ui.forms import FormPage


def actor_of(request: HttpRequest, *, via: str = "page") -> Actor:
    """The signed-in person as the actor of a command."""
    reach = current_reach()
    return Actor(user_id=reach.user_id, label=reach.label, via=via)


@method_decorator((sensitive_post_parameters(), never_cache), name="dispatch")
class CommandView(View):
    """Subclasses give `form_class`, `title`, `submit`, and say in `run` which command to call.

    Seen by whoever holds `grant`; others get 403 when `found()` shows them the subject, else its 404.
    """

    form_class: type[Form] = Form
    grant: Grant = nobody
    title: Any = ""
    submit: Any = ""
    done: Any = ""
    template_name = "ui/form.html"
    http_method_names = ("get", "post", "head", "options")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.subject: Any = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.subject = self.found(**kwargs)
        if not self.allowed():
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def found(self, **kwargs: Any) -> Any:
        """The subject of the command, in reach; raises Http404 otherwise. None for commands without one."""
        return None

    def allowed(self) -> bool:
        """Whether the person now acting may run the command on the subject."""
        return bool(self.grant.scope(current_reach()))

    def run(self, data: dict[str, Any], by: Actor) -> Any:
        """Call the command with the form's cleaned data."""
        raise NotImplementedError

    def after(self, result: Any) -> str:
        """Where to go afterwards."""
        raise NotImplementedError

    def cancel_href(self) -> str:
        """Where to go without doing it."""
        return self.after(None)

    def form(self, data: Any = None) -> BaseForm:
        """The form, bound when there is data."""
        return self.form_class(data)

    def page(self, form: BaseForm) -> FormPage:
        """What `ui/form.html` draws."""
        sub = str(self.subject) if self.subject is not None else ""
        return FormPage(
            title=str(self.title), form=form, submit=str(self.submit), cancel_href=self.cancel_href(), sub=sub
        )

    def shown(self, request: HttpRequest, form: BaseForm, status: int = 200) -> HttpResponse:
        """The page with the form."""
        return render(request, self.template_name, {"page": self.page(form)}, status=status)

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        return self.shown(request, self.form())

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.shown(request, form, status=422)
        try:
            result = self.run(form.cleaned_data, actor_of(request))
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
            return self.shown(request, form, status=422)
        if self.done:
            messages.success(request, str(self.done))
        return self.answer(result)

    def answer(self, result: Any) -> HttpResponse:
        """What follows: the page `after`; a view whose result is shown this once answers with it."""
        return HttpResponseRedirect(self.after(result))
