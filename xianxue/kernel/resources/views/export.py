"""What the list shows, as a workbook."""

from xianxue.kernel.resources.views.base import RegisterView


class ExportView(RegisterView):
    """The rows of the list with its filters, order and columns."""
