"""What is about one child, and goes with the child from school to school."""

from collections.abc import Iterator
from typing import ClassVar

from django.apps import apps

from xianxue.kernel.procedures.models import OneOpenSubject


class ChildMatter(OneOpenSubject):
    """A matter about one child (`pupil`, a Person) at one school (`school`).

    Under way it goes on at the child's next school; finished, the school that the child left reads it no longer, like the
    file itself. Both by being of this class, in whatever app: no list names it.
    """

    follows_child: ClassVar[bool] = True
    """False for a matter that names its own schools: under way it stays with them, finished it goes with the file."""

    class Meta(OneOpenSubject.Meta):
        abstract = True


def child_matters() -> Iterator[type[ChildMatter]]:
    """Every kind of matter about a child, of all apps. Asked when the apps are ready."""
    return (model for model in apps.get_models() if issubclass(model, ChildMatter))
