"""What a copier does to another's work so that it looks like their own, as seeded changes of a syntax tree.

For the measurements and tests of similarity. The results read like code and are not meant to run.
"""

from __future__ import annotations

import ast
import random
from collections.abc import Callable, Mapping

Files = Mapping[str, bytes]
Change = Callable[[ast.Module, random.Random], None]
_Function = ast.FunctionDef | ast.AsyncFunctionDef
_WORDS = "row item entry found value total mark flag part key other chosen amount current".split()  # noqa: SIM905
_DEAD = (
    "{a} = len(str({b}))",
    "if {n} > {m}:\n    {a} = None",
    "{a} = [{b} for {b} in range({n})]",
    "assert {n} is not None",
    "for {a} in ():\n    print({a})",
    "{a} = {{}}\n{a}['{b}'] = {n}",
)


def disguised(files: Files, change: Change, seed: int) -> dict[str, bytes]:
    """The files with one kind of change made to every Python file of theirs; comments and layout go in any case."""
    return {
        path: _rewritten(data, change, random.Random(f"{seed} {path}")) if path.endswith(".py") else data
        for path, data in files.items()
    }


def _rewritten(data: bytes, change: Change, chance: random.Random) -> bytes:
    tree = ast.parse(data)
    change(tree, chance)
    return (ast.unparse(ast.fix_missing_locations(tree)) + "\n").encode()


def functions_of(tree: ast.AST) -> list[_Function]:
    """Every function in the tree."""
    return [node for node in ast.walk(tree) if isinstance(node, _Function)]


def rename(tree: ast.Module, chance: random.Random) -> None:
    """Other names for functions, arguments and variables."""
    bound = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    bound |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    bound |= {function.name for function in functions_of(tree)}
    names = {name: f"{chance.choice(_WORDS)}_{number}" for number, name in enumerate(sorted(bound))}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            node.id = names.get(node.id, node.id)
        elif isinstance(node, ast.arg):
            node.arg = names.get(node.arg, node.arg)
        elif isinstance(node, _Function):
            node.name = names[node.name]


def move_functions(tree: ast.Module, chance: random.Random) -> None:
    """The functions and classes of a module, and the methods of its classes, in another order."""
    scopes: list[ast.Module | ast.ClassDef] = [
        tree,
        *(node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)),
    ]
    for scope in scopes:
        places = [n for n, node in enumerate(scope.body) if isinstance(node, (*_Function.__args__, ast.ClassDef))]
        moved = [scope.body[place] for place in places]
        chance.shuffle(moved)
        for place, node in zip(places, moved, strict=True):
            scope.body[place] = node


def reorder_imports(tree: ast.Module, chance: random.Random) -> None:
    """Imports in another order, one name each."""
    imports = [node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]
    rest = [node for node in tree.body if node not in imports]
    single: list[ast.stmt] = []
    for node in imports:
        for name in node.names:
            single.append(
                ast.Import([name]) if isinstance(node, ast.Import) else ast.ImportFrom(node.module, [name], node.level)
            )
    single.sort(key=lambda node: isinstance(node, ast.Import) or node.module != "__future__")  # type: ignore[attr-defined]
    first = single[:1] if any(getattr(node, "module", "") == "__future__" for node in single[:1]) else []
    others = single[len(first) :]
    chance.shuffle(others)
    tree.body = [*first, *others, *rest]


def change_constants(tree: ast.Module, chance: random.Random) -> None:
    """Other strings and numbers everywhere, docstrings included."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and type(node.value) is int:
            node.value = chance.randrange(1000)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = "".join(chance.choice(_WORDS) for _ in range(3))


def split_functions(tree: ast.Module, chance: random.Random) -> None:
    """The second half of each longer function as a function of its own."""
    made: list[ast.stmt] = []
    for function in functions_of(tree):
        if len(function.body) >= 4:
            half = len(function.body) // 2
            name = f"_rest_of_{function.name}"
            tail, function.body[half:] = function.body[half:], []
            function.body += ast.parse(f"return {name}({chance.choice(_WORDS)})").body  # not at module level: it parses
            made += ast.parse(f"def {name}({chance.choice(_WORDS)}):\n    pass").body
            made[-1].body = tail  # type: ignore[attr-defined]
    tree.body += made


def insert_dead_code(tree: ast.Module, chance: random.Random) -> None:
    """A statement that does nothing after every third one."""
    for block in _blocks(tree):
        for place in range(len(block), 0, -1):
            if chance.random() < 1 / 3:
                block[place:place] = ast.parse(_dead(chance)).body


def _dead(chance: random.Random) -> str:
    a, b = chance.sample(_WORDS, 2)
    return chance.choice(_DEAD).format(a=a, b=b, n=chance.randrange(100), m=chance.randrange(100))


def _blocks(tree: ast.Module) -> list[list[ast.stmt]]:
    """The bodies of functions and of the statements in them."""
    blocks: list[list[ast.stmt]] = []
    for function in functions_of(tree):
        for node in ast.walk(function):
            blocks += [block for name in ("body", "orelse") if isinstance(block := getattr(node, name, None), list)]
    return [block for block in blocks if block]


def everything(tree: ast.Module, chance: random.Random) -> None:
    """All of these, but for the dead code."""
    for change in (rename, move_functions, reorder_imports, change_constants):
        change(tree, chance)


DISGUISES: Mapping[str, Change] = {
    "renamed variables": rename,
    "moved functions": move_functions,
    "reordered imports": reorder_imports,
    "changed strings and constants": change_constants,
    "split functions": split_functions,
    "dead code inserted": insert_dead_code,
    "all but dead code": everything,
}


def rewritten(tree: ast.Module, chance: random.Random) -> None:
    """As another would have written it: a part of the statements stays, the rest is another's way of saying it."""
    everything(tree, chance)
    for block in _blocks(tree):
        for place, node in enumerate(block):
            if chance.random() < 0.4 and not isinstance(node, (*_Function.__args__, ast.ClassDef)):
                block[place] = ast.parse(_sentence(chance)).body[0]


def _sentence(chance: random.Random) -> str:
    left, right = _expression(chance, 3), _expression(chance, 2)
    form = chance.choice(
        (
            "{a} = {left}",
            "if {left}:\n    {a} = {right}\nelse:\n    {b}({right})",
            "for {a}, {b} in {left}:\n    {b}.append({right})",
            "{a}[{right}] += {left}",
            "{a}.update({b}={left}, key={right})",
            "with {left} as {a}:\n    {b} = {right}",
        )
    )
    a, b = chance.sample(_WORDS, 2)
    return form.format(a=a, b=b, left=left, right=right)


def _expression(chance: random.Random, depth: int) -> str:
    if depth == 0:
        return chance.choice(("7", "'text'", "None", *_WORDS))
    inner = [_expression(chance, depth - 1) for _ in range(3)]
    form = chance.choice(
        (
            "{0}({1}, {2})",
            "{w}.{w}({0})",
            "{0} + {1}",
            "[{0} for {w} in {1} if {2}]",
            "({0} if {1} else {2})",
            "{w}[{0}]",
            "({0} and not {1})",
            "{w}.{w}",
            "{w}({w}={0}, key={1})",
            "({0} == {1})",
            "lambda {w}: {0}",
        )
    )
    return "(" + form.format(*inner, w=chance.choice(_WORDS)) + ")"
