"""Who may read and do what: reach, grants and models that stay closed without them."""

from xianxue.kernel.access.actors import Actor, system_actor
from xianxue.kernel.access.grants import Grant, everyone_signed_in, holds, nobody
from xianxue.kernel.access.memo import forgetting, remembered, remembering
from xianxue.kernel.access.reach import (
    EVERY_UNIT,
    NO_UNIT,
    Delegated,
    OutOfReach,
    Reach,
    UnitScope,
    current_reach,
    in_reach,
    reach_or_none,
    whole_county,
)

__all__ = [
    "EVERY_UNIT",
    "NO_UNIT",
    "Actor",
    "Delegated",
    "Grant",
    "OutOfReach",
    "Reach",
    "UnitScope",
    "current_reach",
    "everyone_signed_in",
    "forgetting",
    "holds",
    "in_reach",
    "nobody",
    "reach_or_none",
    "remembered",
    "remembering",
    "system_actor",
    "whole_county",
]
