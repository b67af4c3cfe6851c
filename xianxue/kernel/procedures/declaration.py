"""The declaration of a procedure: states, steps, who acts, within how long, on what basis. Data only."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

from xianxue.kernel.access import Actor, Grant, nobody
from xianxue.kernel.procedures.calendar import add_working_days
from xianxue.kernel.procedures.performer import performed

Rule = Callable[[Any, Actor], object | None]
"""A rule of a step: the subject and who would act; a reason why not, or None."""


@dataclass(frozen=True)
class Days:
    """A limit of time in working days, with the document that sets it."""

    count: int
    basis: Any = ""

    def after(self, day: date) -> date:
        """The last day of the limit."""
        return add_working_days(day, self.count)


@dataclass(frozen=True)
class Basis:
    """The legal basis of a procedure or a step: document, article, and whether the wording has been checked."""

    document: Any
    article: Any = ""
    is_checked: bool = False

    def __str__(self) -> str:
        return f"{self.document}{self.article}"


@dataclass(frozen=True)
class State:
    """Where a matter can stand. `is_final`: nothing is open any more. `pauses`: the finishing clock stands still."""

    code: str
    label: Any
    is_final: bool = False
    pauses: bool = False
    tone: str = ""
    """How it looks: "" under way, `done`, `due`, `late`."""


@dataclass(frozen=True)
class Page:
    """A page of the app about the subject, beside the matter's own; its address takes the subject's key.

    Offered to whoever holds `grant` over the unit that started the matter, in these `states` or, without any, always.
    """

    label: Any
    url_name: str
    grant: Grant
    states: tuple[str, ...] = ()


@dataclass
class Step:
    """One act: from which state to which, by whom, at which party's place.

    `frm`: the code of a state, several, or None for the step that opens the matter. `at`: the party whose people act.
    `not_by`: codes of steps whose doer may not do this one too (separation of duties); `not_concerned`: nor may
    whoever the matter is about (`MatterSubject.persons_concerned`).
    `only_moves`: it writes nothing but the move of the matter, and no command is written for it.
    `needs`: rules; `papers`: kinds of papers that must be attached with this step or before, by code.
    `may_bring`: kinds of papers that can be attached with it and need not.
    `accepts`: ends the accepting clock. `releases`: parties that no longer see the matter afterwards.
    `due`: the subject's own day for the step, where it has one (a pupil is expected back); else `within` holds.
    `optional`: may be done but is not waited for (withdrawing, for example), so it makes no to-do.
    `by_name`: it is waited for by name, not by role: a source of work of the app says who must do it (`kernel/work`).
    `in_batches`: may be done for many matters at once, without a form; for acts that the list itself lets one judge.
    `needs_note`: a reason must be given. `by_system`: also done by the system itself (a clock, an import).
    """

    label: Any
    frm: str | tuple[str, ...] | None
    to: str
    by: Grant
    at: str
    not_by: tuple[str, ...] = ()
    not_concerned: bool = False
    needs: tuple[Rule, ...] = ()
    papers: tuple[str, ...] = ()
    may_bring: tuple[str, ...] = ()
    within: Days | None = None
    due: Callable[[Any], date | None] | None = None
    basis: Any = ""
    help: Any = ""
    accepts: bool = False
    releases: tuple[str, ...] = ()
    optional: bool = False
    by_name: bool = False
    in_batches: bool = False
    needs_note: bool = False
    by_system: bool = False
    only_moves: bool = False
    tone: str = ""
    """How its button looks: "" ordinary, `primary`, `danger`."""
    code: str = field(default="", init=False)
    procedure: "type[Procedure]" = field(default=None, init=False, repr=False)  # type: ignore[assignment]  # set when the class is made
    run: Any = field(default=None, init=False, repr=False)
    form_class: Any = field(default=None, init=False, repr=False)

    def __str__(self) -> str:
        return str(self.label)

    @property
    def opens(self) -> bool:
        """Whether the step starts a matter."""
        return self.frm is None

    @property
    def makes_todo(self) -> bool:
        """Whether those who hold its role at its place are waited for, where the matter stands in one of its states."""
        return not (self.opens or self.optional or self.by_name)

    @property
    def states(self) -> tuple[str, ...]:
        """Codes of the states from which the step can be done."""
        if self.frm is None:
            return ()
        return (self.frm,) if isinstance(self.frm, str) else self.frm

    @property
    def takes(self) -> tuple[str, ...]:
        """Kinds of papers that can be attached with the step, those it needs first."""
        return (*self.papers, *self.may_bring)

    def command(self, body: Callable[..., Any]) -> Callable[..., Any]:
        """Make the function what the step does; returns it with state, actor, duties, rules, lock and history around.

        The body of an opening step returns its subject *unsaved*; that of any other takes the subject first.
        Both take `by` and what the step's form gives. Call it as `step.run(...)` or by the function's own name.
        """
        if self.run is not None:
            message = f"{self.procedure.code}.{self.code} has two commands."
            raise ValueError(message)
        run = performed(self, body)
        self.run = run
        return run

    def form(self, form_class: Any) -> Any:
        """Make the form class the input of the step; its cleaned data are the command's keyword arguments."""
        self.form_class = form_class
        return form_class


