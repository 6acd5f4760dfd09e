"""Which small changes are made of a text, and that each is one."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from runner.mutation.changed import changed_lines
from runner.mutation.operators import mutants_of

ROOT = Path(__file__).parents[2]


def after(text: str, operator: str | None = None) -> list[str]:
    """The line as each mutant has it."""
    return [each.after for each in mutants_of(text.encode()) if operator in (None, each.operator)]


@pytest.mark.parametrize(
    ("text", "operator", "expected"),
    [
        ("a < b", "comparison", ["a <= b"]),
        ("a >= b", "comparison", ["a > b"]),
        ("a == b", "comparison", ["a != b"]),
        ("a not in b", "comparison", ["a in b"]),
        ("a is not None", "comparison", ["a is None"]),
        ("a is None", "comparison", ["a is not None"]),
        ("(a) < (b)", "comparison", ["(a) <= (b)"]),
        ("a and b and c", "and or", ["a and b or c", "a or b and c"]),
        ("a or (b and c)", "and or", ["a and (b and c)", "a or (b or c)"]),
        ("x = not a", "not", ["x = a"]),
        ("x = a + b", "arithmetic", ["x = a - b"]),
        ("x = a // b", "arithmetic", ["x = a * b"]),
        ("x = a[1:]", "number", ["x = a[2:]"]),
        ("x = True", "constant", ["x = False"]),
        ("x = b if a else c", "condition", ["x = b if not (a) else c"]),
        ("f(a, key=b)", "keyword argument", ["f(a)"]),
        ("f(key=b, other=c)", "keyword argument", ["f(key=b)", "f(other=c)"]),
        ("f(key=b)", "keyword argument", ["f()"]),
        ("f(frozen=b)", "keyword argument", ["f()"]),
        (
            "@dataclasses.dataclass(frozen=True, order=b)\nclass A: ...",
            "keyword argument",
            ["@dataclasses.dataclass(frozen=True)"],
        ),
        ("a.b = c", "statement", ["pass"]),
        ("f()", "statement", ["pass"]),
        ("a += b", "statement", ["pass"]),
    ],
)
def test_each_operator_makes_its_changes(text: str, operator: str, expected: list[str]) -> None:
    assert after(text, operator) == expected


def test_statements_inside_functions() -> None:
    text = "def f(a):\n    if a:\n        raise ValueError\n    return a\n"
    assert {(each.line, each.operator, each.after) for each in mutants_of(text.encode())} == {
        (2, "condition", "if not (a):"),
        (3, "statement", "pass"),
        (4, "result", "return None"),
    }


def test_a_decorator_goes_with_its_sign() -> None:
    (mutant,) = mutants_of(b"@guarded\ndef view():\n    ...\n")
    assert (mutant.line, mutant.operator, mutant.before, mutant.after) == (1, "decorator", "@guarded", "")
    assert b"guarded" not in mutant.source


@pytest.mark.parametrize(
    "text", ['"""A text."""', "x = 'text'", "return_ = None", "def f():\n    '''A text.'''\n", "pass"]
)
def test_texts_and_what_does_nothing_are_left_alone(text: str) -> None:
    assert after(text) == []


def test_how_strict_a_dataclass_is_is_left_alone() -> None:
    (mutant,) = mutants_of(b"@dataclass(frozen=True, slots=True, kw_only=True)\nclass A: ...\n")
    assert mutant.operator == "decorator"


def test_bytes_and_characters_are_not_mistaken_for_each_other() -> None:
    (mutant,) = mutants_of("x = 'größer', a < b  # ÄÖÜ".encode())
    assert mutant.after == "x = 'größer', a <= b  # ÄÖÜ"


def test_only_the_lines_that_are_asked_for() -> None:
    text = b"a < b\nc < d\ne < f\n"
    assert [each.line for each in mutants_of(text, {2})] == [2, 2]
    assert mutants_of(text, set()) == []


@pytest.mark.parametrize("path", sorted((ROOT / "challenges").glob("*/fixes/*/**/*.py")), ids=str)
def test_each_is_another_text_that_parses_and_differs_in_one_place(path: Path) -> None:
    source = path.read_bytes()
    found = mutants_of(source)
    assert len({each.source for each in found}) == len(found)
    for each in found:
        assert each.source != source
        ast.parse(each.source)
        assert each.before == source.splitlines()[each.line - 1].decode().strip()


def test_changed_lines_are_those_of_the_fix() -> None:
    assert changed_lines(b"a\nb\nc\n", b"a\nx\nc\nd\n") == {2, 4}
    assert changed_lines(None, b"a\nb\n") == {1, 2}
    assert changed_lines(b"a\nb\n", b"b\n") == set()
