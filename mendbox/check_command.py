"""`mendbox challenge check`: packages prove themselves."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn

from mendbox.app import Context, ends_well, json_option, pass_context
from mendbox.certificates import advice, certificate_of, certified, write_whole
from mendbox.mutation import campaign_as_json, print_campaign
from mendbox.sandboxes import open_sandbox
from mendbox.show import counted, print_problems
from runner.attacks.check import applicable, attack_challenge
from runner.attacks.finder import find_attacks
from runner.certification.load import busy_cores
from runner.certification.trials import RUNS, Tried, planned_trials, run_trials
from runner.certification.trials import problems_of as trial_problems
from runner.certification.visible import visible_tests
from runner.errors import PackageInvalid, Problem
from runner.grading.likeness import answered_alike
from runner.grading.proof import Proof, Repeats, prove, run_count, stale
from runner.mutation.campaign import Campaign, planned, run_campaign
from runner.mutation.campaign import problems_of as mutation_problems
from runner.packages.certificate import CERTIFICATE
from runner.packages.diagnose import diagnose_folder
from runner.packages.finder import challenges_to_check, find_folder
from runner.packages.inventory import Inventory
from runner.packages.loader import INVENTORY, load_package
from runner.packages.package import ChallengePackage

T = TypeVar("T")


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
    certify: bool


class _Checker:
    def __init__(self, context: Context, asked: _Asked) -> None:
        if asked.static and (asked.attacks or asked.mutants or asked.certify):
            needs = "--attacks" if asked.attacks else "--mutants" if asked.mutants else "--certify"
            raise click.UsageError(f"--static uses no container, and {needs} needs them: give one of the two")
        self._context = context
        self._attacks = find_attacks() if asked.attacks else ()
        self._mutants = asked.mutants or asked.certify
        self._certify = asked.certify
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
            problems += visible_tests(package, sandbox)
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
            write_whole(folder / INVENTORY, proof.inventory.model_dump_json(indent=2) + "\n")
            self._context.progress(f"wrote {folder / INVENTORY}")
        elif proof.inventory is not None:
            problems.extend(stale(package, proof.inventory))
        if self._attacks and proof.inventory is not None and not problems:
            problems.extend(self._attack(replace(package, inventory=proof.inventory), sandbox))
        tried: list[Tried] = []
        if self._certify and proof.inventory is not None and not problems:
            tried = self._try(package, sandbox)
            problems.extend(trial_problems(tried))
        campaign = None
        if self._mutants and proof.inventory is not None and not problems:
            campaign, found = self._mutate(package, sandbox)
            problems.extend(found)
        if tried and campaign is not None and not problems:
            self._write_certificate(folder, tried, campaign)
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

    def _try(self, package: ChallengePackage, sandbox: Any) -> list[Tried]:
        trials = planned_trials(package)
        cores = os.cpu_count() or 1
        with busy_cores(cores):
            return self._with_bar(
                package.slug,
                len(trials),
                f"grading the reference fixes {RUNS} times each, with {counted(cores, 'core')} kept busy",
                lambda ran: run_trials(package, trials, sandbox, jobs=self._jobs, ran=ran),
            )

    def _write_certificate(self, folder: Path, tried: Sequence[Tried], campaign: Campaign) -> None:
        # As it is on disk now: the inventory may have been written a moment ago.
        package = load_package(folder)
        made = certificate_of(package, tried, campaign, version("mendbox"))
        write_whole(folder / CERTIFICATE, made.model_dump_json(indent=2) + "\n")
        self._context.progress(f"wrote {folder / CERTIFICATE}; {advice(package.manifest.limits, made.proposed)}")

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
            "certificate": certified(folder).value,
            **mutation,
        }
