"""House rules for Python files; each takes a file and yields its breaches."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import PurePosixPath

from tests.house.apps import KERNEL, apps_of_the_domain
from tests.house.sources import Breach, Source, functions, name_of

LONGEST_FUNCTION = 40
LONGEST_MODULE = 400
INLINE_IMPORT = re.compile(r"#.*\b(slow import|app ready)\b")
SUPPRESSION = re.compile(r"#\s*(noqa\b|type: ignore\b|pragma: no cover\b)")
EXPLAINED = re.compile(r"#\s*(noqa: [A-Z0-9, ]+?( - |  # )\w|type: ignore\[[\w, -]+\]  # \w|pragma: no cover - \w)")
GETTEXT = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
POSITIONAL = re.compile(r"(?<!%)%[-+# 0-9.]*[sdrfxg]|\{\d*\}")
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff”’）》][,;:?!]|[,;:?!][\u4e00-\u9fff]")
RAW_SQL = {"raw", "cursor", "extra", "RawSQL"}
# Where the reach itself is worked out, and signing in, which comes before it.
UNGUARDED = re.compile(
    r"^xianxue/(kernel/|\w+/(models|work)\b|accounts/(backends|selectors)\b|organisations/selectors\b)"
)
# What draws, exports, searches or answers programs; and what tells roles apart.
SHOWS = re.compile(
    r"^xianxue/(kernel/(resources|ui|sheets/views|api/(operations|rows))\b|(insight|supervision|interchange)/|\w+/resources)"
)
ROLES = {"roles", "own_roles", "scope_of"}
REGISTER_PAGES = {
    "RegisterView",
    "RowView",
    "ListView",
    "DetailView",
    "NewView",
    "EditView",
    "ExportView",
    "RevealView",
}
FILES = {
    *("__init__", "apps", "choices", "models", "rules", "procedures", "selectors", "indicators", "services", "checks"),
    *("sheets", "forms", "resources", "views", "tasks", "urls", "migrations", "templatetags", "management"),
    *("roles", "access", "work"),
    # decisions: official papers, and the addresses that need no sign-in.
    *("papers", "public_urls"),
    # accounts: what Django asks for by these names.
    *("backends", "middleware"),
}


def long_functions(source: Source) -> Iterator[Breach]:
    """A function has at most 40 lines, its docstring included and its decorators not."""
    for node in functions(source.tree):
        length = (node.end_lineno or node.lineno) - node.lineno + 1
        if length > LONGEST_FUNCTION:
            yield source.breach(node, f"{node.name} has {length} lines; give a part of it a name (at most 40)")


def long_modules(source: Source) -> Iterator[Breach]:
    """A module has at most 400 lines; then it becomes a package of the same name."""
    if len(source.lines) > LONGEST_MODULE:
        yield source.breach(0, f"{len(source.lines)} lines; make it a package of the same name (at most 400)")


def overridden_save(source: Source) -> Iterator[Breach]:
    """Nobody overrides save(): bulk writes pass it by, so what must always hold is a constraint."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ClassDef) and node.bases:
            for item in node.body:
                if isinstance(item, ast.FunctionDef) and item.name == "save":
                    yield source.breach(item, f"{node.name}.save() is overridden; use a constraint or a command")


