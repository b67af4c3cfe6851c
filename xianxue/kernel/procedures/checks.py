"""A wrong declaration stops the server, and says how it is mended."""

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error
from django.urls import NoReverseMatch, reverse

from xianxue.kernel.access.grants import NobodyGrant
from xianxue.kernel.procedures.declaration import Page, Procedure, Step, all_procedures
from xianxue.kernel.ui.systems import systems


def check_procedures(app_configs: Any, **_kwargs: Any) -> list[CheckMessage]:
    """All faults of all procedures."""
    return [fault for item in all_procedures() for fault in faults(item)]


def faults(item: type[Procedure]) -> Iterator[CheckMessage]:
    """What is wrong with one declaration."""
    if item.subject is None:
        yield _error(item, "E001", ".subject is missing; name the model, a MatterSubject.")
    if isinstance(item.read, NobodyGrant):
        yield _error(item, "E002", ".read is missing: nobody could see a matter. Give a grant, such as holds(…).")
    if item.system not in systems():
        yield _error(item, "E018", f'.system "{item.system}" is no system; see ui/data/systems.toml.')
    if not item.opening():
        yield _error(item, "E003", " has no step with frm=None: no matter could begin.")
    yield from _states(item)
    for step in item.steps.values():
        yield from _step(item, step)
    for own in item.pages:
        yield from _page(item, own)


def _states(item: type[Procedure]) -> Iterator[CheckMessage]:
    known = {state.code for state in item.states}
    # A step that stays in its state leads nowhere new.
    reached = {step.to for step in item.steps.values() if set(step.states) != {step.to}}
    left = {code for step in item.steps.values() for code in step.states}
    for code in sorted((reached | left) - known):
        yield _error(item, "E004", f'.states lacks "{code}", which a step names.')
    for state in item.states:
        if state.code not in reached:
            yield _error(item, "E005", f': no step leads to the state "{state.code}"; remove it or add the step.')
        if state.is_final and state.code in left:
            yield _error(item, "E006", f': the final state "{state.code}" has a step that leaves it.')
        if not state.is_final and state.code not in left:
            yield _error(item, "E007", f': matters are stuck in "{state.code}"; make it final or add a step.')


def _step(item: type[Procedure], step: Step) -> Iterator[CheckMessage]:
    if step.at not in item.places:
        yield _error(item, "E010", f'.{step.code}.at names "{step.at}", which is not among .places.')
    for other in step.not_by:
        if other not in item.steps:
            yield _error(item, "E011", f'.{step.code}.not_by names "{other}", which is no step.')
    for place in step.releases:
        if place not in item.places:
            yield _error(item, "E012", f'.{step.code}.releases names "{place}", which is not among .places.')
    for paper in step.takes:
        if paper not in item.papers:
            yield _error(
                item, "E013", f'.{step.code}.papers or .may_bring names "{paper}", which is not among .papers.'
            )
    if step.in_batches and (step.opens or step.form_class or step.papers or step.needs_note):
        yield _error(
            item, "E019", f".{step.code} asks for more than a press of a button; it cannot be done in_batches."
        )
    if step.run is None:
        yield _error(
            item, "E014", f".{step.code} has no command; decorate one with @{item.__name__}.{step.code}.command."
        )


def _page(item: type[Procedure], own: Page) -> Iterator[CheckMessage]:
    known = {state.code for state in item.states}
    for code in own.states:
        if code not in known:
            yield _error(item, "E016", f'.pages: "{own.url_name}" names the state "{code}", which .states lacks.')
    try:
        reverse(own.url_name, args=(1,))
    except NoReverseMatch:
        yield _error(item, "E017", f'.pages names "{own.url_name}", which is no address that takes one key.')


def _error(item: type[Procedure], number: str, message: str) -> CheckMessage:
    return Error(f"{item.__name__}{message}", obj=item, id=f"procedures.{number}")
