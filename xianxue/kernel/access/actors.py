"""Who acts, and through which door."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """The person, or the system, on whose behalf a command writes.

    `user_id` is None for the system. `label` is the name shown in the history.
    `via` names the door: `page`, `import:12`, `cli`, `demo`, `task`.
    `unit_id` is the unit in whose name the person acts, where there is one.
    """

    user_id: int | None
    label: str
    via: str = "page"
    unit_id: int | None = None


def system_actor(via: str) -> Actor:
    """The system itself, acting through the given door."""
    return Actor(user_id=None, label="系统", via=via)
