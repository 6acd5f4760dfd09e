"""`mendbox doctor`."""

from __future__ import annotations

import os
from collections.abc import Sequence

import click
from rich.table import Table
from rich.text import Text

from mendbox.app import Context, ends_well, json_option, pass_context
from mendbox.checks import Check
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
        context.out.print(_table(checks))
    if not all_required_ok(checks):
        raise SystemExit(1)


def _table(checks: Sequence[Check]) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for check in checks:
        mark, style = ("✓", "green") if check.ok else (("✗", "red") if check.required else ("–", "yellow"))
        detail = Text(check.detail)
        if not check.ok and check.mend:
            detail.append(f"\n→ {check.mend}", style="yellow")
        table.add_row(Text(mark, style=style), Text(check.name, style="bold"), detail)
    return table
