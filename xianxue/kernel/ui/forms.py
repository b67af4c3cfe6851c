"""A form page and a confirmation as data: `ui/form.html` and `ui/confirm.html` draw them as `page`."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.forms import BaseForm, BoundField

from .details import Fact
from .parts import Link, Notice


@dataclass(frozen=True, slots=True)
class FormSection:
    """Some fields of the form under a heading of their own."""

    title: str
    fields: Sequence[str]
    help: str = ""


@dataclass(frozen=True, slots=True)
class FormPage:
    """A form with one primary action; without `sections` its fields stand in their order.

    `href` is where it posts (empty: the page itself).
    """

    title: str
    form: BaseForm
    submit: str
    cancel_href: str = ""
    href: str = ""
    sub: str = ""
    trail: Sequence[Link] = ()
    notice: Notice | None = None
    sections: Sequence[FormSection] = ()
    note: str = ""

    @property
    def groups(self) -> list[tuple[FormSection, list[BoundField]]]:
        """The sections with their fields; raises KeyError when a section names a field that the form lacks."""
        if not self.sections:
            return [(FormSection("", ()), self.form.visible_fields())]
        return [(section, [self.form[name] for name in section.fields]) for section in self.sections]


@dataclass(frozen=True, slots=True)
class ConfirmPage:
    """A question before something that is hard to take back: what will happen, to what, how it can be undone."""

    title: str
    question: str
    submit: str
    cancel_href: str
    href: str = ""
    trail: Sequence[Link] = ()
    effects: Sequence[str] = ()
    facts: Sequence[Fact] = ()
    form: BaseForm | None = None
    is_dangerous: bool = False
    hidden: Sequence[tuple[str, str]] = ()
