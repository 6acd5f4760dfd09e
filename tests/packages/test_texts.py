"""Links and commands of what candidates read, held against what they get."""

from __future__ import annotations

import pytest

from runner.packages.texts import commands_of, flask_commands
from tests.packages.samples import GOOD, parsed, problems_of


def _about(readme: str, **files: bytes) -> list[str]:
    changes = {"starter/README.md": readme.encode(), **{f"starter/{name}": data for name, data in files.items()}}
    return [problem for problem in problems_of(changes) if "README" in problem]


@pytest.mark.parametrize(
    "text",
    [
        "[the docs](https://flask.palletsprojects.com/) and [mail](mailto:desk@example.org)",
        "[the app](library/__init__.py), [its folder](library), [tests](./tests)",
        "# How to run it\n\n[here](#how-to-run-it)",
        "# What's `new`, and why?\n\n[here](#whats-new-and-why)",
        "```sh\nnot a [link](nowhere.md)\n```",
        "`[no](nowhere.md)`",
    ],
)
def test_links_that_lead_somewhere(text: str) -> None:
    assert _about(text) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[x](docs/setup.md)", "docs/setup.md leads to no file"),
        ("[x](../brief.md)", "../brief.md leads to no file"),
        ("![x](picture.png)", "picture.png leads to no file"),
        ("# One\n\n[x](#two)", "#two leads to no heading"),
        ("[x](https:///path)", "leads nowhere"),
        ("[x](ftp://example.org/x)", "leads nowhere"),
    ],
)
def test_links_that_lead_nowhere_are_told(text: str, said: str) -> None:
    (problem,) = _about(text)
    assert said in problem


def test_the_brief_has_no_files_beside_it() -> None:
    brief = GOOD["brief.md"] + b"\n[the app](starter/library/__init__.py)\n"
    (problem,) = [each for each in problems_of({"brief.md": brief}) if "leads to" in each]
    assert "brief.md" in problem


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("    pytest\n", [("pytest",)]),
        ("```console\n$ flask run  # at 5000\n```", [("flask", "run")]),
        ("    A=1 B='x y' flask run\n", [("flask", "run")]),
        ("    python -m venv v && . v/bin/activate; pip install x\n", 3),
        ("    curl -d '{\"a\": 1}' \\\n      localhost:5000\n", [("curl", "-d", '{"a": 1}', "localhost:5000")]),
        ("    it's no command\n", []),
        ("flask run\n", []),
    ],
)
def test_commands_are_read_from_code_blocks(text: str, found: int | list[tuple[str, ...]]) -> None:
    files = {**GOOD, "starter/README.md": text.encode(), "brief.md": b"# x\n"}
    package, _ = parsed(files)
    assert package is not None
    words = [command.words for command in commands_of(package)]
    assert (len(words) if isinstance(found, int) else words) == found


def test_variables_of_a_command_and_those_exported_before_it_belong_to_it() -> None:
    text = b"    export FLASK_APP=library\n    A='x y' flask run\n\nand\n\n    flask routes\n"
    package, _ = parsed({**GOOD, "starter/README.md": text, "brief.md": b"# x\n\n    flask shell\n"})
    assert package is not None
    assert [(str(command), dict(command.environment)) for command in flask_commands(package)] == [
        ("flask shell", {}),
        ("flask run", {"FLASK_APP": "library", "A": "x y"}),
        ("flask routes", {"FLASK_APP": "library"}),
    ]


def test_flask_commands_are_told_once_and_with_their_place() -> None:
    files = {
        **GOOD,
        "brief.md": b"# x\n\n    flask --app library run\n",
        "starter/README.md": b"    flask --app library run\n    python -m flask --app library routes\n    pytest\n",
    }
    package, _ = parsed(files)
    assert package is not None
    assert [(command.file, str(command)) for command in flask_commands(package)] == [
        ("brief.md", "flask --app library run"),
        ("starter/README.md", "flask --app library routes"),
    ]


@pytest.mark.parametrize("command", ["pip install -r needed.txt", "python serve.py", "sh scripts/run.sh"])
def test_a_file_that_a_command_needs_has_to_be_there(command: str) -> None:
    (problem,) = _about(f"    {command}\n")
    assert "is not in the starter" in problem
    assert _about(f"    {command}\n", **{command.rpartition(" ")[2]: b"#\n"}) == []
