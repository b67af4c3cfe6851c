"""What is written about organisations."""

from xianxue.organisations.services.code_lists import LoadedLists, load_code_lists

__all__ = ["LoadedLists", "load_code_lists"]
