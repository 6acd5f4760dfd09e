"""`mendbox doctor`."""

from __future__ import annotations

import os

import click
from rich.text import Text

from mendbox.app import Context, ends_well, json_option, pass_context
from mendbox.doctor import all_required_ok, run_checks, to_json


@click.command("doctor")
@json_option
@pass_context
@ends_well
def doctor_command(context: Context) -> None:
    """Say what is there, what is missing, and how to mend it. Exit 1 when something needed is missing."""
    checks = run_checks(context.settings, os.environ)
    if context.json:
        context.print_json(to_json(checks))
    else:
        for check in checks:
            mark, style = ("✓", "green") if check.ok else (("✗", "red") if check.required else ("–", "yellow"))
            line = Text(f"{mark} ", style=style)
            line.append(f"{check.name:<16}", style="bold")
            line.append(check.detail, style="default")
            context.out.print(line)
            if not check.ok and check.mend:
                context.out.print(Text(f"    → {check.mend}", style="yellow"))
    if not all_required_ok(checks):
        raise SystemExit(1)
