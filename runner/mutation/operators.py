"""Small changes of Python code, each of which a good suite notices. Pure: text in, changed texts out.

The operators are the usual ones of the field (DeMillo, Lipton and Sayward, "Hints on test data selection", 1978; Offutt
et al. on which suffice, 1996), for what fixes of web apps are made of: conditions, boundaries, numbers, results,
statements, keyword arguments, decorators. Texts are left alone: what a message says is rarely what a brief asks for. So
is how strict a dataclass is with its own author (`frozen`, `slots`, `kw_only`): no request can tell.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from dataclasses import dataclass

_COMPARED: dict[type[ast.cmpop], str] = {
    ast.Lt: "<=",
    ast.LtE: "<",
    ast.Gt: ">=",
    ast.GtE: ">",
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.In: "not in",
    ast.NotIn: "in",
    ast.Is: "is not",
    ast.IsNot: "is",
}
_COMPUTED: dict[type[ast.operator], tuple[str, str]] = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "//"),
    ast.FloorDiv: ("//", "*"),
    ast.Div: ("/", "*"),
    ast.Mod: ("%", "*"),
}
#: Arguments of `dataclasses.dataclass` that guard against its author's mistakes and change no answer.
_STRICTNESS = {"frozen", "slots", "kw_only"}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One small change: where it is (`line` from 1), what stood on that line, what stands there now, the whole text."""

    line: int
    operator: str
    before: str
    after: str
    source: bytes


def mutants_of(source: bytes, lines: Collection[int] | None = None) -> list[Mutant]:
    """Every mutant of a module that begins on one of `lines` (None: on any). Raises SyntaxError for what is no Python.

    Each is a module that parses, and no two are the same text.
    """
    tree = ast.parse(source)
    found: dict[bytes, Mutant] = {}
    for operator, node, start, end, text in _changes(tree, _Text(source)):
        if lines is not None and node.lineno not in lines:
            continue
        changed = source[:start] + text.encode() + source[end:]
        if changed == source or changed in found or not _parses(changed):
            continue
        row = source[:start].count(b"\n")
        before, after = source.splitlines()[row], (changed.splitlines() or [b""])[row]
        found[changed] = Mutant(row + 1, operator, _shown(before), _shown(after), changed)
    return sorted(found.values(), key=lambda mutant: (mutant.line, mutant.operator, mutant.after))


class _Text:
    """Where nodes stand in a text, as offsets in bytes."""

    def __init__(self, source: bytes) -> None:
        self.source = source
        self._starts = [0]
        for line in source.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))

    def start(self, node: ast.expr | ast.stmt | ast.keyword) -> int:
        return self._starts[node.lineno - 1] + node.col_offset

    def end(self, node: ast.expr | ast.stmt | ast.keyword) -> int:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self._starts[node.end_lineno - 1] + node.end_col_offset

    def of(self, node: ast.expr | ast.stmt) -> str:
        return self.source[self.start(node) : self.end(node)].decode()


_Change = tuple[str, "ast.expr | ast.stmt | ast.keyword", int, int, str]


def _changes(tree: ast.Module, text: _Text) -> Iterator[_Change]:
    left_alone = {id(node) for node in (*_docstrings(tree), *_strictness(tree))}
    for node in ast.walk(tree):
        if id(node) in left_alone:
            continue
        if isinstance(node, ast.expr):
            yield from _of_expression(node, text)
        elif isinstance(node, ast.stmt):
            yield from _of_statement(node, text)


def _docstrings(tree: ast.Module) -> Iterator[ast.stmt]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                yield first


