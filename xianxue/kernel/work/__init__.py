"""The registry of work: every source of something that waits for somebody, declared once, asked by one query."""

from xianxue.kernel.work.declaration import Line, WorkSource, all_sources, source

__all__ = ["Line", "WorkSource", "all_sources", "source"]
