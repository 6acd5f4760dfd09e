"""`mendbox`: the front door. One click group; each command lives in a module of its own and is imported when used."""

from __future__ import annotations

from mendbox import first  # noqa: F401

# isort: split

import importlib
import json
import signal
from types import FrameType
from typing import Any

import click

_COMMANDS = {
    "up": ("mendbox.up_command", "up_command", "API, worker, queue and database: one command, one machine."),
    "demo": ("mendbox.demo", "demo_command", "The whole story on real input; ends by itself."),
    "grade": ("mendbox.grade_command", "grade_command", "Grade a fix here and now, without API or queue."),
    "submit": ("mendbox.submit_command", "submit_command", "Send a fix through the API."),
    "challenge": ("mendbox.challenge_commands", "challenge", "The challenge library."),
    "assessment": ("mendbox.assessment_commands", "assessment", "Challenges that are sent as one, with weights."),
    "bench": ("mendbox.bench.command", "bench_command", "Speed beside plain pytest and `docker run … pytest`."),
    "api": ("mendbox.service_commands", "api_command", "Run the HTTP API alone."),
    "worker": ("mendbox.service_commands", "worker_command_line", "Run workers alone."),
    "webhooks": ("mendbox.service_commands", "webhooks_command", "Deliver webhooks alone."),
    "db": ("mendbox.service_commands", "db", "Create, upgrade and look at the database."),
    "token": ("mendbox.token_commands", "token", "Make, list and revoke API tokens."),
    "user": ("mendbox.user_commands", "user", "People who sign in with a password."),
    "image": ("mendbox.image_commands", "image", "Build the sandbox image, and remove old ones."),
    "doctor": ("mendbox.doctor_command", "doctor_command", "What is there, what is missing, how to mend it."),
}

_JSON = "mendbox.json"


class _LazyGroup(click.Group):
    """Imports a command's module when it is asked for: `mendbox --help` answers at once."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ctx.meta[_JSON] = "--json" in args
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """A command line that can't be understood is an error like others: with `--json` it is told as JSON."""
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            if not ctx.meta[_JSON]:
                raise
            hint = f"see: {error.ctx.command_path if error.ctx else 'mendbox'} --help"
            click.echo(json.dumps({"error": {"message": error.format_message(), "hint": hint}}, indent=2))
            raise SystemExit(error.exit_code) from None

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, attribute, _ = _COMMANDS[cmd_name]
        command: Any = getattr(importlib.import_module(module), attribute)
        return command  # type: ignore[no-any-return]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, _, text) in _COMMANDS.items()])


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="mendbox")
def main() -> None:
    """Mendbox grades fixes to broken Flask apps, in throwaway containers."""
    # As Ctrl-C does: a command that is told to end removes its containers and processes first.
    signal.signal(signal.SIGTERM, _end)


def _end(number: int, _: FrameType | None) -> None:
    raise SystemExit(128 + number)
