"""`mendbox challenge list | show`; its other commands have modules of their own."""

from __future__ import annotations

from typing import Any

import click
from rich.markdown import Markdown
from rich.table import Table
from rich.text import Text

from mendbox.app import Context, ends_well, json_option, pass_context
from mendbox.check_command import check_command
from mendbox.diff_command import diff_command
from mendbox.docs_command import docs_command
from mendbox.import_command import import_command
from mendbox.new_command import new_command
from mendbox.show import heading, plain
from mendbox.try_command import try_command
from mendbox.variants import as_variant, variant_option
from mendbox.variants_command import variants_command
from runner.errors import PackageInvalid
from runner.packages.finder import find_challenge, list_challenges
from runner.packages.loader import load_package
from runner.packages.package import ChallengePackage
from runner.packages.variant import variants_of


@click.group()
def challenge() -> None:
    """The challenge library: list, show, check and make packages."""


challenge.add_command(check_command)
challenge.add_command(diff_command)
challenge.add_command(docs_command)
challenge.add_command(import_command)
challenge.add_command(new_command)
challenge.add_command(try_command)
challenge.add_command(variants_command)


@challenge.command("list")
@json_option
@pass_context
@ends_well
def list_command(context: Context) -> None:
    """List the packages under the challenges folder."""
    rows: list[dict[str, Any]] = []
    for folder in list_challenges(context.settings.challenges):
        try:
            package = load_package(folder)
        except PackageInvalid as error:
            rows.append({"slug": folder.name, "valid": False, "problems": [str(item) for item in error.problems]})
            continue
        rows.append({"valid": True, **_described(package)})
    if context.json:
        context.print_json({"challenges": rows})
        return
    if not rows:
        context.out.print(f"no challenge in {context.settings.challenges}; make one: mendbox challenge new SLUG")
        return
    table = Table(box=None, header_style="dim", padding=(0, 2, 0, 0))
    for column in ("slug", "level", "area", "minutes", "tests", "certificate", "title"):
        table.add_column(column)
    for row in rows:
        if row["valid"]:
            shown = ("slug", "level", "area", "minutes", "hidden_tests", "certificate", "title")
            cells = [row[name] or "–" for name in shown]
        else:
            cells = [row["slug"], "", "", "", "", "", f"[red]not valid: mendbox challenge check {row['slug']}[/red]"]
        table.add_row(*(str(cell) for cell in cells))
    context.out.print(table)


def _described(package: ChallengePackage) -> dict[str, Any]:
    manifest = package.manifest
    return {
        "slug": package.slug,
        "title": manifest.title,
        "version": manifest.version,
        "level": manifest.level.value,
        "area": manifest.area.value,
        "minutes": manifest.minutes,
        "summary": manifest.summary,
        "digest": package.digest,
        "hidden_tests": len(package.inventory.tests) if package.inventory else 0,
        "certificate": package.certified.value,
        "variants": variants_of(manifest),
    }


@challenge.command("show", short_help="Show a package: brief, requirements, fixes, mistakes.")
@click.argument("challenge")
@variant_option
@json_option
@pass_context
@ends_well
def show_command(context: Context, challenge: str, variant: str | None) -> None:
    """Show one package: its brief, requirements, fixes and mistakes."""
    package = load_package(find_challenge(challenge, context.settings.challenges))
    if variant is not None:
        package = as_variant(package, variant)
    manifest = package.manifest
    requirements = [requirement.model_dump() for requirement in manifest.requirements]
    if context.json:
        context.print_json(
            {
                **_described(package),
                "brief": package.brief,
                "editable": list(manifest.editable),
                "requirements": requirements,
                "fixes": sorted(package.fixes),
                "mistakes": {name: mistake.summary for name, mistake in sorted(package.mistakes.items())},
                "tests": [test.model_dump(mode="json") for test in package.inventory.tests]
                if package.inventory
                else [],
            }
        )
        return
    _show(context, package)


def _show(context: Context, package: ChallengePackage) -> None:
    out, manifest = context.out, package.manifest
    out.print(heading(package))
    out.print(f"{manifest.level.value}, {manifest.area.value}, {manifest.minutes} minutes\n")
    # In a file or a pipe Markdown is best as it was written.
    if out.is_terminal:
        out.print(Markdown(package.brief))
    else:
        out.print(package.brief, markup=False)
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_row(Text("may be changed", style="dim"), plain(", ".join(manifest.editable)))
    for requirement in manifest.requirements:
        table.add_row(Text(f"{requirement.id}, {requirement.points} points", style="dim"), plain(requirement.title))
    if (count := variants_of(manifest)) > 1:
        table.add_row(Text("variants", style="dim"), plain(f"{count}: mendbox challenge variants {package.slug}"))
    table.add_row(Text("reference fixes", style="dim"), plain(", ".join(sorted(package.fixes))))
    table.add_row()
    table.add_row(Text("mistakes", style="dim"))
    for name, mistake in sorted(package.mistakes.items()):
        table.add_row(plain(f"  {name}"), plain(mistake.summary))
    out.print(table)
