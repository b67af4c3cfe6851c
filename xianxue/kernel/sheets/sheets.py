"""The registry under the name by which it is read: `sheets.register(sheet)`, `sheets.all()`, `sheets.get(code)`."""

from xianxue.kernel.sheets.sheet import Rule, Sheet, all, get, register  # noqa: A004 - read as sheets.all()
from xianxue.kernel.sheets.writer import Context, Resolution, Writer

__all__ = ["Context", "Resolution", "Rule", "Sheet", "Writer", "all", "get", "register"]
