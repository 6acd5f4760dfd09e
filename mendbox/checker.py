"""What `mendbox challenge check` does to each package: static checks, proof by grading, certification."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn

from mendbox.app import Context
from mendbox.certificates import Examined, advice, certificate_of, certified, write_whole
from mendbox.mutation import campaign_as_json, print_campaign
from mendbox.sandboxes import open_sandbox
from mendbox.show import counted, print_problems
from mendbox.spelling import spelling_problems
from runner.attacks.check import applicable, attack_challenge
from runner.attacks.finder import find_attacks
from runner.certification.load import busy_cores
from runner.certification.trials import RUNS, Tried, planned_trials, run_trials
from runner.certification.trials import problems_of as trial_problems
from runner.certification.visible import problems_for_candidates, visible_tests
from runner.errors import PackageInvalid, Problem
from runner.grading.crossing import crossed, crossings_of
from runner.grading.likeness import answered_alike
from runner.grading.proof import Proof, Repeats, place_of, prove, run_count, stale
from runner.mutation.campaign import Campaign, added, planned, run_campaign
from runner.mutation.campaign import problems_of as mutation_problems
from runner.packages.certificate import CERTIFICATE
from runner.packages.diagnose import diagnose_folder
from runner.packages.editions import Edition, editions_of
from runner.packages.inventory import Inventory
from runner.packages.loader import INVENTORY, load_package
from runner.packages.package import ChallengePackage
from runner.packages.rewording import Wording
from runner.packages.variant import BASE

T = TypeVar("T")


@dataclass(frozen=True)
class Asked:
    """The options of `check`."""

    write: bool
    static: bool
    jobs: int
    repeat: int
    attacks: bool
    mutants: bool
    certify: bool


@dataclass
class _Result:
    """What came of one package so far. `proven`: each edition that was graded, and the inventory by its runs."""

    folder: Path
    problems: list[Problem]
    proven: list[tuple[Edition, Inventory]]
    campaign: Campaign | None = None

    def add(self, edition: Edition, problems: Sequence[Problem]) -> None:
        """Take down an edition's problems, each once, also where the static checks told them in other words."""
        told = {(problem.file, problem.key) for problem in self.problems if problem.key}
        found = [edition.told(problem) for problem in problems]
        self.problems += [each for each in dict.fromkeys(found) if (each.file, each.key) not in told]


