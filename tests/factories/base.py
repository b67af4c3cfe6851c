"""What the factories share: rows are made past the reach, as commands and migrations make them."""

from typing import Any, Generic, TypeVar

import factory
from django.db.models import Model

Row = TypeVar("Row", bound=Model)


class RowFactory(factory.django.DjangoModelFactory, Generic[Row]):
    """A factory whose rows are made without asking for a reach."""

    class Meta:
        abstract = True

    @classmethod
    def _get_manager(cls, model_class: type[Row]) -> Any:
        return model_class._base_manager