class Procedure:
    """A procedure, declared by a subclass in an app's `procedures.py` and made known with `@register`.

    `places` names the parties: code → what the party is called. The opening step's subject says who they are, in
    `parties()`. `read`: who, in a party's units, sees the matter. The clocks run from the day of opening.
    """

    code: ClassVar[str] = ""
    label: ClassVar[Any] = ""
    about: ClassVar[Any] = ""
    """One or two plain sentences: when one uses it."""
    basis: ClassVar[tuple[Basis, ...]] = ()
    subject: ClassVar[Any] = None
    """The model of its subjects, a MatterSubject."""
    states: ClassVar[tuple[State, ...]] = ()
    places: ClassVar[Mapping[str, Any]] = {}
    papers: ClassVar[Mapping[str, Any]] = {}
    """Kinds of papers: code → name."""
    read: ClassVar[Grant] = nobody
    accept_within: ClassVar[Days | None] = None
    finish_within: ClassVar[Days | None] = None
    extend: ClassVar[Grant] = nobody
    """Who may put off a limit, with reason and end date."""
    extend_times: ClassVar[int] = 1
    """How often, over the life of a matter."""
    extend_by: ClassVar[Days | None] = None
    """By how many working days at most, each time; None sets no bound."""
    remind_before: ClassVar[int] = 2
    """So many working days before a limit those who must act are reminded; again on the day, and once it has passed."""
    escalate: ClassVar[Grant] = nobody
    """Who is told when a limit has passed, over the units of the party that is late."""
    escalate_further: ClassVar[tuple[tuple[int, Grant], ...]] = ()
    """Who is told besides, when so many working days have passed since the limit: (working days, grant), ascending."""
    starts_from: ClassVar[tuple[str, str]] = ("", "")
    """The register from whose rows it is started, and the field of the opening form that takes the row's key."""
    pages: ClassVar[tuple[Page, ...]] = ()
    """Pages of the app about the subject, offered on the matter's page."""
    system: ClassVar[str] = ""
    """Key of the system (`ui.systems`) that it belongs to."""
    order: ClassVar[int] = 100
    steps: ClassVar[Mapping[str, Step]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.steps = {name: value for name, value in vars(cls).items() if isinstance(value, Step)}
        # Not by __set_name__: a form or a view that keeps a step as an attribute would rename it.
        for name, step in cls.steps.items():
            step.code, step.procedure = name, cls

    @classmethod
    def state(cls, code: str) -> State:
        """The state of that code. Raises KeyError."""
        found = next((state for state in cls.states if state.code == code), None)
        if found is None:
            raise KeyError(code)
        return found

    @classmethod
    def steps_from(cls, state: str) -> Iterator[Step]:
        """The steps that can be done in a state, in the order of the declaration."""
        return (step for step in cls.steps.values() if state in step.states)

    @classmethod
    def opening(cls) -> list[Step]:
        """The steps that start a matter."""
        return [step for step in cls.steps.values() if step.opens]


def give_commands(item: type[Procedure]) -> None:
    """Give the steps that only move the matter on a command; called once, when the models are there."""
    for step in item.steps.values():
        if step.only_moves:
            step.command(_only_moves)


def _only_moves(_subject: Any, *, by: Actor) -> None:
    """What the step does is done around its command."""


_registry: dict[str, type[Procedure]] = {}


def register(declared: type[Procedure]) -> type[Procedure]:
    """Make a procedure known, under its code. Raises ValueError when the code is taken or missing."""
    if not declared.code or declared.code in _registry:
        message = f"{declared.__name__}.code {declared.code!r} is missing or taken; give it a code of its own."
        raise ValueError(message)
    _registry[declared.code] = declared
    return declared


def all_procedures() -> list[type[Procedure]]:
    """Every procedure, in the order of the menu."""
    return sorted(_registry.values(), key=lambda item: (item.order, item.code))


def get(code: str) -> type[Procedure]:
    """The procedure of that code. Raises KeyError."""
    return _registry[code]