def signals(source: Source) -> Iterator[Breach]:
    """No signals of models, and none of our own: a command calls what follows from it."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom) and node.module in {"django.db.models.signals", "django.dispatch"}:
            yield source.breach(node, f"{node.module}: call what follows from a change in the command that makes it")


def inline_imports(source: Source) -> Iterator[Breach]:
    """An import inside a function says why: `slow import` or `app ready`. “Circular” is not a reason."""
    for function in functions(source.tree):
        for node in ast.walk(function):
            if isinstance(node, ast.Import | ast.ImportFrom) and not INLINE_IMPORT.search(_own_lines(source, node)):
                yield source.breach(node, "inline import without a reason (slow import, app ready); move it to the top")


def _own_lines(source: Source, node: ast.stmt) -> str:
    return " ".join(source.lines[node.lineno - 1 : node.end_lineno])


def raw_sql(source: Source) -> Iterator[Breach]:
    """SQL by hand stands in the kernel, where both databases are known to differ."""
    if source.path.startswith("xianxue/kernel/"):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and name_of(node.func) in RAW_SQL:
            yield source.breach(node, f"{name_of(node.func)}() outside the kernel; use the ORM or kernel.bulk")


def unguarded(source: Source) -> Iterator[Breach]:
    """The manager that asks for no reach is for those who work the reach out."""
    if UNGUARDED.match(source.path):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and node.attr == "unguarded":
            yield source.breach(node, ".unguarded reads past the reach; use .objects inside a reach")


def around_the_grant(source: Source) -> Iterator[Breach]:
    """What shows rows of a register asks the register (`visible`, `within`, `allows`) and a grant, never a role's name.

    So the matrix of roles is asked of the grants, and a page is drawn once for each answer (tests/contracts).
    """
    if source.path == "xianxue/kernel/resources/register.py" or not source.path.startswith("xianxue/"):
        return
    shows = SHOWS.match(source.path)
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and node.attr == "rows" and name_of(node.value) == "register":
            yield source.breach(node, "register.rows() knows no grant; use visible() or within()")
        elif shows and isinstance(node, ast.Attribute) and node.attr in ROLES:
            yield source.breach(node, f".{node.attr}: what is shown hangs on a grant's scope, never on a role")
        elif isinstance(node, ast.ClassDef) and _skips_the_gate(node):
            yield source.breach(
                node, f"{node.name}.dispatch() must end in super().dispatch(), where the register is asked"
            )


def _skips_the_gate(node: ast.ClassDef) -> bool:
    """Whether a page of a register answers without asking whether the register is there for the reader."""
    if not any(name_of(base) in REGISTER_PAGES for base in node.bases):
        return False
    own = [item for item in node.body if isinstance(item, ast.FunctionDef) and item.name == "dispatch"]
    return any("super().dispatch(" not in ast.unparse(item) for item in own)


def texts(source: Source) -> Iterator[tuple[ast.Constant, str]]:
    """The texts for users: constant strings given to gettext."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and name_of(node.func) in GETTEXT:
            for argument in node.args:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield argument, argument.value


def positional_placeholders(source: Source) -> Iterator[Breach]:
    """Placeholders have names: `%(rows)s`, so a translator may turn the sentence round."""
    for node, text in texts(source):
        if found := POSITIONAL.search(text):
            yield source.breach(node, f"“{found.group()}” in a text; name it: %(rows)s")


def half_width_punctuation(source: Source) -> Iterator[Breach]:
    """Chinese texts use full-width punctuation."""
    for node, text in texts(source):
        if found := HALF_WIDTH.search(text):
            yield source.breach(node, f"half-width punctuation beside a hanzi: “{found.group()}”")


def unfinished_refusals(source: Source) -> Iterator[Breach]:
    """What a user is refused is told in sentences; the last one ends with 。."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and name_of(node.func) == "Refused":
            for inner in ast.walk(node):
                if isinstance(inner, ast.Call) and name_of(inner.func) in GETTEXT and _unfinished(inner):
                    yield source.breach(inner, "a refusal says what did not happen, why, what to do; it ends with 。")


def _unfinished(call: ast.Call) -> bool:
    text = call.args[0] if call.args else None
    return isinstance(text, ast.Constant) and isinstance(text.value, str) and not text.value.endswith("。")


def grants_elsewhere(source: Source) -> Iterator[Breach]:
    """Who may do what in an app is read in one place, its `access.py`; the kernel keeps its own grants where they are used."""
    path = PurePosixPath(source.path)
    if path.parts[0] != "xianxue" or path.parts[1] == KERNEL or path.name == "access.py":
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom) and node.module == "xianxue.kernel.access":
            for alias in node.names:
                if alias.name in {"holds", "holds_any"}:
                    yield source.breach(node, f"{alias.name}() outside access.py; name the grant there and import it")


def other_file_names(source: Source) -> Iterator[Breach]:
    """An app of the domain has the files of the style guide and adds no other kind."""
    parts = PurePosixPath(source.path).with_suffix("").parts
    if len(parts) > 2 and parts[0] == "xianxue" and parts[1] in apps_of_the_domain() and parts[2] not in FILES:
        yield source.breach(0, f"“{parts[2]}” is no kind of file that an app has: {', '.join(sorted(FILES))}")


def unexplained_exceptions(source: Source) -> Iterator[Breach]:
    """A check that is switched off says which and why: `# noqa: S603 - arguments are ours`."""
    for token in tokenize.generate_tokens(io.StringIO(source.text).readline):
        if token.type == tokenize.COMMENT:
            for found in SUPPRESSION.finditer(token.string):
                if not EXPLAINED.match(token.string, found.start()):
                    yield Breach(source.path, token.start[0], f"“{token.string}” without a reason")


RULES = (
    long_functions,
    long_modules,
    overridden_save,
    signals,
    inline_imports,
    raw_sql,
    unguarded,
    around_the_grant,
    positional_placeholders,
    half_width_punctuation,
    unfinished_refusals,
    grants_elsewhere,
    other_file_names,
    unexplained_exceptions,
)
EVERYWHERE = (long_functions, long_modules, inline_imports, unexplained_exceptions)
