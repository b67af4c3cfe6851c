"""Who may read the files of a record: each kind of record says so itself, and without a word nobody may."""

from collections.abc import Callable

MayRead = Callable[[int], bool]
_guards: dict[str, MayRead] = {}


def guard(subject_type: str, may_read: MayRead) -> None:
    """Declare, in an app's `ready`, who reads the files of this kind of record.

    `may_read(subject_id)` runs in the reader's reach and answers for the record as a whole.
    """
    if subject_type in _guards:
        message = f"The files of {subject_type} have two guards."
        raise ValueError(message)
    _guards[subject_type] = may_read


def is_readable(subject_type: str, subject_id: int) -> bool:
    """Whether the reader of the current reach may read the files of this record."""
    may_read = _guards.get(subject_type)
    return may_read is not None and may_read(subject_id)
