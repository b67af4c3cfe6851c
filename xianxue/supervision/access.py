"""Who has to do with matters at all."""

from dataclasses import dataclass

from xianxue.kernel.access import NO_UNIT, Grant, Reach, UnitScope
from xianxue.kernel.access.grants import EitherGrant
from xianxue.kernel.procedures import all_procedures


@dataclass(frozen=True)
class ReadsMatters:
    """Opens the units in which matters of any procedure may be read."""

    def scope(self, reach: Reach) -> UnitScope:
        """Union of the procedures' own grants."""
        found = NO_UNIT
        for item in all_procedures():
            found |= item.read.scope(reach)
        return found

    def __or__(self, other: Grant) -> Grant:
        return EitherGrant((self, other))


reads_matters: Grant = ReadsMatters()
