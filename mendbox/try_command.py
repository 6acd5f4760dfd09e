"""`mendbox challenge try`: the author's loop. A file is saved, and what it belongs to is graded anew."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from rich.text import Text

from mendbox.app import Context, ends_well, json_option, pass_context
from mendbox.naming import picked
from mendbox.sandboxes import open_sandbox
from mendbox.show import counted, plain, print_problems
from mendbox.variants import as_variant, variant_option
from runner.authoring.rerun import changed, names_of
from runner.errors import PackageInvalid
from runner.grading.proof import submissions_of
from runner.grading.report import Exchange, RunReport, Sandbox, TestStatus
from runner.grading.service import GradingOptions, run_suite
from runner.packages.finder import find_challenge
from runner.packages.fingerprint import fingerprint_of
from runner.packages.loader import load_package
from runner.packages.package import ChallengePackage
from runner.packages.variant import NoSuchVariant

#: How often the files are looked at, and how long they must have been left alone: an editor writes some at once.
_LOOK_S, _QUIET_S = 0.2, 0.1
#: Characters of an answer's body that are shown.
_BODY_CHARS = 400
#: Lines of what the app printed that are shown, the last ones: a traceback ends with what matters.
_OUTPUT_LINES = 6


@dataclass(frozen=True, slots=True)
class _Shown:
    name: str
    report: RunReport
    exchanges: tuple[Exchange, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class _Watched:
    """A package's folder, and which variant of it is tried."""

    folder: Path
    variant: str | None


@click.command("try", short_help="Grade again whatever is being edited.")
@click.argument("challenge")
@click.argument("names", nargs=-1)
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=1, show_default=True, help="Of every run.")
@variant_option
@click.option("--requests", is_flag=True, help="Show requests and answers of tests that pass, too.")
@click.option("--once", is_flag=True, help="Grade once, and end: with 1 when a test did not pass.")
@json_option
@pass_context
@ends_well
def try_command(context: Context, /, challenge: str, names: Sequence[str], **options: Any) -> None:
    """Watch a package's files, and grade what changes as soon as it is saved, with a pair of containers kept ready.

    Begins with what is named (fixes/clamped, mistakes/refunds, starter), else with the first reference fix. For tests
    that don't pass, shows what was asked and answered. Ctrl-C ends it.
    """
    seed, variant, requests = options["seed"], options["variant"], options["requests"]
    if context.json and not options["once"]:
        raise click.UsageError("--json gives one document: give --once as well")
    folder = find_challenge(challenge, context.settings.challenges)
    package = as_variant(load_package(folder), variant)
    shown = _chosen(package, names)
    with open_sandbox(context.settings, context.progress, warm_pairs=2) as sandbox:
        results = [_graded(package, name, sandbox, seed) for name in shown]
        if context.json:
            context.print_json({"slug": package.slug, "runs": [_as_json(result) for result in results]})
        else:
            for result in results:
                _print(context, result, requests=requests)
        if options["once"]:
            raise SystemExit(0 if all(result.report.all_passed for result in results) else 1)
        context.progress(f"watching {folder}; Ctrl-C ends it")
        for now, again in _changes(context, _Watched(folder, variant), package, shown):
            for name in again:
                try:
                    _print(context, _graded(now, name, sandbox, seed), requests=requests)
                except PackageInvalid as error:
                    print_problems(context.out, now.slug, error.problems)


def _chosen(package: ChallengePackage, names: Sequence[str]) -> list[str]:
    known = names_of(package)
    chosen: list[str] = []
    for name in names:
        chosen += picked(known, name, f"{package.slug} has nothing to run that is named {name!r}")
    return chosen or known[:1]


def _changes(
    context: Context, watched: _Watched, package: ChallengePackage, shown: list[str]
) -> Iterator[tuple[ChallengePackage, list[str]]]:
    """The package whenever something was saved that asks for another run, and what to run. Broken ones are told."""
    folder = watched.folder
    seen = fingerprint_of(folder)
    while True:
        time.sleep(_LOOK_S)
        now = fingerprint_of(folder)
        if now == seen:
            continue
        time.sleep(_QUIET_S)
        if fingerprint_of(folder) != now:
            continue
        seen = now
        try:
            after = as_variant(load_package(folder), watched.variant)
        except NoSuchVariant as error:
            context.out.print(plain(error.message))
            continue
        except PackageInvalid as error:
            print_problems(context.out, package.slug, error.problems)
            continue
        again = changed(package, after, shown)
        package = after
        if again:
            shown = again
            yield package, shown


def _graded(package: ChallengePackage, name: str, sandbox: Sandbox, seed: int) -> _Shown:
    submissions, problems = submissions_of(package)
    if name not in submissions:
        raise PackageInvalid(package.slug, problems)
    exchanges: list[Exchange] = []
    began = time.monotonic()
    report = run_suite(package, submissions[name], sandbox, GradingOptions(seed=seed, watch=exchanges.append))
    return _Shown(name, report, tuple(exchanges), time.monotonic() - began)


def _as_json(shown: _Shown) -> dict[str, Any]:
    return {
        "name": shown.name,
        "outcome": shown.report.outcome.value,
        "outcome_message": shown.report.outcome_message,
        "seconds": round(shown.seconds, 3),
        "tests": [
            {
                "id": test.id,
                "requirement": test.requirement,
                "status": test.status.value,
                "why": test.gist if test.status is not TestStatus.PASSED else None,
                "exchanges": [
                    {
                        "request": _asked(each),
                        "body": each.body.decode("utf-8", "replace"),
                        "status": each.status,
                        "answer": each.answer.decode("utf-8", "replace"),
                    }
                    for each in shown.exchanges
                    if each.test == test.id
                ],
            }
            for test in shown.report.tests
        ],
    }


def _print(context: Context, shown: _Shown, *, requests: bool) -> None:
    out, report = context.out, shown.report
    failing = [test for test in report.tests if test.status is not TestStatus.PASSED]
    head = Text(shown.name, style="bold")
    head.append(f"  {len(report.tests) - len(failing)} of {counted(len(report.tests), 'test')} passed", style="dim")
    head.append(f"  {shown.seconds:.2f} s", style="dim")
    out.print(head)
    if report.outcome_message:
        out.print(Text(f"  {report.outcome_message}", style="red"))
    if report.start_output:
        out.print(Text(report.start_output, style="dim"))
    for test in report.tests if requests else failing:
        passed = test.status is TestStatus.PASSED
        out.print(Text(f"  {test.status.value:<7} {test.id}", style="green" if passed else "red"))
        if not passed and test.gist:
            out.print(Text(f"          {test.gist}"))
        for each in shown.exchanges:
            if each.test == test.id:
                _print_exchange(context, each)
        for line in [] if passed else (test.app_output or "").rstrip().splitlines()[-_OUTPUT_LINES:]:
            out.print(Text(f"          app: {line}", style="yellow"))


def _print_exchange(context: Context, each: Exchange) -> None:
    context.out.print(Text(f"          → {_asked(each)}", style="cyan"))
    for mark, body in (("", each.body), (f"← {each.status}", each.answer)):
        said = body[: 4 * _BODY_CHARS].decode("utf-8", "replace")
        said = said if len(said) <= _BODY_CHARS else said[:_BODY_CHARS] + "…"
        if mark or said:
            context.out.print(Text(f"          {mark}  {' '.join(said.split())}", style="dim"))


def _asked(each: Exchange) -> str:
    return f"{each.method} {each.path}{'?' + each.query if each.query else ''}"
