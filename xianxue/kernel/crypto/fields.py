"""A text column that is sealed at rest."""

from typing import TYPE_CHECKING, Any

from django.db import models

from xianxue.kernel.crypto.sealing import open_text, seal_text

if TYPE_CHECKING:
    TextField = models.TextField[str, str]
else:
    TextField = models.TextField


class SealedTextField(TextField):
    """Text in Python, a sealed token in the database; cannot be filtered or sorted by.

    Keep a digest column beside it where the value must be found again.
    """

    def get_prep_value(self, value: Any) -> Any:
        """Token for a text; empty stays empty, so that "nothing was given" needs no key."""
        return seal_text(str(value)) if value else ""

    def from_db_value(self, value: str | None, *_args: object) -> str:
        """Text of the token read from the database."""
        return open_text(value) if value else ""

    def get_lookup(self, lookup_name: str) -> Any:
        """Only emptiness can be asked for."""
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        message = f"{self.name} is sealed: filter by its digest column instead."
        raise TypeError(message)
