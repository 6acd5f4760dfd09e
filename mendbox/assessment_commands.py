"""`mendbox assessment list | show | check`: what candidates are sent as one."""

from __future__ import annotations

import sys
from typing import Any

import click
from rich.table import Table
from rich.text import Text

from mendbox.app import Context, ends_well, json_option, pass_context
from mendbox.show import plain
from runner.assessments.loader import (
    diagnose_assessment,
    find_assessment,
    list_assessments,
    load_assessment,
    manifests_in,
)
from runner.errors import MendboxError


@click.group()
def assessment() -> None:
    """Assessments: which challenges, how they weigh, how long, how good is good enough."""


@assessment.command("list", short_help="List assessments.")
@json_option
@pass_context
@ends_well
def list_command(context: Context) -> None:
    """List the assessments under the assessments folder."""
    settings = context.settings
    manifests = manifests_in(settings.challenges)
    rows: list[dict[str, Any]] = []
    for file in list_assessments(settings.assessments):
        found, problems = diagnose_assessment(file, manifests)
        if found is None or problems:
            rows.append({"name": file.stem, "valid": False, "problems": [str(problem) for problem in problems]})
            continue
        rows.append(
            {
                "name": file.stem,
                "valid": True,
                "title": found.title,
                "version": found.version,
                "summary": found.summary,
                "challenges": [chosen.slug for chosen in found.challenges],
                "minutes": found.minutes_of(manifests),
                "pass_line": found.pass_line,
                "attempts": found.attempts,
            }
        )
    if context.json:
        context.print_json({"assessments": rows})
        return
    if not rows:
        context.out.print(f"no assessment in {settings.assessments}; docs/assessments.md says how to write one")
        return
    table = Table(box=None, header_style="dim", padding=(0, 2, 0, 0))
    for column in ("name", "challenges", "minutes", "pass line", "title"):
        table.add_column(column)
    for row in rows:
        if row["valid"]:
            cells = (row["name"], len(row["challenges"]), row["minutes"], row["pass_line"], row["title"])
            table.add_row(*(plain(str(cell)) for cell in cells))
        else:
            table.add_row(plain(row["name"]), "", "", "", Text("not valid: mendbox assessment check", "red"))
    context.out.print(table)


@assessment.command("show", short_help="Show an assessment.")
@click.argument("name")
@json_option
@pass_context
@ends_well
def show_command(context: Context, name: str) -> None:
    """Show one assessment: its challenges, and what each is worth."""
    settings = context.settings
    manifests = manifests_in(settings.challenges)
    found = load_assessment(find_assessment(name, settings.assessments), manifests)
    if context.json:
        document = found.model_dump(mode="json")
        context.print_json({"name": name, **document, "minutes": found.minutes_of(manifests)})
        return
    out = context.out
    out.print(Text.assemble((found.title, "bold"), (f"  {name} {found.version}", "dim")))
    out.print(plain(found.summary))
    tries = f"{found.attempts} attempts each" if found.attempts else "attempts without limit"
    out.print(f"{found.minutes_of(manifests)} minutes, {tries}, passed with {found.pass_line} of 100 points\n")
    table = Table(box=None, header_style="dim", padding=(0, 2, 0, 0))
    for column in ("area", "points", "challenge", "minutes", "title"):
        table.add_column(column, justify="right" if column in ("points", "minutes") else "left")
    for area, weight in sorted(found.weights.items(), key=lambda each: -each[1]):
        chosen = [each for each in found.challenges if manifests[each.slug].area is area]
        total = sum(each.weight for each in chosen)
        if weight and not chosen:
            table.add_row(plain(area.value), str(weight), "", "", "from reviewers, for the explanation")
        for each in chosen:
            manifest = manifests[each.slug]
            points = (
                f"{weight * each.weight / total:g}"
                if weight * each.weight % total == 0
                else (f"{weight * each.weight / total:.1f}")
            )
            minutes = str(each.minutes or manifest.minutes)
            table.add_row(plain(area.value), points, plain(each.slug), minutes, plain(manifest.title))
    out.print(table)


@assessment.command("check", short_help="Say what is wrong with assessments.")
@click.argument("names", nargs=-1)
@json_option
@pass_context
@ends_well
def check_command(context: Context, names: tuple[str, ...]) -> None:
    """Check all assessments, or those named: their form, and that challenges are there. Ends with 1 for a problem."""
    settings = context.settings
    manifests = manifests_in(settings.challenges)
    files = [find_assessment(name, settings.assessments) for name in names] or list_assessments(settings.assessments)
    if not files:
        raise MendboxError(
            f"there is no assessment in {settings.assessments}", hint="docs/assessments.md says how to write one"
        )
    found = {file.stem: diagnose_assessment(file, manifests)[1] for file in files}
    if context.json:
        rows = [
            {
                "name": name,
                "ok": not problems,
                "problems": [{"file": each.file, "key": each.key, "message": each.message} for each in problems],
            }
            for name, problems in found.items()
        ]
        context.print_json({"assessments": rows})
    else:
        for name, problems in found.items():
            context.out.print(f"{'✗' if problems else '✓'} {name}", markup=False)
            for problem in problems:
                context.out.print(f"    {problem}", markup=False, soft_wrap=True)
    if any(found.values()):
        sys.exit(1)
