"""`mendbox challenge import`: a package out of a commit that mended a fault."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from mendbox.app import Context, ends_well, json_option, pass_context
from runner.errors import MendboxError
from runner.importing.history import read_repair
from runner.importing.package import About, package_of
from runner.packages.finder import write_new_package
from runner.packages.manifest import SLUG, Area, Level


@click.command("import", short_help="Make a package of a commit that mended a fault.")
@click.argument("slug")
@click.argument("repository", type=click.Path(path_type=Path))
@click.argument("commit")
@click.option("--entry", required=True, help="What makes the app: module:factory, or module:app.")
@click.option("--title", default=None, help="A title; made from the slug otherwise.")
@click.option("--level", type=click.Choice([level.value for level in Level]), default="mid", show_default=True)
@click.option("--area", type=click.Choice([area.value for area in Area]), default="practical", show_default=True)
@json_option
@pass_context
@ends_well
def import_command(context: Context, /, slug: str, repository: Path, commit: str, **options: Any) -> None:
    """Make a package of a COMMIT of a git REPOSITORY that mended a fault and brought tests.

    The starter is the tree before it, the reference fix what it changed, the hidden suite those of its tests that speak
    to the app through the test client alone. The others are listed with file and line. Brief, a second fix and mistakes
    are for you to write; `check` says what is missing.
    """
    if not SLUG.fullmatch(slug):
        raise MendboxError(f"{slug!r} can't name a challenge", hint="use small letters, digits and hyphens")
    entry, level, area = str(options["entry"]), Level(options["level"]), Area(options["area"])
    module, _, name = entry.partition(":")
    if not module or not name.isidentifier():
        raise MendboxError(f"{entry!r} is no module:factory", hint="as in shop:create_app")
    repair = read_repair(repository, commit)
    title = options["title"] or slug.replace("-", " ").capitalize()
    made = package_of(repair, About(entry, title, level, area))
    folder = context.settings.challenges / slug
    write_new_package(folder, dict(made.files))
    if context.json:
        left = [{"file": each.file, "line": each.line, "test": each.test, "why": each.why} for each in made.left]
        context.print_json(
            {"slug": slug, "path": str(folder), "tests": list(made.tests), "left": left, "notes": list(made.notes)}
        )
        return
    lines = [f"made {folder}: tests taken over: {len(made.tests)}, left: {len(made.left)}"]
    lines += [f"  left: {each}" for each in made.left]
    lines += [f"  note: {note}" for note in made.notes]
    lines += [
        "next: write the brief, seed the app in harness.py, add a second fix and five mistakes; what is missing tells",
        f"  mendbox challenge check {slug} --write",
    ]
    context.out.print("\n".join(lines), markup=False, soft_wrap=True)
