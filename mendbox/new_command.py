"""`mendbox challenge new`: a complete package, after a few questions."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any, TypeVar

import click

from mendbox.app import Context, ends_well, json_option, pass_context
from runner.packages.finder import write_new_package
from runner.packages.inventory import command_to_derive
from runner.packages.manifest import Area, Level
from runner.packages.scaffold import MINUTES, SUMMARY, scaffold

_LEVELS = [level.value for level in Level]
_AREAS = [area.value for area in Area]
T = TypeVar("T")


@click.command("new", short_help="Make a complete package, to be replaced piece by piece.")
@click.argument("slug")
@click.option("--title", default=None, help="A title; made from the slug otherwise.")
@click.option("--summary", default=None, help="One sentence for lists.")
@click.option("--level", type=click.Choice(_LEVELS), default=None, help="Whom it is for; junior unless said.")
@click.option("--area", type=click.Choice(_AREAS), default=None, help="What it asks after; practical unless said.")
@click.option(
    "--minutes", type=click.IntRange(5, 240), default=None, help="A realistic time; by level unless said: 30, 60, 90."
)
@click.option("--no-input", is_flag=True, help="Ask nothing; what is not given is as if it had been.")
@json_option
@pass_context
@ends_well
def new_command(context: Context, /, slug: str, no_input: bool, **options: Any) -> None:
    """Make a complete package, with comments that teach. `check SLUG --write` proves it and writes its inventory.

    On a terminal what no option says is asked for.
    """
    ask = not no_input and not context.json and sys.stdin.isatty() and sys.stderr.isatty()
    # A name that can't be used is told before anything is asked.
    scaffold(slug, "a title")
    title = _answer(ask, options["title"], "Title", slug.replace("-", " ").capitalize())
    summary = _answer(ask, options["summary"], "One sentence about what is broken", SUMMARY)
    chosen = Level(_choice(ask, options["level"], "Level", _LEVELS))
    about = Area(_choice(ask, options["area"], "Area", _AREAS, default=Area.PRACTICAL.value))
    minutes = _answer(ask, options["minutes"], "Minutes that it takes", MINUTES[chosen], click.IntRange(5, 240))
    folder = context.settings.challenges / slug
    files = scaffold(slug, title, chosen, about, minutes, summary)
    write_new_package(folder, files)
    if context.json:
        context.print_json({"slug": slug, "path": str(folder), "files": sorted(files)})
        return
    lines = (
        f"made {folder} ({len(files)} files); it is complete, to be replaced piece by piece",
        f"next: read {folder / 'brief.md'} and {folder / 'harness.py'}, then",
        f"  {command_to_derive(slug)}",
    )
    context.out.print("\n".join(lines), markup=False, soft_wrap=True)


def _answer(ask: bool, given: T | None, question: str, default: T, kind: click.ParamType[Any] | None = None) -> T:
    if given is not None:
        return given
    answer: T = click.prompt(question, default=default, type=kind, err=True) if ask else default
    return answer


def _choice(ask: bool, given: str | None, question: str, words: Sequence[str], default: str | None = None) -> str:
    return _answer(ask, given, question, default or words[0], click.Choice(words))
