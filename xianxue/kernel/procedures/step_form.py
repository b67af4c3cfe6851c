"""What the forms of steps have in common."""

from collections.abc import Iterable
from typing import Any

from django import forms


class StepForm(forms.Form):
    """A form of a step; it stands in the reach of the person who acts, so `objects` gives what that person may choose.

    `self.subject` is what the matter is about; None on the page that starts one. `prepare` runs once the fields exist:
    the place to fill in choices and initial values. The names `by`, `note`, `seen`, `once` and `papers` are taken.
    """

    def __init__(self, *args: Any, subject: Any = None, **kwargs: Any) -> None:
        self.subject = subject
        super().__init__(*args, **kwargs)
        self.prepare()

    def prepare(self) -> None:
        """Fill in what depends on the subject or on the reach."""

    def about(self) -> Iterable[tuple[str, str]]:
        """(label, text) of what a new matter will be about, for the page that starts it; nothing where it is chosen."""
        return ()
