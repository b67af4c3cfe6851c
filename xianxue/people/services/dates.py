"""As of which day a sheet speaks."""

from datetime import date

from xianxue.kernel.sheets.writer import Context
from xianxue.organisations.selectors import reference_day


def day_of(context: Context) -> date:
    """The day that the sender chose (`on`), the reference day otherwise: grades are read and classes change on it."""
    chosen = context.options.get("on")
    return date.fromisoformat(chosen) if chosen else reference_day()
