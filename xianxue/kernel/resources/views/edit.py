"""Forms of a register: a sheet of one row."""

from xianxue.kernel.resources.views.base import RegisterView


class NewView(RegisterView):
    """A new row."""


class EditView(RegisterView):
    """Changes to a row."""