class Checker:
    """Checks packages as it was asked to."""

    def __init__(self, context: Context, asked: Asked) -> None:
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
        """What came of each, as the command's JSON has it."""
        if self._static:
            return [self._check_statically(folder) for folder in folders]
        with open_sandbox(self._context.settings, self._context.progress, warm_pairs=self._jobs) as sandbox:
            return [self._check_one(folder, sandbox) for folder in folders]

    def _check_statically(self, folder: Path) -> dict[str, Any]:
        package, result = self._read(folder)
        return self._report(result, package.inventory if package is not None else None)

    def _read(self, folder: Path) -> tuple[ChallengePackage | None, _Result]:
        package, problems = diagnose_folder(folder, to_be_derived=self._write)
        result = _Result(folder, problems, [])
        for edition in editions_of(package) if package is not None else ():
            if edition.is_written:
                # What is wrong with a file that all share is told once.
                shared = set(result.problems)
                spelt = spelling_problems(edition.package)
                result.problems += [edition.told(problem) for problem in spelt if problem not in shared]
        return package, result

    def _check_one(self, folder: Path, sandbox: Any) -> dict[str, Any]:
        package, result = self._read(folder)
        if package is None:
            return self._report(result, None)
        editions = list(editions_of(package))
        for edition in editions:
            self._prove(edition, result, sandbox)
        if not result.problems:
            self._cross(result, sandbox)
        examined = []
        for edition, inventory in result.proven if not result.problems else ():
            if edition.is_written:
                examined.append(self._examine(replace(edition.package, inventory=inventory), edition, result, sandbox))
        if self._certify and examined and not result.problems:
            self._write_certificate(result, examined, [str(each.variant) for each in editions[1:]])
        return self._report(result, next((each for edition, each in result.proven if edition.variant == BASE), None))

    def _prove(self, edition: Edition, result: _Result, sandbox: Any) -> None:
        """Grade what the edition carries, and write its inventory or hold it against the one there is."""
        package = edition.package
        problems: list[Problem] = []
        try:
            problems += visible_tests(package, sandbox) or problems_for_candidates(package, sandbox)
            count = run_count(package, self._repeats)
            proof = self._with_bar(
                _name(edition),
                count,
                f"grading {count} submissions",
                lambda ran: prove(package, sandbox, jobs=self._jobs, repeats=self._repeats, ran=ran),
            )
            if edition.is_written and proof.inventory is not None and not proof.problems:
                problems += answered_alike(package, sandbox, proof.inventory)
        except PackageInvalid as error:
            proof = Proof(error.problems, None)
        result.add(edition, [*problems, *proof.problems])
        if proof.inventory is None:
            return
        result.proven.append((edition, proof.inventory))
        file = result.folder / edition.folder / INVENTORY
        if self._write and edition.is_written and not proof.derivable:
            self._context.progress(f"{file} is not written: a reference fix does not pass every test")
        elif self._write and edition.is_written:
            write_whole(file, proof.inventory.model_dump_json(indent=2) + "\n")
            self._context.progress(f"wrote {file}")
        elif edition.is_written:
            result.add(edition, stale(package, proof.inventory))
        else:
            result.add(edition, _other_tests(edition, result, proof.inventory))

    def _cross(self, result: _Result, sandbox: Any) -> None:
        """Send each fix where another bug is seeded."""
        seeded = {each.folder: (each.package, inventory) for each, inventory in result.proven if each.is_written}
        crossings = crossings_of({folder: package for folder, (package, _) in seeded.items()})
        if crossings:
            try:
                result.problems += self._with_bar(
                    result.folder.resolve().name,
                    len(crossings),
                    "sending each starter and fix where another bug is seeded",
                    lambda ran: crossed(seeded, crossings, sandbox, jobs=self._jobs, ran=ran),
                )
            except PackageInvalid as error:
                result.problems += error.problems

    def _examine(self, package: ChallengePackage, edition: Edition, result: _Result, sandbox: Any) -> Examined:
        """What takes minutes: attacks, trials and mutants, as far as they were asked for and nothing is wrong."""
        tried: list[Tried] = []
        if self._attacks and not result.problems:
            result.add(edition, self._attack(package, sandbox))
        if self._certify and not result.problems:
            tried = self._try(package, sandbox)
            result.add(edition, trial_problems(tried))
        if self._mutants and not result.problems:
            campaign, found = self._mutate(package, sandbox)
            result.add(edition, found)
            result.campaign = added(result.campaign, campaign, edition.folder)
        return Examined(package, tried)

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

    def _write_certificate(self, result: _Result, examined: Sequence[Examined], variants: Sequence[str]) -> None:
        assert result.campaign is not None  # whoever certifies tries mutants
        # As it is on disk now: inventories may have been written a moment ago.
        folder, package = result.folder, load_package(result.folder)
        made = certificate_of(package, examined, result.campaign, variants=variants, mendbox_version=version("mendbox"))
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

    def _report(self, result: _Result, inventory: Inventory | None) -> dict[str, Any]:
        problems = list(dict.fromkeys(result.problems))
        ok, slug = not problems, result.folder.resolve().name
        tests = len(inventory.tests) if inventory else 0
        variants = [str(edition.variant) for edition, _ in result.proven if edition.variant != BASE]
        if not self._context.json:
            mark = "[green]✓[/green]" if ok else "[red]✗[/red]"
            said = f"{tests} hidden tests" if ok and tests else ("" if ok else counted(len(problems), "problem"))
            said += f", and so in {counted(len(variants), 'variant')}: {'; '.join(variants)}" if ok and variants else ""
            self._context.out.print(f"{mark} {slug}  [dim]{said}[/dim]")
            print_problems(self._context.out, slug, problems)
            if result.campaign is not None:
                print_campaign(self._context.out, result.campaign)
        mutation = {} if result.campaign is None else {"mutation": campaign_as_json(result.campaign)}
        return {
            "slug": slug,
            "ok": ok,
            "problems": [
                {"file": problem.file, "key": problem.key, "message": problem.message} for problem in problems
            ],
            "tests": tests,
            "variants": variants,
            "certificate": certified(result.folder).value,
            **mutation,
        }


def _other_tests(edition: Edition, result: _Result, derived: Inventory) -> list[Problem]:
    """Where a variant in other words has other tests than what it is a variant of, by the words of its ids."""
    seeded = {each.variant.bug: inventory for each, inventory in result.proven if each.is_written}
    (whole, _), inventory = result.proven[0], seeded.get(edition.variant.bug)
    if whole.variant != BASE or inventory is None:
        return []  # it could not be run, which is told
    put = Wording.of(whole.package.manifest.variations, edition.variant).test
    said = {put(test.id): (test.requirement, test.kind) for test in inventory.tests}
    shown = {test.id: (test.requirement, test.kind) for test in derived.tests}
    differing = sorted(identity for identity in {*said, *shown} if said.get(identity) != shown.get(identity))
    advice = "of another kind, or not there, than in the folder's words; give parameters that vary an id of their own"
    return [Problem(*place_of(identity), f"is {advice}") for identity in differing]


def _name(edition: Edition) -> str:
    """For a progress bar."""
    return edition.package.slug + (
        f" {edition.variant}" if edition.package.bugs or edition.folder or not edition.is_written else ""
    )