def _strictness(tree: ast.Module) -> Iterator[ast.expr]:
    """The values that say how strict a dataclass is."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from (keyword.value for keyword in node.keywords if _only_guards(node, keyword))


def _only_guards(call: ast.Call, argument: ast.keyword) -> bool:
    return argument.arg in _STRICTNESS and ast.unparse(call.func).rpartition(".")[2] == "dataclass"


def _of_expression(node: ast.expr, text: _Text) -> Iterator[_Change]:
    start, end = text.start(node), text.end(node)
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        left, right = text.of(node.left), text.of(node.comparators[0])
        between = text.end(node.left), text.start(node.comparators[0])
        # What stands between may hold the brackets of either side.
        word = text.source[slice(*between)].decode()
        spelt = _spelt(node.ops[0])
        if left and right and spelt in word:
            changed = word.replace(spelt, _COMPARED[type(node.ops[0])], 1)
            yield "comparison", node, *between, changed
    elif isinstance(node, ast.BoolOp):
        words = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        for one, other in zip(node.values, node.values[1:], strict=False):
            between = text.end(one), text.start(other)
            word = text.source[slice(*between)].decode()
            yield "and or", node, *between, word.replace(*words, 1)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "not", node, start, end, text.of(node.operand)
    elif isinstance(node, ast.BinOp) and type(node.op) in _COMPUTED:
        between = text.end(node.left), text.start(node.right)
        word = text.source[slice(*between)].decode()
        yield "arithmetic", node, *between, word.replace(*_COMPUTED[type(node.op)], 1)
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield "constant", node, start, end, str(not node.value)
    elif isinstance(node, ast.Constant) and type(node.value) is int:
        yield "number", node, start, end, str(node.value + 1)
    elif isinstance(node, ast.IfExp):
        yield "condition", node, text.start(node.test), text.end(node.test), f"not ({text.of(node.test)})"
    elif isinstance(node, ast.Call):
        yield from _of_call(node, text)


def _of_call(node: ast.Call, text: _Text) -> Iterator[_Change]:
    """The call without each of its keyword arguments."""
    given: list[ast.expr | ast.keyword] = sorted([*node.args, *node.keywords], key=text.start)
    for index, argument in enumerate(given):
        if isinstance(argument, ast.keyword) and argument.arg is not None and not _only_guards(node, argument):
            if index:
                span = text.end(given[index - 1]), text.end(argument)
            elif len(given) > 1:
                span = text.start(argument), text.start(given[1])
            else:
                span = text.start(argument), text.end(argument)
            yield "keyword argument", argument, *span, ""


def _spelt(operator: ast.cmpop) -> str:
    known = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!="}
    return known.get(type(operator)) or {ast.In: "in", ast.NotIn: "not in", ast.Is: "is"}.get(type(operator), "is not")


def _of_statement(node: ast.stmt, text: _Text) -> Iterator[_Change]:
    start, end = text.start(node), text.end(node)
    if isinstance(node, ast.If | ast.While):
        yield "condition", node, text.start(node.test), text.end(node.test), f"not ({text.of(node.test)})"
    elif isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value):
        yield "result", node, start, end, "return None"
    elif _does_something(node):
        yield "statement", node, start, end, "pass"
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        for decorator in node.decorator_list:
            # With the @ before it; what is left of the line is blank.
            at = text.source.rindex(b"@", 0, text.start(decorator) + 1)
            yield "decorator", decorator, at, text.end(decorator), ""


def _does_something(node: ast.stmt) -> bool:
    """Whether code goes on without it. Without an assignment to a name most ends in a NameError, which shows little."""
    if isinstance(node, ast.Assign):
        stored = any(isinstance(target, ast.Attribute | ast.Subscript) for target in node.targets)
        return stored and not isinstance(node.value, ast.Constant)
    if isinstance(node, ast.Expr):
        return not isinstance(node.value, ast.Constant)
    return isinstance(node, ast.Raise | ast.AugAssign | ast.Delete)


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _parses(source: bytes) -> bool:
    try:
        ast.parse(source)
    except SyntaxError:
        return False
    return True


def _shown(line: bytes) -> str:
    return line.decode("utf-8", "replace").strip()
