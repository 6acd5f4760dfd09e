"""`mendbox challenge list | show | check | new`."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.markdown import Markdown
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from mendbox.app import Context, ends_well, json_option, pass_context
from mendbox.mutation import campaign_as_json, print_campaign
from mendbox.sandboxes import open_sandbox
from mendbox.show import counted, heading, plain, print_problems
from runner.attacks.check import applicable, attack_challenge
from runner.attacks.finder import find_attacks
from runner.errors import PackageInvalid, Problem
from runner.grading.likeness import answered_alike
from runner.grading.proof import Proof, Repeats, prove, run_count, stale
from runner.mutation.campaign import Campaign, planned, run_campaign
from runner.mutation.campaign import problems_of as mutation_problems
from runner.packages.diagnose import diagnose_folder
from runner.packages.finder import challenges_to_check, find_challenge, find_folder, list_challenges, write_new_package
from runner.packages.inventory import Inventory, command_to_derive
from runner.packages.loader import INVENTORY, load_package
from runner.packages.manifest import Area, Level
from runner.packages.package import ChallengePackage
from runner.packages.scaffold import scaffold

T = TypeVar("T")


@click.group()
def challenge() -> None:
    """The challenge library: list, show, check and make packages."""


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
    for column in ("slug", "level", "area", "minutes", "tests", "title"):
        table.add_column(column)
    for row in rows:
        if row["valid"]:
            cells = [row["slug"], row["level"], row["area"], row["minutes"], row["hidden_tests"] or "–", row["title"]]
        else:
            cells = [row["slug"], "", "", "", "", f"[red]not valid: mendbox challenge check {row['slug']}[/red]"]
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
    }


@challenge.command("show", short_help="Show a package: brief, requirements, fixes, mistakes.")
@click.argument("challenge")
@json_option
@pass_context
@ends_well
def show_command(context: Context, challenge: str) -> None:
    """Show one package: its brief, requirements, fixes and mistakes."""
    package = load_package(find_challenge(challenge, context.settings.challenges))
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
    table.add_row(Text("reference fixes", style="dim"), plain(", ".join(sorted(package.fixes))))
    table.add_row()
    table.add_row(Text("mistakes", style="dim"))
    for name, mistake in sorted(package.mistakes.items()):
        table.add_row(plain(f"  {name}"), plain(mistake.summary))
    out.print(table)


@challenge.command("check", short_help="Have packages prove themselves by grading.")
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
    checker = _Checker(context, _Asked(**options))
    results = checker.check_all(folders)
    if context.json:
        context.print_json({"challenges": results})
    if any(not result["ok"] for result in results):
        raise SystemExit(1)


@dataclass(frozen=True)
class _Asked:
    """The options of `check`."""

    write: bool
    static: bool
    jobs: int
    repeat: int
    attacks: bool
    mutants: bool


class _Checker:
    def __init__(self, context: Context, asked: _Asked) -> None:
        if asked.static and (asked.attacks or asked.mutants):
            needs = "--attacks" if asked.attacks else "--mutants"
            raise click.UsageError(f"--static uses no container, and {needs} needs them: give one of the two")
        self._context = context
        self._attacks = find_attacks() if asked.attacks else ()
        self._mutants = asked.mutants
        self._write = asked.write
        self._static = asked.static
        self._jobs = asked.jobs or os.cpu_count() or 1
        self._repeats = Repeats(fixes=asked.repeat, mistakes=asked.repeat)

    def check_all(self, folders: Sequence[Path]) -> list[dict[str, Any]]:
        if self._static:
            return [self._check_statically(folder) for folder in folders]
        with open_sandbox(self._context.settings, self._context.progress, warm_pairs=self._jobs) as sandbox:
            return [self._check_one(folder, sandbox) for folder in folders]

    def _check_statically(self, folder: Path) -> dict[str, Any]:
        package, problems = diagnose_folder(folder, to_be_derived=self._write)
        return self._report(folder, problems, package.inventory if package is not None else None)

    def _check_one(self, folder: Path, sandbox: Any) -> dict[str, Any]:
        package, problems = diagnose_folder(folder, to_be_derived=self._write)
        if package is None:
            return self._report(folder, problems, None)
        try:
            proof = self._prove(package, sandbox)
            if proof.inventory is not None and not proof.problems:
                problems += answered_alike(package, sandbox, proof.inventory)
        except PackageInvalid as error:
            proof = Proof(error.problems, None)
        told = {(problem.file, problem.key) for problem in problems if problem.key}
        problems += [problem for problem in proof.problems if (problem.file, problem.key) not in told]
        if self._write and not proof.derivable:
            self._context.progress(f"{folder / INVENTORY} is not written: a reference fix does not pass every test")
        elif self._write and proof.inventory is not None:
            _write_whole(folder / INVENTORY, proof.inventory.model_dump_json(indent=2) + "\n")
            self._context.progress(f"wrote {folder / INVENTORY}")
        elif proof.inventory is not None:
            problems.extend(stale(package, proof.inventory))
        if self._attacks and proof.inventory is not None and not problems:
            problems.extend(self._attack(replace(package, inventory=proof.inventory), sandbox))
        campaign = None
        if self._mutants and proof.inventory is not None and not problems:
            campaign, found = self._mutate(package, sandbox)
            problems.extend(found)
        return self._report(folder, list(dict.fromkeys(problems)), proof.inventory, campaign)

    def _prove(self, package: ChallengePackage, sandbox: Any) -> Proof:
        count = run_count(package, self._repeats)
        return self._with_bar(
            package.slug,
            count,
            f"grading {count} submissions",
            lambda ran: prove(package, sandbox, jobs=self._jobs, repeats=self._repeats, ran=ran),
        )

    def _with_bar(self, slug: str, count: int, doing: str, work: Callable[[Callable[[str], None]], T]) -> T:
        """Do `work`, which tells the name of each of its `count` parts as it ends."""
        columns = (
            TextColumn("{task.description:<24}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("[dim]{task.fields[last]}"),
        )
        if not self._context.err.is_terminal:
            self._context.progress(f"{slug}: {doing}")
        with self._context.bar(*columns) as bar:
            task = bar.add_task(slug, total=count, last="")
            return work(lambda name: bar.update(task, advance=1, last=name))

    def _attack(self, package: ChallengePackage, sandbox: Any) -> list[Problem]:
        count = len(applicable(self._attacks))
        return self._with_bar(
            package.slug,
            count,
            f"trying {counted(count, 'attack')}",
            lambda ran: attack_challenge(package, self._attacks, sandbox, jobs=self._jobs, ran=ran),
        )

    def _mutate(self, package: ChallengePackage, sandbox: Any) -> tuple[Campaign, list[Problem]]:
        to_run, equivalent, stale_entries = planned(package)
        count = len(to_run)
        campaign = self._with_bar(
            package.slug,
            count,
            f"trying {counted(count, 'mutant')}",
            lambda ran: run_campaign(package, to_run, sandbox, jobs=self._jobs, equivalent=equivalent, ran=ran),
        )
        return campaign, [*stale_entries, *mutation_problems(campaign)]

    def _report(
        self, folder: Path, problems: list[Problem], inventory: Inventory | None, campaign: Campaign | None = None
    ) -> dict[str, Any]:
        ok, slug = not problems, folder.resolve().name
        tests = len(inventory.tests) if inventory else 0
        if not self._context.json:
            mark = "[green]✓[/green]" if ok else "[red]✗[/red]"
            said = f"{tests} hidden tests" if ok and tests else ("" if ok else counted(len(problems), "problem"))
            self._context.out.print(f"{mark} {slug}  [dim]{said}[/dim]")
            print_problems(self._context.out, slug, problems)
            if campaign is not None:
                print_campaign(self._context.out, campaign)
        mutation = {} if campaign is None else {"mutation": campaign_as_json(campaign)}
        return {
            "slug": slug,
            "ok": ok,
            "problems": [
                {"file": problem.file, "key": problem.key, "message": problem.message} for problem in problems
            ],
            "tests": tests,
            **mutation,
        }


def _write_whole(path: Path, text: str) -> None:
    """Replace a file at once: never half of it."""
    with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=f".{path.name}-", delete=False) as file:
        file.write(text)
    os.chmod(file.name, 0o644)
    os.replace(file.name, path)


@challenge.command("new", short_help="Make a complete package, to be replaced piece by piece.")
@click.argument("slug")
@click.option("--title", default=None, help="A title; made from the slug otherwise.")
@click.option("--level", type=click.Choice([level.value for level in Level]), default="junior", show_default=True)
@click.option("--area", type=click.Choice([area.value for area in Area]), default="practical", show_default=True)
@json_option
@pass_context
@ends_well
def new_command(context: Context, slug: str, title: str | None, level: str, area: str) -> None:
    """Make a complete package, with comments that teach. `check SLUG --write` proves it and writes its inventory."""
    folder = context.settings.challenges / slug
    files = scaffold(slug, title or slug.replace("-", " ").capitalize(), Level(level), Area(area))
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
