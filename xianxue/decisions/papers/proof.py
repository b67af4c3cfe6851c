"""The last lines of a paper: the short root of the log and the code that leads to its check."""

from xianxue.kernel.documents import Block
from xianxue.kernel.procedures import evidence
from xianxue.kernel.procedures.models import Matter
from xianxue.kernel.procedures.records import event_numbers


def check_blocks(matter: Matter) -> list[Block]:
    """What binds the paper to the log; nothing for a matter of which the log tells nothing (imported, demonstration)."""
    numbers = event_numbers(matter)
    return evidence.check_blocks(matter, numbers[-1]) if numbers else []
