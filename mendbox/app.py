"""What every command shares: settings, the two consoles, `--json`, and how errors end a command.

Standard output carries the answer, standard error what goes on meanwhile. With `--json` standard output is exactly
one JSON document, also for an error: `{"error": {"message", "hint", …}}`.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from functools import cached_property, wraps
from typing import Any, TypeVar

import click
from rich.console import Console

from runner.errors import MendboxError, PackageInvalid, SubmissionRejected
from store.settings import Settings

F = TypeVar("F", bound=Callable[..., Any])


class Context:
    """One run of the command line."""

    def __init__(self) -> None:
        self.json = False
        self.out = Console(highlight=False, soft_wrap=not sys.stdout.isatty())
        self.err = Console(stderr=True, highlight=False, soft_wrap=not sys.stderr.isatty())

    @cached_property
    def settings(self) -> Settings:
        """The environment, read at first use. Raises SettingsInvalid."""
        return Settings.from_env(os.environ)

    def progress(self, line: str) -> None:
        """Say what takes long."""
        self.err.print(f"[dim]… {line}[/dim]")

    def print_json(self, document: Any) -> None:
        """The one document of `--json`."""
        click.echo(json.dumps(document, indent=2, sort_keys=False))


pass_context = click.make_pass_decorator(Context, ensure=True)


def json_option(function: F) -> F:
    """Adds `--json` to a command; the command finds it as `context.json`."""

    def remember(ctx: click.Context, _: click.Parameter, value: bool) -> bool:
        context = ctx.ensure_object(Context)
        context.json = context.json or value
        return value

    return click.option(
        "--json",
        is_flag=True,
        expose_value=False,
        callback=remember,
        is_eager=True,
        help="One JSON document on stdout.",
    )(function)


def fail(context: Context, error: MendboxError) -> int:
    """Tell a person or a program what went wrong; gives the exit code."""
    if context.json:
        document: dict[str, Any] = {"message": error.message, "hint": error.hint}
        if isinstance(error, PackageInvalid):
            document["problems"] = [
                {"file": problem.file, "key": problem.key, "message": problem.message} for problem in error.problems
            ]
        if isinstance(error, SubmissionRejected):
            document |= {"reason": error.reason, "path": error.path}
        context.print_json({"error": document})
    else:
        context.err.print("[red bold]error:[/red bold] ", end="")
        context.err.print(error.message, markup=False)
        if error.hint:
            context.err.print("  [yellow]→[/yellow] ", end="")
            context.err.print(error.hint, markup=False)
    return error.exit_code


def ends_well(function: F) -> F:
    """Ends a command with the exit code of whatever MendboxError it raised."""

    @wraps(function)
    def command(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except MendboxError as error:
            context = click.get_current_context().ensure_object(Context)
            raise SystemExit(fail(context, error)) from None

    return command  # type: ignore[return-value]
