"""The table of cryptography in docs/inventories.md: which module calls what, read from the code."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("api", "mendbox", "runner", "store", "worker")
_LIBRARIES = ("hashlib", "hmac", "secrets", "uuid.uuid4", "ssl", "argon2", "itsdangerous", "cryptography", "joserfc")


def uses(source: str) -> list[str]:
    """The calls of cryptography in a module, each once, by full name."""
    tree = ast.parse(source)
    names = dict(_imported(tree))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            parts = _dotted(node.func)
            head = names.get(parts[0], "") if parts else ""
            called = ".".join([head, *parts[1:]])
            if any(called == library or called.startswith(f"{library}.") for library in _LIBRARIES):
                found.add(called)
    return sorted(found)


def _imported(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.asname or alias.name.partition(".")[0], alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((alias.asname or alias.name, f"{node.module}.{alias.name}") for alias in node.names)


def _dotted(node: ast.expr) -> list[str]:
    if isinstance(node, ast.Name):
        return [node.id]
    parts = _dotted(node.value) if isinstance(node, ast.Attribute) else []
    return [*parts, node.attr] if parts and isinstance(node, ast.Attribute) else []


def cryptography() -> str:
    """Each module that uses any, what it calls, and what the module is for, in its own words."""
    rows = ["| module | calls | the module is for |", "|---|---|---|"]
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            source = path.read_text()
            called = uses(source)
            if called:
                purpose = (ast.get_docstring(ast.parse(source)) or "").partition("\n\n")[0].replace("\n", " ")
                # The first sentence: up to a full stop before another.
                purpose = purpose.partition(". ")[0].rstrip(".").replace("|", "or")
                name = path.relative_to(ROOT).as_posix()
                rows.append(f"| `{name}` | {', '.join(f'`{each}`' for each in called)} | {purpose} |")
    return "\n".join(rows)
