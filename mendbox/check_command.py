"""`mendbox challenge check`: packages prove themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from mendbox.app import Context, ends_well, json_option, pass_context
from mendbox.checker import Asked, Checker
from runner.certification.trials import RUNS
from runner.packages.finder import challenges_to_check, find_folder


@click.command("check", short_help="Have packages prove themselves by grading.")
@click.argument("challenges", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Every package under the challenges folder.")
@click.option("--write", is_flag=True, help="Write inventory.json as it was derived.")
@click.option("--static", is_flag=True, help="Only what needs no container.")
@click.option("--jobs", type=click.IntRange(0, 64), default=0, help="Runs at a time; 0: one for each core.")
@click.option(
    "--repeat",
    type=click.IntRange(1, 1000),
    default=1,
    show_default=True,
    help="Runs of each fix and each mistake, with other seeds; every run must show the same.",
)
@click.option("--mutants", is_flag=True, help="Also whether small changes of the fixes are noticed; takes minutes.")
@click.option("--attacks", is_flag=True, help="Also try every attack that we know on each challenge; takes minutes.")
@click.option(
    "--certify",
    is_flag=True,
    help=f"All of it: {RUNS} runs of each fix under load, at other dates and in other zones, and --mutants; "
    "writes certificate.json where no problem is left.",
)
@json_option
@pass_context
@ends_well
def check_command(context: Context, /, challenges: Sequence[str], every: bool, **options: Any) -> None:
    """Have packages prove themselves: starter, fixes and mistakes are graded as submissions are.

    Lists every problem with its file and key; exit 1 when there is any.
    """
    root = context.settings.challenges
    if not challenges and not every:
        raise click.UsageError("name a challenge, or give --all")
    folders = challenges_to_check(root) if every else [find_folder(name, root) for name in challenges]
    checker = Checker(context, Asked(**options))
    results = checker.check_all(folders)
    if context.json:
        context.print_json({"challenges": results})
    if any(not result["ok"] for result in results):
        raise SystemExit(1)
