"""Procedures: one matter, one procedure, checked before, during and after.

Declare one in an app's `procedures.py`; write its steps' commands in `services.py` with `@Procedure.step.command`, their
forms in `forms.py` with `@Procedure.step.form`. Its subjects' model is a `models.MatterSubject`.
"""

from xianxue.kernel.procedures.calendar import provide_calendar
from xianxue.kernel.procedures.declaration import (
    Basis,
    Days,
    Procedure,
    State,
    Step,
    all_procedures,
    get,
    register,
)

__all__ = ["Basis", "Days", "Procedure", "State", "Step", "all_procedures", "get", "provide_calendar", "register"]
