"""Which of a repository's tests speak to its app through the test client alone, and what the others do: pure.

Such a test can run in another container than the app. It is kept word for word, with the imports, helpers and fixtures
that it needs. One that takes anything of the app's own (a fixture that is the app or its database, a name imported from
its package, the client's session) can't, and is told with file and line, for an author to write anew.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from types import MappingProxyType

from runner.packages.suite import is_test_file

CONFTEST = "conftest.py"
#: What the client of a hidden suite has as Flask's has it.
_CLIENT = frozenset({"get", "post", "put", "patch", "delete", "head", "options", "open"}) | frozenset(
    {"set_cookie", "get_cookie", "delete_cookie"}
)
#: Modules besides the standard library's that a hidden suite may import.
_MODULES = frozenset({"pytest"})
#: Of the standard library, what would reach around the client or start something.
_REACHING = frozenset({"subprocess", "socket", "multiprocessing", "unittest", "ctypes", "threading", "asyncio"})
#: Fixtures that mean the same inside and in any pytest.
_FIXTURES = frozenset({"client", "request"})
_Function = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True, slots=True)
class Left:
    """A test that was not taken over: where it is, and why."""

    file: str
    line: int
    test: str
    why: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.test} {self.why}"


@dataclass(frozen=True, slots=True)
class Converted:
    """Hidden tests by path below `hidden/`, the names of the tests in them, and what was left."""

    files: Mapping[str, bytes]
    tests: tuple[str, ...]
    left: tuple[Left, ...]


@dataclass
class _Thing:
    """A statement at the top of a module that gives names a meaning."""

    node: ast.stmt
    names: frozenset[str]
    #: Why nothing that uses it can be taken over; empty where it can.
    taint: str
    uses: frozenset[str] = frozenset()


@dataclass
class _Module:
    path: str
    source: str
    things: list[_Thing] = field(default_factory=list)
    tests: list[ast.stmt] = field(default_factory=list)

    def by_name(self) -> dict[str, _Thing]:
        return {name: thing for thing in self.things for name in thing.names}


def convert(files: Mapping[str, bytes], message: str, given: Mapping[str, bytes] = MappingProxyType({})) -> Converted:
    """Take over what can be taken. `files`: test modules and `conftest.py`s by path; `message`: of each test's mark.

    `given`: what candidates get; a test that stands there as it is, is theirs. Files that are not Python are reported
    as such, under their own name.
    """
    modules, left = _read(files)
    theirs = {(module.path, _source(module, test)) for module in _read(given)[0] for test in module.tests}
    conftests = [module for module in modules if PurePosixPath(module.path).name == CONFTEST]
    shared = {name: thing for module in conftests for name, thing in module.by_name().items()}
    made: dict[str, bytes] = {}
    names: list[str] = []
    wanted: set[str] = set()
    for module in modules:
        if not is_test_file(module.path):
            continue
        known = {**shared, **module.by_name()}
        taken: list[ast.stmt] = []
        for test in module.tests:
            problem = _why_not(test, known)
            if (module.path, _source(module, test)) in theirs:
                problem = test.lineno, "stands in the starter as it is, where candidates see it"
            if problem is None:
                taken.append(test)
                names += _names_of(test)
            else:
                left.append(Left(module.path, problem[0], getattr(test, "name", ""), problem[1]))
        if taken:
            needed = _closure((_uses(test) for test in taken), known)
            wanted |= needed & shared.keys() - module.by_name().keys()
            made[_flat(module.path)] = _written(module, needed, taken, message)
    for module in conftests:
        if needed := _closure([frozenset(wanted)], shared) & module.by_name().keys() - _FIXTURES:
            made[CONFTEST] = made.get(CONFTEST, b"") + _written(module, needed, [], message)
    return Converted(made, tuple(names), tuple(left))


def _read(files: Mapping[str, bytes]) -> tuple[list[_Module], list[Left]]:
    modules: list[_Module] = []
    left: list[Left] = []
    for path, data in sorted(files.items()):
        try:
            source = data.decode("utf-8")
            tree = ast.parse(source)
        except (SyntaxError, ValueError) as error:
            line = getattr(error, "lineno", None) or 1
            left.append(Left(path, line, path, f"is not Python: {getattr(error, 'msg', error)}"))
            continue
        module = _Module(path, source)
        for node in tree.body:
            if _is_test(node):
                module.tests.append(node)
            elif (thing := _thing(node)) is not None:
                module.things.append(thing)
        modules.append(module)
    return modules, left


def _is_test(node: ast.stmt) -> bool:
    if isinstance(node, _Function):
        return node.name.startswith("test")
    return isinstance(node, ast.ClassDef) and node.name.startswith("Test")


def _thing(node: ast.stmt) -> _Thing | None:
    if isinstance(node, ast.Import):
        names = frozenset(alias.asname or alias.name.partition(".")[0] for alias in node.names)
        return _Thing(node, names, next(filter(None, (_foreign(alias.name) for alias in node.names)), ""))
    if isinstance(node, ast.ImportFrom):
        names = frozenset(alias.asname or alias.name for alias in node.names)
        module = "." * node.level + (node.module or "")
        return _Thing(node, names, "" if node.module == "__future__" else _foreign(module))
    if isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        names = frozenset(each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name))
        return _Thing(node, names, "", _uses(node) - names)
    if isinstance(node, (*_Function, ast.ClassDef)):
        why = "" if isinstance(node, ast.ClassDef) else next((said for _, said in _reaching(node)), "")
        return _Thing(node, frozenset({node.name}), why, _uses(node) - {node.name})
    return None


def _foreign(module: str) -> str:
    top = module.partition(".")[0]
    if top in _MODULES or (top in sys.stdlib_module_names and top not in _REACHING):
        return ""
    return f"uses {module}, which is not on the client's side"


def _uses(node: ast.AST) -> frozenset[str]:
    """Names that are read, and fixtures that are asked for by name."""
    found = {each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load)}
    for each in ast.walk(node):
        if isinstance(each, _Function):
            arguments = each.args
            found |= {argument.arg for argument in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]}
    return frozenset(found)


def _why_not(test: ast.stmt, known: Mapping[str, _Thing]) -> tuple[int, str] | None:
    """The line and the reason for which a test can't be taken over; None where it can."""
    for line, why in _reaching(test):
        return line, why
    for function in _functions(test):
        given = _parametrized(function) | _FIXTURES | ({"self"} if isinstance(test, ast.ClassDef) else set())
        for argument in [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]:
            if argument.arg in given:
                continue
            if argument.arg not in known:
                return argument.lineno, f"uses the fixture {argument.arg}, which is not the client's"
            if why := _tainted(argument.arg, known, frozenset()):
                return argument.lineno, f"uses the fixture {argument.arg}, which {why}"
    for name in sorted(_uses(test)):
        if (why := _tainted(name, known, frozenset())) and name not in _FIXTURES:
            return _line_of(test, name), why
    return None


