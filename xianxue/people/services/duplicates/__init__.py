"""Duplicates: searched for, judged, merged, and the merge taken back."""

from xianxue.people.services.duplicates.scan import find_duplicates, search_again

__all__ = ["find_duplicates", "search_again"]
