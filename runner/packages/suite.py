"""What can be known of a hidden suite without running it: its tests and the requirement that each one names.

A test is what pytest would collect by its default names. Its requirement comes from the nearest mark: on the function,
on the class, in `pytestmark` of the class or the module, or on the parameters of `parametrize`. A mark is written
`requirement("R1", …)` by any name it was imported or assigned under, or `pytest.mark.requirement("R1", …)`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TypeGuard

from runner.errors import Problem
from runner.packages.package import Files

_Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class HiddenTest:
    """One test function. `id` is its node id relative to `hidden/` without parameters; `lines` is its body's text."""

    id: str
    name: str
    requirements: tuple[str, ...]
    lines: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Suite:
    """All tests that could be read, and what was wrong with the files."""

    tests: tuple[HiddenTest, ...]
    problems: tuple[Problem, ...]


def is_test_file(path: str) -> bool:
    """Whether pytest collects the file by its default names."""
    name = PurePosixPath(path).name
    return name.endswith(".py") and (name.startswith("test_") or name.endswith("_test.py"))


def read_suite(hidden: Files) -> Suite:
    """Parse every Python file of a hidden suite and list its tests."""
    tests: list[HiddenTest] = []
    problems: list[Problem] = []
    for path, data in sorted(hidden.items()):
        if not path.endswith(".py"):
            continue
        try:
            module = ast.parse(data)
        except (SyntaxError, ValueError) as error:
            line = getattr(error, "lineno", None)
            where = f"line {line}" if line else ""
            problems.append(Problem(f"hidden/{path}", where, f"is not Python: {getattr(error, 'msg', error)}"))
            continue
        if is_test_file(path):
            reader = _Reader(path, data, module)
            tests += reader.tests()
            problems += reader.problems
    return Suite(tuple(tests), tuple(problems))


class _Reader:
    """Reads one test module."""

    def __init__(self, path: str, data: bytes, module: ast.Module) -> None:
        self.problems: list[Problem] = []
        self._path = path
        self._source = data.decode("utf-8", "replace").splitlines()
        self._module = module
        self._constants: dict[str, str] = {}
        self._marks: dict[str, ast.Call] = {}
        self._names = {"requirement"}
        self._learn_names()

    def tests(self) -> Iterator[HiddenTest]:
        around = self._pytestmark(self._module.body)
        for node in self._module.body:
            if isinstance(node, _Function) and node.name.startswith("test"):
                yield self._test(node, f"{self._path}::{node.name}", around)
            elif isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
                yield from self._class(node, f"{self._path}::{node.name}", around)

    def _class(self, node: ast.ClassDef, prefix: str, around: Sequence[str]) -> Iterator[HiddenTest]:
        own = self._ids(node.decorator_list) or self._pytestmark(node.body) or around
        for child in node.body:
            if isinstance(child, _Function) and child.name.startswith("test"):
                yield self._test(child, f"{prefix}::{child.name}", own)
            elif isinstance(child, ast.ClassDef) and child.name.startswith("Test"):
                yield from self._class(child, f"{prefix}::{child.name}", own)

    def _test(self, node: _Function, test_id: str, around: Sequence[str]) -> HiddenTest:
        requirements = self._ids(node.decorator_list) or tuple(around)
        lines = self._source[node.body[0].lineno - 1 : node.end_lineno]
        return HiddenTest(test_id, node.name, requirements, tuple(lines))

    def _learn_names(self) -> None:
        """Under which names the module knows `requirement`, ready-made marks and text constants."""
        for node in self._module.body:
            if isinstance(node, ast.ImportFrom) and node.module == "mendbox.testing":
                self._names |= {alias.asname or alias.name for alias in node.names if alias.name == "requirement"}
            elif isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
                name, value = node.targets[0].id, node.value
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    self._constants[name] = value.value
                elif self._is_mark(value):
                    self._marks[name] = value
                elif isinstance(value, ast.Attribute) and value.attr == "requirement":
                    self._names.add(name)

    def _is_mark(self, node: ast.AST) -> TypeGuard[ast.Call]:
        if not isinstance(node, ast.Call):
            return False
        function = node.func
        if isinstance(function, ast.Name):
            return function.id in self._names
        return isinstance(function, ast.Attribute) and function.attr == "requirement"

    def _pytestmark(self, body: Sequence[ast.stmt]) -> tuple[str, ...]:
        values = [
            node.value
            for node in body
            if isinstance(node, ast.Assign)
            and any(isinstance(target, ast.Name) and target.id == "pytestmark" for target in node.targets)
        ]
        return self._ids(values)

    def _ids(self, expressions: Sequence[ast.expr]) -> tuple[str, ...]:
        """The requirement ids named by any mark within the expressions, each once, in order."""
        found: dict[str, None] = {}
        for expression in expressions:
            for node in ast.walk(expression):
                call = self._marks.get(node.id) if isinstance(node, ast.Name) else node
                if call is not None and self._is_mark(call):
                    text = self._id(call)
                    if text is not None:
                        found[text] = None
        return tuple(found)

    def _id(self, call: ast.Call) -> str | None:
        value = call.args[0] if call.args else next((each.value for each in call.keywords if each.arg == "id"), None)
        if isinstance(value, ast.Name) and value.id in self._constants:
            return self._constants[value.id]
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            return value.value
        self.problems.append(
            Problem(
                f"hidden/{self._path}", f"line {call.lineno}", 'write the requirement as text: @requirement("R1", …)'
            )
        )
        return None
