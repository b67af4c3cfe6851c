"""`{% load ui %}`: all components. Each is a function in `xianxue/kernel/ui/tags/` and a file in `templates/ui/`."""

from xianxue.kernel.ui.tags import data, figures, frames, layout, rows, text
from xianxue.kernel.ui.tags.library import register

__all__ = ["data", "figures", "frames", "layout", "register", "rows", "text"]
