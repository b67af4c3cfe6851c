"""Files that belong to records: kept once by their content, sealed, hashed while they come in, never overwritten.

`guard(subject_type, may_read)` says who may read the files of a kind of record; without a guard nobody may.
"""

from xianxue.kernel.files.guards import guard

__all__ = ["guard"]
