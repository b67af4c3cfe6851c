"""The stand-alone verifier: two modules that are joined into the one file `verify.py` of every evidence pack."""

import ast
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
HEAD = "# 县学证据核验工具。用法：python verify.py --help\n# 只用 Python 3.8 以上的标准库，不联网。\n"


@cache
def verifier_source() -> str:
    """The text of `verify.py`: hashes and signature, and the checks of a pack."""
    return joined(HEAD, HERE / "checks.py")


def joined(head: str, checks: Path) -> str:
    """One file of the head, `primitives.py` and the checks, without the latter's docstring and imports of our own."""
    first = (HERE / "primitives.py").read_text(encoding="utf-8")
    second = checks.read_text(encoding="utf-8")
    tree, lines = ast.parse(second), second.splitlines(keepends=True)
    for node in tree.body:
        is_ours = isinstance(node, ast.ImportFrom) and str(node.module).startswith(("xianxue", "__future__"))
        if is_ours or node is tree.body[0]:
            for at in range(node.lineno - 1, node.end_lineno or node.lineno):
                lines[at] = ""
    return f"{head}{first}\n\n{''.join(lines).lstrip()}"
