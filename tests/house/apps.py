"""The apps of the package, found in its folders; no house rule lists them."""

from functools import cache
from pathlib import PurePosixPath

from tests.house.sources import repository

KERNEL = "kernel"


@cache
def packages() -> frozenset[str]:
    """What stands directly in `xianxue/`: the kernel and all apps."""
    return frozenset(PurePosixPath(path).parts[1] for path in repository() if _is_package(path))


def _is_package(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return len(parts) == 3 and parts[0] == "xianxue" and parts[2] == "__init__.py"


@cache
def apps() -> frozenset[str]:
    """All but the kernel."""
    return packages() - {KERNEL}


@cache
def apps_of_the_domain() -> frozenset[str]:
    """The apps that keep tables and show them as registers: they have the files of the style guide."""
    return frozenset(app for app in apps() if {"models", "resources"} <= files_of(app))


@cache
def files_of(app: str) -> frozenset[str]:
    """The modules and packages of an app, by name."""
    paths = (
        PurePosixPath(path) for path in repository() if path.startswith(f"xianxue/{app}/") and path.endswith(".py")
    )
    return frozenset(path.with_suffix("").parts[2] for path in paths)
