"""The files that house rules read, and what a breach is."""

import ast
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WRITTEN_BY_OTHERS = ("/vendor/", "/migrations/")


@dataclass(frozen=True)
class Breach:
    """One place where a house rule is broken."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


@dataclass(frozen=True)
class Source:
    """A text file of the repository; `path` is relative to its root, with forward slashes."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree of a Python file."""
        return ast.parse(self.text, self.path)

    @cached_property
    def lines(self) -> list[str]:
        """The lines, without their ends."""
        return self.text.splitlines()

    def breach(self, where: ast.AST | int, message: str) -> Breach:
        """A breach at a node of the tree, or at an offset in the text."""
        line = self.text.count("\n", 0, where) + 1 if isinstance(where, int) else getattr(where, "lineno", 1)
        return Breach(self.path, line, message)


@cache
def repository() -> tuple[str, ...]:
    """Paths of all files that are tracked, or would be with the next `git add`."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return tuple(sorted(path for path in set(listed.stdout.split("\0")) if path and (ROOT / path).is_file()))


@cache
def sources(prefix: str, *suffixes: str) -> tuple[Source, ...]:
    """Our own text files under a folder, by the end of their name; nothing vendored, no migrations."""
    return tuple(
        Source(path, (ROOT / path).read_text(encoding="utf-8"))
        for path in repository()
        if path.startswith(prefix)
        and path.endswith(suffixes)
        and not any(part in f"/{path}" for part in WRITTEN_BY_OTHERS)
    )


def report(breaches: Iterable[Breach]) -> str:
    """The breaches, one a line; empty when there is none."""
    return "\n".join(sorted({str(breach) for breach in breaches}))


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """All functions and methods of a file."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def name_of(node: ast.expr) -> str:
    """The last word of a called name: `_` for `_()`, `raw` for `Model.objects.raw()`."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
