"""Procedures: one matter, one procedure, checked before, during and after.

Declare one in an app's `procedures.py`; write its steps' commands in `services.py` with `@Procedure.step.command`, their
forms (`StepForm`) in `forms.py` with `@Procedure.step.form`. Nothing else: pages, to-dos, reminders and records follow. Its subjects' model is a `models.MatterSubject`.
"""

from xianxue.kernel.procedures.calendar import provide_calendar
from xianxue.kernel.procedures.declaration import (
    Basis,
    Days,
    Page,
    Procedure,
    State,
    Step,
    all_procedures,
    get,
    register,
)
from xianxue.kernel.procedures.names import provide_units
from xianxue.kernel.procedures.step_form import StepForm

__all__ = [
    "Basis",
    "Days",
    "Page",
    "Procedure",
    "State",
    "Step",
    "StepForm",
    "all_procedures",
    "get",
    "provide_calendar",
    "provide_units",
    "register",
]
