"""Where code lists and references come from: the kernel knows neither, an app above provides them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol


class CodeTable(Protocol):
    """One code list in memory: value → label in the list's order, and spelling → value."""

    @property
    def labels(self) -> Mapping[str, str]: ...

    @property
    def spellings(self) -> Mapping[str, str]: ...


@dataclass(frozen=True)
class Referent:
    """Something that a cell can refer to: its primary key, its name, and what a workbook may call it."""

    pk: int
    label: str
    spellings: tuple[str, ...] = ()
    unit_id: int | None = None


@dataclass(frozen=True)
class _NoTable:
    labels: Mapping[str, str] = field(default_factory=dict)
    spellings: Mapping[str, str] = field(default_factory=dict)


@dataclass
class _Providers:
    codes: Callable[[str], CodeTable] | None = None
    references: dict[str, Callable[[], Iterable[Referent]]] = field(default_factory=dict)


_providers = _Providers()


def provide_codes(provider: Callable[[str], CodeTable]) -> None:
    """Say where code lists come from: list code → table. Called once, from an app's `ready`."""
    _providers.codes = provider


def provide_references(register_code: str, provider: Callable[[], Iterable[Referent]]) -> None:
    """Say what a reference to a register can mean: the rows in the reach now in force, few enough to hold in memory."""
    _providers.references[register_code] = provider


def code_table(list_code: str) -> CodeTable:
    """The code list of that code; empty where nobody provides it."""
    return _providers.codes(list_code) if _providers.codes else _NoTable()


def referents(register_code: str) -> list[Referent]:
    """What a reference to the register can mean in the reach now in force; empty where nobody provides it."""
    provider = _providers.references.get(register_code)
    return list(provider()) if provider else []


def has_references(register_code: str) -> bool:
    """Whether somebody says what a reference to the register can mean."""
    return register_code in _providers.references
