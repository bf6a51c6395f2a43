"""The countable part of the style card. The lists of exceptions are short and stand here, where they can be seen."""

import ast
import re
from collections.abc import Iterator

from source_tree import Module, functions, length, modules, place, texts

FUNCTION, MODULE, VIEW = 40, 500, 25
PAGES = {"desk", "square", "api"}
BROAD = {"Exception", "BaseException"}
NAMES_NOT_FOUND_YET = {"services.py", "utils.py", "helpers.py", "managers.py", "common.py", "misc.py"}
LEFT_BEHIND = re.compile(
    "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK", "NotImplemented" + "Error"))
)


def name_of(node: ast.expr) -> str:
    """The last word of a dotted name."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def test_functions_are_short() -> None:
    too_long = [
        f"{place(m, f)} {f.name}: {length(f)}"
        for m in modules("src", "tools", "bench")
        for f in functions(m)
        if length(f) > FUNCTION
    ]
    assert not too_long, "\n".join(too_long)


def test_modules_are_short() -> None:
    too_long = [f"{m.path}: {m.lines}" for m in modules("src", "tools", "bench") if m.lines > MODULE]
    assert not too_long, "\n".join(too_long)


def test_views_are_short() -> None:
    too_long = [
        f"{place(m, f)} {f.name}: {length(f)}"
        for m in modules("src")
        if m.room in PAGES
        for f in functions(m)
        if f.args.args and f.args.args[0].arg == "request" and length(f) > VIEW
    ]
    assert not too_long, "\n".join(too_long)


def bare_arguments(function: ast.FunctionDef | ast.AsyncFunctionDef, method: bool) -> Iterator[str]:
    """Names of parameters without a type; `self` and `cls` need none."""
    positional = [*function.args.posonlyargs, *function.args.args]
    static = any(name_of(d) == "staticmethod" for d in function.decorator_list)
    checked = positional[1:] if method and not static else positional
    rest = [a for a in (function.args.vararg, function.args.kwarg) if a]
    for argument in (*checked, *function.args.kwonlyargs, *rest):
        if argument.annotation is None:
            yield argument.arg
    if function.returns is None:
        yield "return"


def test_every_function_is_annotated() -> None:
    bare = []
    for module in modules("src", "tools", "tests", "bench"):
        methods = {id(f) for c in ast.walk(module.tree) if isinstance(c, ast.ClassDef) for f in c.body}
        for function in functions(module):
            if names := list(bare_arguments(function, id(function) in methods)):
                bare.append(f"{place(module, function)} {function.name}: {', '.join(names)}")
    assert not bare, "\n".join(bare)


def test_no_except_is_broad() -> None:
    broad = [
        place(m, handler)
        for m in modules("src", "tools", "bench")
        for handler in ast.walk(m.tree)
        if isinstance(handler, ast.ExceptHandler)
        and (
            handler.type is None
            or any(
                name_of(n) in BROAD for n in ast.walk(handler.type) if isinstance(n, ast.Name | ast.Attribute)
            )
        )
    ]
    assert not broad, "\n".join(broad)


LATE = "papers/sealing.py"
"""What signs PDFs takes half a second to load."""


def test_imports_stand_at_the_top() -> None:
    hidden = [
        place(m, node)
        for m in modules("src", "tools", "tests", "bench")
        if m.room != "commands" and not m.path.match(LATE)
        for function in functions(m)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert not hidden, "\n".join(hidden)


def test_nothing_is_left_for_later() -> None:
    left = [
        f"{path}:{number} {line.strip()[:80]}"
        for path, text in texts("src", "tools", "tests", "packs", "bench", "docs")
        for number, line in enumerate(text.splitlines(), 1)
        if re.search(rf"\b({LEFT_BEHIND.pattern})\b", line)
    ]
    assert not left, "\n".join(left)


def test_names_say_what_a_module_holds() -> None:
    vague = [str(m.path) for m in modules("src", "tools") if m.path.name in NAMES_NOT_FOUND_YET]
    assert not vague, "\n".join(vague)


def imported(module: Module) -> Iterator[str]:
    """Dotted names of all that a module imports."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def test_no_test_file_is_asked_by_another() -> None:
    """What several tests tell stands in a module of its own, so that a test file may change alone."""
    asked = [
        f"{m.path}: {name}" for m in modules("tests") for name in imported(m) if name.startswith("test_")
    ]
    assert not asked, "\n".join(asked)


def test_no_signals_and_no_class_based_views() -> None:
    unwanted = ("django.dispatch", "django.db.models.signals", "django.views.generic", "django.views.View")
    used = [f"{m.path}: {name}" for m in modules("src") for name in imported(m) if name.startswith(unwanted)]
    assert not used, "\n".join(used)


def test_no_class_has_two_bases_of_ours() -> None:
    classes = [(m, c) for m in modules("src") for c in ast.walk(m.tree) if isinstance(c, ast.ClassDef)]
    ours = {c.name for _m, c in classes}
    two = [place(m, c) + " " + c.name for m, c in classes if sum(name_of(b) in ours for b in c.bases) > 1]
    assert not two, "\n".join(two)


def test_models_do_not_write_by_themselves() -> None:
    """An overridden `save` or `delete` is a second door."""
    overriding = [
        place(m, f)
        for m in modules("src")
        for c in ast.walk(m.tree)
        if isinstance(c, ast.ClassDef)
        for f in c.body
        if isinstance(f, ast.FunctionDef) and f.name in ("save", "delete")
    ]
    assert not overriding, "\n".join(overriding)
