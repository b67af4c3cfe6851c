"""The stand-alone verifier of a release: one file, `verify.py`, that goes into every signed export."""

from functools import cache
from pathlib import Path

from xianxue.kernel.evidence.verifier import joined

HEAD = (
    "# 县学发布核验工具。用法：python verify.py [文件.zip] [--key 密钥编号]\n# 只用 Python 3.8 以上的标准库，不联网。\n"
)


@cache
def verifier_source() -> str:
    """The text of `verify.py`: hashes and signature as in the verifier of evidence packs, and the checks of a release."""
    return joined(HEAD, Path(__file__).parent / "checks.py")
