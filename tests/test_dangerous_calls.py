"""What our code never calls: anything that makes a command, a statement or code out of text, and weak cryptography."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

import pytest

from tests.docs.pages import ROOT

FOLDERS = ("api", "mendbox", "runner", "store", "worker", "scripts")
#: What `challenge new` copies: a challenge, not our code.
TEMPLATE = "runner/packages/template/"
SOURCES = {
    name: path.read_text()
    for folder in FOLDERS
    for path in sorted((ROOT / folder).rglob("*.py"))
    if not (name := path.relative_to(ROOT).as_posix()).startswith(TEMPLATE)
}

#: Each makes code out of text or bytes.
CODE = {"eval", "exec", "pickle", "marshal", "shelve", "yaml.load", "__import__", "compile", "jsonpickle", "dill"}
SHELL = {"os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput", "pty.spawn"}
WEAK_HASHES = {"hashlib.md5", "hashlib.sha1", "hashlib.new", "md5", "sha1", "crypt"}
#: Fit for shuffling tests by a seed, not for what must not be guessed.
PREDICTABLE = {"random", "uuid.uuid1"}


def calls(source: str) -> Iterator[tuple[str, ast.Call]]:
    """Each call with the dotted name of what is called, as it is written."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            yield dotted(node.func), node


def dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return f"{dotted(node.value)}.{node.attr}" if isinstance(node, ast.Attribute) else ""


def is_among(name: str, names: set[str]) -> bool:
    """`name` is one of them, or something in one of them."""
    return any(name == each or name.startswith(f"{each}.") for each in names)


def imports(source: str) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def makes_code(source: str) -> bool:
    return any(is_among(name, CODE) for name, _ in calls(source)) or any(
        is_among(each, CODE) for each in imports(source)
    )


def uses_a_shell(source: str) -> bool:
    return any(
        is_among(name, SHELL) or any(each.arg == "shell" and not is_false(each.value) for each in call.keywords)
        for name, call in calls(source)
    ) or any(is_among(each, SHELL) for each in imports(source))


def is_false(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is False


def has_weak_hashes(source: str) -> bool:
    return any(is_among(name, WEAK_HASHES) for name, _ in calls(source)) or any(
        is_among(each, WEAK_HASHES) for each in imports(source)
    )


def is_predictable(source: str) -> bool:
    return any(is_among(each, PREDICTABLE) for each in imports(source) | {name for name, _ in calls(source)})


def builds_sql(source: str) -> bool:
    """A statement in words (`text`, `exec_driver_sql`) that is not the same each time."""
    statements = {"text", "sqlalchemy.text", "literal_column"}
    return any(
        (name in statements or name.endswith((".exec_driver_sql", ".executescript")))
        and not (call.args and isinstance(call.args[0], ast.Constant))
        for name, call in calls(source)
    )


def trusts_any_certificate(source: str) -> bool:
    return (
        any(
            "unverified" in name.lower() or any(each.arg == "verify" and is_false(each.value) for each in call.keywords)
            for name, call in calls(source)
        )
        or "CERT_NONE" in source
    )


def formats_text_of_others(source: str) -> bool:
    """`.format` on anything but a literal or a constant of a module: fields in the text could read any attribute."""
    return any(
        isinstance(call.func, ast.Attribute)
        and call.func.attr in ("format", "format_map")
        and not isinstance(call.func.value, ast.Constant)
        and not (isinstance(call.func.value, ast.Name) and call.func.value.id.strip("_").isupper())
        for _, call in calls(source)
    )


Rule = Callable[[str], bool]


def those_that(rule: Rule) -> set[str]:
    return {name for name, source in SOURCES.items() if rule(source)}


def test_no_text_becomes_code() -> None:
    assert those_that(makes_code) == set()


def test_no_command_goes_through_a_shell() -> None:
    assert those_that(uses_a_shell) == set()


def test_no_statement_is_put_together_from_text() -> None:
    # Numbers and names of our own, where SQL takes no parameters: pragmas, locks, tables of a migration.
    assert those_that(builds_sql) == {"store/schema.py", "store/engine.py"}


def test_no_text_of_others_is_a_format() -> None:
    # Where strangers' text goes through; elsewhere there are tables of words of our own.
    served = {name for name in SOURCES if name.startswith(("api/", "store/", "worker/"))}
    assert those_that(formats_text_of_others) & served == set()


def test_hashes_are_strong_and_no_cryptography_is_our_own() -> None:
    # Git names objects by SHA-1, and takes no other word for them. Nothing is decided by such a name but which bytes of
    # one push, or of the starter, are meant: whoever makes two objects with one name deceives themselves.
    assert those_that(has_weak_hashes) == {"runner/submissions/git_objects.py"}
    # What there is comes from the standard library, which has it from OpenSSL, and from argon2-cffi.
    named = {
        each for source in SOURCES.values() for each in imports(source) if is_among(each, {"Crypto", "nacl", "rsa"})
    }
    assert named == set()


def test_what_must_not_be_guessed_comes_from_the_system() -> None:
    # The grader shuffles and draws by the grading's seed, and a measurement by its own, to be able to do it again.
    by_seed = ("runner/inside/", "mendbox/bench/")
    assert {name for name in those_that(is_predictable) if not name.startswith(by_seed)} == set()


def test_every_certificate_is_checked() -> None:
    assert those_that(trusts_any_certificate) == set()


@pytest.mark.parametrize(
    ("rule", "bad", "good"),
    [
        (makes_code, "import pickle\n", "import json\n"),
        (makes_code, "from pickle import loads\n", "json.loads(x)\n"),
        (makes_code, "value = eval(text)\n", "value = literal_eval(text)\n"),
        (uses_a_shell, "subprocess.run(line, shell=True)\n", "subprocess.run(words, shell=False)\n"),
        (uses_a_shell, "subprocess.run(line, shell=wanted)\n", "subprocess.run(words)\n"),
        (uses_a_shell, "import os\nos.system(line)\n", "os.execv(path, words)\n"),
        (builds_sql, 'text(f"DELETE FROM {name}")\n', 'text("SELECT 1")\n'),
        (builds_sql, "connection.exec_driver_sql(a + b)\n", 'connection.exec_driver_sql("BEGIN IMMEDIATE")\n'),
        (formats_text_of_others, "template.format(x=1)\n", '"{x}".format(x=1)\n'),
        (formats_text_of_others, "self.words.format_map(y)\n", "_PAGE.format(x=1)\n"),
        (has_weak_hashes, "hashlib.md5(data)\n", "hashlib.sha256(data)\n"),
        (has_weak_hashes, "from hashlib import sha1\n", "from hashlib import sha256\n"),
        (is_predictable, "import random\n", "import secrets\n"),
        (is_predictable, "from random import choice\n", "from secrets import choice\n"),
        (trusts_any_certificate, "requests.get(url, verify=False)\n", "requests.get(url)\n"),
        (trusts_any_certificate, "ssl._create_unverified_context()\n", "ssl.create_default_context()\n"),
    ],
)
def test_each_rule_sees_what_it_is_for(rule: Rule, bad: str, good: str) -> None:
    assert rule(bad)
    assert not rule(good)
