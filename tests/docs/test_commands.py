"""Every command in the pages is one that can be typed: programs, subcommands, options, values, variables, targets."""

from __future__ import annotations

import importlib
import os
import re

import click
import pytest

from mendbox.cli import main
from store.settings import SECRETS, Settings
from tests.docs.commands import Command, commands
from tests.docs.pages import ROOT, Block, Page, pages
from tests.support.library import WISH

SHELL = {"bash", "sh", "console"}
OURS = ("mendbox", "make", "scripts/")
PAGES = pages()
#: Read elsewhere than in Settings: in docker-compose.yml, by `mendbox submit`, in examples, by set-up, and by the
#: plugin for a suite in one process; and what chooses among the tests.
OTHER_VARIABLES = {
    *re.findall(r"\$\{(MENDBOX_\w+)", (ROOT / "docker-compose.yml").read_text()),
    *re.findall(r"\$\{(MENDBOX_\w+)", (ROOT / "docker-compose.logs.yml").read_text()),
    "MENDBOX_URL",
    "MENDBOX_TOKEN",
    "MENDBOX_KEY",
    "MENDBOX_STATE_DIR",
    WISH,
    "MENDBOX_APP",
    "MENDBOX_HARNESS",
    "MENDBOX_ENTRY",
    "MENDBOX_SEED",
    *(f"MENDBOX_{name.upper()}_FILE" for name in SECRETS),
}
VARIABLES = {f"MENDBOX_{name.upper()}" for name in Settings.model_fields} | OTHER_VARIABLES


def shell_blocks() -> list[Block]:
    return [
        block
        for page in PAGES
        for block in page.blocks
        if block.language in SHELL or (not block.language and block.text.lstrip("$ ").startswith(OURS))
    ]


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def parse(arguments: list[str]) -> None:
    """Parse as the program itself does, without running anything. Raises click.UsageError."""
    context = main.make_context("mendbox", list(arguments))
    while isinstance(context.command, click.Group):
        rest = [*context._protected_args, *context.args]
        _, command, rest = context.command.resolve_command(context, rest)
        assert command is not None
        context = command.make_context(command.name, rest, parent=context)


def check(command: Command) -> None:
    arguments = command.arguments
    for variable in command.variables:
        assert not variable.startswith("MENDBOX_") or variable in VARIABLES, variable
    if command.program == "mendbox":
        parse(list(command.arguments))
    elif command.program == "docker-compose" and {"api", "worker"} & {*command.arguments} and "mendbox" in arguments:
        parse(list(arguments[arguments.index("mendbox") + 1 :]))
    elif command.program == "make":
        targets = {word for word in command.arguments if "=" not in word}
        assert targets <= make_targets(), targets
    elif command.program.startswith("scripts/"):
        assert os.access(ROOT / command.program, os.X_OK), command.program
    elif command.program in ("python", "python3") and "-m" in command.arguments:
        modules = [command.arguments[command.arguments.index("-m") + 1]]
        modules += [name for flag, name in zip(command.arguments, command.arguments[1:], strict=False) if flag == "-p"]
        for module in modules:
            assert importlib.util.find_spec(module) is not None, module


@pytest.mark.parametrize("block", shell_blocks(), ids=lambda block: block.place)
def test_every_command_of_a_block_can_be_typed_as_it_stands(block: Block) -> None:
    found = list(commands(block.text))
    assert found
    for command in found:
        check(command)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_is_mentioned_exists_with_its_options(page: Page) -> None:
    for span in page.code:
        if not span.startswith(("mendbox ", "make ", "scripts/", ".venv/bin/mendbox ", "python -m ", "MENDBOX_")):
            continue
        if " " not in span and "=" not in span:
            if span.startswith("MENDBOX_") and "*" not in span:
                assert span in VARIABLES, span
            continue
        for command in commands(span):
            if command.program == "mendbox":
                mentioned(command.arguments)
            else:
                check(command)


def mentioned(arguments: tuple[str, ...]) -> None:
    """The subcommand and the options exist; arguments may be left out, as one does in a sentence."""
    command: click.Command = main
    words = [word for word in arguments if word != "…"]
    while words and isinstance(command, click.Group) and not words[0].startswith("-"):
        found = command.get_command(click.Context(command), words.pop(0))
        assert found is not None, arguments
        command = found
    known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    known |= {"--help", "--version"}
    assert {word for word in words if word.startswith("-")} <= known, arguments


def test_the_readme_names_both_commands_that_a_newcomer_needs() -> None:
    blocks = [block for block in shell_blocks() if block.place.startswith("README.md:")]
    typed = [(command.program, command.arguments) for block in blocks for command in commands(block.text)]
    assert ("make", ("demo",)) in typed
    assert ("make", ("test",)) in typed


@pytest.mark.parametrize(
    "wrong",
    [
        "mendbox nothing",
        "mendbox grade user-500",
        "mendbox up --loud",
        "mendbox token create x --role king",
        "make nothing",
        "scripts/nothing",
        "MENDBOX_X=1 ls",
        "docker-compose exec api mendbox nothing",
    ],
)
def test_a_command_that_can_not_be_typed_is_found(wrong: str) -> None:
    (command,) = commands(wrong)
    with pytest.raises((AssertionError, click.UsageError)):
        check(command)