def _functions(test: ast.stmt) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    if isinstance(test, _Function):
        yield test
    elif isinstance(test, ast.ClassDef):
        yield from (node for node in test.body if isinstance(node, _Function))


def _parametrized(function: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    found: set[str] = set()
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func).endswith("parametrize") and decorator.args:
            first = decorator.args[0]
            words = [first] if isinstance(first, ast.Constant) else getattr(first, "elts", [])
            for word in words:
                if isinstance(word, ast.Constant) and isinstance(word.value, str):
                    found |= {name.strip() for name in word.value.split(",")}
    return found


def _reaching(node: ast.AST) -> Iterator[tuple[int, str]]:
    """What a test does with the client that only the app's own process can do."""
    for each in ast.walk(node):
        if isinstance(each, ast.AsyncFunctionDef):
            yield each.lineno, "is asynchronous"
        if isinstance(each, ast.Attribute) and _is_client(each.value) and each.attr not in _CLIENT:
            yield each.lineno, f"uses client.{each.attr}, which needs the app's own process"
        if isinstance(each, ast.With):
            for item in each.items:
                if _is_client(item.context_expr):
                    yield each.lineno, "keeps the request's context open (with client:), which is the app's own"


def _is_client(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "client"


def _tainted(name: str, known: Mapping[str, _Thing], on_the_way: frozenset[str]) -> str:
    thing = known.get(name)
    if thing is None or name in on_the_way:
        return ""
    if thing.taint:
        return thing.taint
    for used in sorted(thing.uses - _FIXTURES):
        if why := _tainted(used, known, on_the_way | {name}):
            return f"uses {name}, which {why}"
        if used not in known and isinstance(thing.node, _Function) and _asks_for(thing.node, used):
            return f"uses the fixture {name}, which uses the fixture {used}, which is not the client's"
    return ""


def _asks_for(function: ast.FunctionDef | ast.AsyncFunctionDef, fixture: str) -> bool:
    """Whether this is a fixture that has another."""
    is_fixture = any("fixture" in ast.unparse(decorator) for decorator in function.decorator_list)
    return is_fixture and any(argument.arg == fixture for argument in function.args.args)


def _line_of(test: ast.stmt, name: str) -> int:
    lines = [each.lineno for each in ast.walk(test) if isinstance(each, ast.Name) and each.id == name]
    return min(lines, default=test.lineno)


def _names_of(test: ast.stmt) -> list[str]:
    if isinstance(test, ast.ClassDef):
        return [f"{test.name}::{each.name}" for each in _functions(test) if each.name.startswith("test")]
    return [str(getattr(test, "name", ""))]


def _closure(uses: Iterable[frozenset[str]], known: Mapping[str, _Thing]) -> set[str]:
    """All names that these need, directly or not."""
    needed: set[str] = set()
    todo = [name for each in uses for name in each]
    while todo:
        name = todo.pop()
        if name in needed or name not in known or name in _FIXTURES:
            continue
        needed.add(name)
        todo += known[name].uses
    return needed


def _flat(path: str) -> str:
    """One folder for all: the name of a module in a folder carries that folder's."""
    parts = [part for part in PurePosixPath(path).parts if part not in ("tests", "test")]
    name = parts.pop()
    stem = name.removeprefix("test_")
    return f"test_{'_'.join([*parts, stem])}"


def _written(module: _Module, needed: Collection[str], tests: Sequence[ast.stmt], message: str) -> bytes:
    lines = module.source.splitlines()
    kept = [thing.node for thing in module.things if thing.names & set(needed) or _is_future(thing.node)]
    parts: list[str] = []
    imports = [node for node in kept if isinstance(node, ast.Import | ast.ImportFrom)]
    others = [node for node in kept if node not in imports]
    parts += [_text(lines, node) for node in imports]
    if tests:
        parts.append("from mendbox.testing import requirement")
    head = "\n".join(parts)
    body = [_text(lines, node) for node in others]
    body += [f'@requirement("R1", {message!r})\n{_text(lines, node)}' for node in tests]
    return ("\n\n\n".join(part for part in [head, *body] if part) + "\n").encode()


def _is_future(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def _source(module: _Module, node: ast.stmt) -> str:
    return _text(module.source.splitlines(), node)


def _text(lines: Sequence[str], node: ast.stmt) -> str:
    decorators = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(each.lineno for each in decorators)])
    return "\n".join(lines[first - 1 : node.end_lineno])
