"""How a command says no."""


class Refused(Exception):
    """Something was not done, for a reason that the user can read: what, why, and what to do."""

    def __init__(self, message: object, *, field: str = "") -> None:
        super().__init__(str(message))
        self.message = str(message)
        self.field = field


def refuse_if(reason: object | None) -> None:
    """Raise Refused when a rule gave a reason."""
    if reason:
        raise Refused(reason)
