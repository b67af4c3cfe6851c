"""Rings of imports: modules that cannot be understood, tested or moved one without the other.

An import inside a function counts like one at the top: it hides a ring, and opens none. Only what an `AppConfig` does when
Django has loaded the models (`ready`, `import_models`) and what is there for types alone is left out.
"""

import ast
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

WHEN_LOADED = {"ready", "import_models"}


def imports_of(root: Path, package: str) -> dict[str, set[str]]:
    """Module → the modules of the package that it imports, by their files below the root; migrations left out."""
    files = {
        _name(path.relative_to(root)): path for path in (root / package).rglob("*.py") if "migrations" not in path.parts
    }
    return {module: set(_imported(module, path, files)) - {module} for module, path in files.items()}


def ring(imports: Mapping[str, set[str]]) -> list[str]:
    """One ring, each module importing the next and the last the first again; empty where there is none."""
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        # The standard library gives each node after one that depends on it.
        return list(reversed(error.args[1]))
    return []


def _name(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imported(module: str, path: Path, known: Mapping[str, Path]) -> Iterator[str]:
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in _read(ast.parse(path.read_text(encoding="utf-8")), in_config=path.name == "apps.py"):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                yield from [name for name in (f"{base}.{alias.name}", base) if name in known][:1]


def _read(node: ast.AST, *, in_config: bool) -> Iterator[ast.AST]:
    """The node and those below it, without what is not imported with the module or by its functions."""
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        return
    if in_config and isinstance(node, ast.FunctionDef) and node.name in WHEN_LOADED:
        return
    yield node
    for child in ast.iter_child_nodes(node):
        yield from _read(child, in_config=in_config)
