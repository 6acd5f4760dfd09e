"""What every command shares: settings, the two consoles, `--json`, and how errors end a command.

Standard output carries the answer, standard error what goes on meanwhile. With `--json` standard output is exactly
one JSON document, also for an error: `{"error": {"message", "hint", …}}`.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from functools import cached_property, wraps
from typing import Any, TypeVar

import click
from rich.console import Console
from rich.progress import Progress, ProgressColumn

from mendbox.interrupts import INTERRUPTED, raise_again
from runner.errors import MendboxError, PackageInvalid, SubmissionRejected
from store.settings import Settings

F = TypeVar("F", bound=Callable[..., Any])

#: Columns of a console that is no terminal: what goes into a file or a pipe is never folded.
_UNFOLDED = 10_000


class Context:
    """One run of the command line."""

    def __init__(self) -> None:
        self.json = False
        self.out = _console(to_stderr=False)
        self.err = _console(to_stderr=True)

    @cached_property
    def settings(self) -> Settings:
        """The environment, read at first use. Raises SettingsInvalid."""
        return Settings.from_env(os.environ)

    @property
    def environ(self) -> Mapping[str, str]:
        """The environment, for what is no setting of a process."""
        return os.environ

    def progress(self, line: str) -> None:
        """Say what takes long."""
        # A service's own words among others: never markup.
        self.err.print(f"… {line}", style="dim", markup=False)

    def bar(self, *columns: ProgressColumn) -> Progress:
        """A progress bar that goes when it is done; nothing at all where it would not move."""
        disable = self.json or not self.err.is_terminal
        return Progress(*columns, console=self.err, transient=True, disable=disable)

    @property
    def beside_bar(self) -> Console:
        """Where an answer's lines go while a bar moves: on a terminal they must make room for each other."""
        return self.err if self.out.is_terminal and self.err.is_terminal else self.out

    def print_json(self, document: Any) -> None:
        """The one document of `--json`."""
        click.echo(json.dumps(document, indent=2, sort_keys=False))


def _console(*, to_stderr: bool) -> Console:
    terminal = (sys.stderr if to_stderr else sys.stdout).isatty()
    return Console(stderr=to_stderr, highlight=False, soft_wrap=not terminal, width=None if terminal else _UNFOLDED)


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
    """Ends a command with the exit code of whatever MendboxError it raised.

    A path that can't be read or written (OSError with a file name) ends it with 2, Ctrl-C with 130.
    """

    @wraps(function)
    def command(*args: Any, **kwargs: Any) -> Any:
        try:
            raise_again()
            return function(*args, **kwargs)
        except MendboxError as error:
            told = error
        except OSError as error:
            if error.filename is None:
                raise
            told = MendboxError(f"{error.filename}: {error.strerror}", hint="see that it can be read and written")
        except KeyboardInterrupt:
            told = MendboxError("interrupted")
            told.exit_code = INTERRUPTED
        raise SystemExit(fail(click.get_current_context().ensure_object(Context), told))

    return command  # type: ignore[return-value]
