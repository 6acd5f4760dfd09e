"""`mendbox challenge variants`: what differs from candidate to candidate, and a variant as a folder of its own."""

from __future__ import annotations

from pathlib import Path

import click
from rich.table import Table
from rich.text import Text

from mendbox.app import Context, ends_well, json_option, pass_context
from mendbox.show import counted, plain
from mendbox.variants import as_variant
from runner.errors import MendboxError
from runner.packages.finder import find_challenge, write_new_package
from runner.packages.loader import load_package
from runner.packages.manifest import Manifest
from runner.packages.variant import variants_of


@click.command("variants", short_help="Show what differs from candidate to candidate.")
@click.argument("challenge")
@click.argument("variant", required=False)
@click.option("--to", type=click.Path(path_type=Path), help="Write the starter of VARIANT into this new folder.")
@json_option
@pass_context
@ends_well
def variants_command(context: Context, challenge: str, variant: str | None, to: Path | None) -> None:
    """Show a challenge's variations and seeded bugs, or write the starter that a candidate with VARIANT gets.

    VARIANT is such as house=1,bug=rounding, or a number, which draws one. Its brief: mendbox challenge show --variant.
    """
    package = load_package(find_challenge(challenge, context.settings.challenges))
    manifest = package.manifest
    if to and variant is None:
        raise MendboxError(
            "--to writes one variant", hint=f"name it: mendbox challenge variants {challenge} 1 --to {to}"
        )
    chosen = as_variant(package, variant) if variant is not None else None
    if to and chosen is not None:
        write_new_package(to, dict(chosen.starter))
        context.progress(f"wrote the starter of {chosen.slug}, {chosen.variant or 'base'}, into {to}")
    if context.json:
        context.print_json(
            {
                "slug": package.slug,
                "count": variants_of(manifest),
                "variant": chosen.variant if chosen is not None else None,
                "variations": [{"name": each.name, "values": each.values} for each in manifest.variations],
                "bugs": [{"name": each.name, "summary": each.summary} for each in manifest.bugs],
            }
        )
    elif chosen is not None:
        context.out.print(plain(chosen.variant or "base"))
    elif not manifest.varies:
        context.out.print(plain(f"{package.slug} has no variants: all candidates get the same"))
    else:
        context.out.print(_table(manifest))
        context.out.print(Text(f"{counted(variants_of(manifest), 'variant')} in all", style="dim"))


def _table(manifest: Manifest) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    for variation in manifest.variations:
        for place, words in enumerate(variation.values):
            table.add_row(plain(f"{variation.name}={place}"), plain(", ".join(words)))
    if manifest.bugs:
        table.add_row(Text("bug", style="dim"), Text("the one that the folder has as it stands", style="dim"))
    for bug in manifest.bugs:
        table.add_row(plain(f"bug={bug.name}"), plain(bug.summary))
    return table
