"""The stand-alone verifier of a release: one file, `verify.py`, that goes into every signed export."""

import ast
from functools import cache
from pathlib import Path

from xianxue.kernel.evidence.verifier import primitives

HEAD = (
    "# 县学发布核验工具。用法：python verify.py [文件.zip] [--key 密钥编号]\n# 只用 Python 3.8 以上的标准库，不联网。\n"
)


@cache
def verifier_source() -> str:
    """The text of `verify.py`: hashes and signature as in the verifier of evidence packs, and the checks of a release."""
    first = Path(primitives.__file__).read_text(encoding="utf-8")
    second = (Path(__file__).parent / "checks.py").read_text(encoding="utf-8")
    tree, lines = ast.parse(second), second.splitlines(keepends=True)
    for node in tree.body:
        is_ours = isinstance(node, ast.ImportFrom) and str(node.module).startswith(("xianxue", "__future__"))
        if is_ours or node is tree.body[0]:
            for at in range(node.lineno - 1, node.end_lineno or node.lineno):
                lines[at] = ""
    return f"{HEAD}{first}\n\n{''.join(lines).lstrip()}"
