"""`mendbox demo`: the whole story on real input, from upload to grade, through API, queue, workers and containers.

Every challenge's untouched starter, reference fixes and known mistakes are sent as candidates would send them, by turns
as .zip, .tar.gz and .patch. It ends by itself, and with exit 0 only if every grade was as expected.
"""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from mendbox.app import Context, ends_well, json_option, pass_context
from mendbox.client import ApiClient
from mendbox.packing import FORMS, pack
from mendbox.scratch import scratch_home, scratch_settings
from mendbox.show import heading
from mendbox.up_command import first_admin, prepared, stack_of
from runner.errors import PlatformFault
from runner.packages.finder import find_challenge
from runner.packages.loader import load_package
from runner.packages.package import ChallengePackage, Files
from store.settings import Settings

_DEMO_SLUGS = ("user-500", "n-plus-one", "rate-limiter")
_SLOTS_READY_S = 180.0
#: Of each challenge's mistakes, unless all are asked for: so that a demo is over in half a minute.
_SOME = 1


@dataclass(frozen=True, eq=False)
class Case:
    """One submission and the grade it must get."""

    package: ChallengePackage
    name: str
    files: Files
    form: str
    must_fail: tuple[str, ...] = ()

    def surprises(self, grade: dict[str, Any]) -> list[str]:
        """What in a grade is not as expected."""
        kind = self.name.partition("/")[0]
        score, verdict = grade["score"], grade["verdict"]
        if kind == "starter" and (score, verdict) != (0, "unsolved"):
            return [f"a starter got {score}, {verdict}"]
        if kind == "fixes" and (score, verdict) != (100, "solved"):
            return [f"a reference fix got {score}, {verdict}"]
        if kind == "mistakes":
            passed = {test["id"] for test in grade["tests"] if test["status"] == "passed"}
            missed = [f"{test} did not catch it" for test in self.must_fail if test in passed]
            return missed + (["a mistake scored 100"] if score == 100 else [])
        return []


def cases_of(package: ChallengePackage, *, most_mistakes: int | None = None) -> Iterator[Case]:
    """The starter, every fix, the mistakes, at most so many of them; the forms of upload take turns."""
    mistakes = sorted(package.mistakes.items())
    if most_mistakes is not None:
        # By name, those of one kind stand together: taken from all over the list.
        mistakes = mistakes[:: max(1, len(mistakes) // most_mistakes)][:most_mistakes]
    named: list[tuple[str, Files, tuple[str, ...]]] = [("starter", {}, ())]
    named += [(f"fixes/{name}", files, ()) for name, files in sorted(package.fixes.items())]
    named += [(f"mistakes/{name}", item.files, item.must_fail) for name, item in mistakes]
    for index, (name, files, must_fail) in enumerate(named):
        form = FORMS[index % len(FORMS)] if files else "zip"
        yield Case(package, name, files, form, must_fail)


def by_turns(cases: Sequence[Case]) -> list[Case]:
    """One of each challenge, then the next of each: some take the processor, others mostly wait."""
    places: Counter[str] = Counter()
    turns: list[tuple[int, Case]] = []
    for case in cases:
        turns.append((places[case.package.slug], case))
        places[case.package.slug] += 1
    return [case for _, case in sorted(turns, key=lambda turn: turn[0])]


@click.command("demo")
@click.option("--challenge", "slugs", multiple=True, help="Only this one; repeat for more.")
@click.option("--all", "everything", is_flag=True, help="Every known mistake, not only one of each challenge.")
@json_option
@pass_context
@ends_well
def demo_command(context: Context, slugs: tuple[str, ...], everything: bool) -> None:
    """The whole story on real input: three broken apps, their fixes and plausible mistakes, from upload to grade.

    Exit 0 only if every grade was as expected, 1 otherwise.
    """
    began = time.monotonic()
    root = context.settings.challenges
    packages = [load_package(find_challenge(slug, root)) for slug in dict.fromkeys(slugs or _DEMO_SLUGS)]
    most = None if everything else _SOME
    cases = [case for package in packages for case in cases_of(package, most_mistakes=most)]
    with scratch_home("demo") as home:
        # One candidate sends every fix and mistake there is.
        settings = scratch_settings(context.settings, home, submissions_per_hour=0, submissions_per_day=0)
        results = _Demo(context, prepared(context, settings)).run(cases)
    surprises = [result for result in results if result["surprises"]]
    took_s = time.monotonic() - began
    if context.json:
        context.print_json({"ok": not surprises, "took_s": round(took_s, 3), "gradings": results})
    else:
        _tell_end(context, results, surprises, took_s)
    if surprises or not results:
        raise SystemExit(1)


class _Demo:
    def __init__(self, context: Context, settings: Settings) -> None:
        self._context = context
        self._settings = settings

    def run(self, cases: Sequence[Case]) -> list[dict[str, Any]]:
        context = self._context
        admin = first_admin(self._settings)
        assert admin is not None
        slots = self._settings.slots or 2
        context.progress(f"starting API, queue, database and {slots} workers")
        with stack_of(context, self._settings, slots=slots) as stack:
            if not stack.wait_for_slots(slots, _SLOTS_READY_S):
                raise PlatformFault("the workers did not become ready", hint=f"see the logs in {stack.logs}")
            return self._send_all(cases, admin)

    def _send_all(self, cases: Sequence[Case], admin: str) -> list[dict[str, Any]]:
        context, url = self._context, self._settings.public_url
        results: list[dict[str, Any]] = []
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with (
            ApiClient(url, admin) as assessor,
            context.bar(*columns) as bar,
            tempfile.TemporaryDirectory(prefix="mendbox-uploads-") as folder,
        ):
            candidate = assessor.post(
                "/api/v1/tokens",
                {
                    "name": "demo candidate",
                    "role": "candidate",
                    "challenges": sorted({case.package.slug for case in cases}),
                    # What is sent are the folders' own fixes and mistakes.
                    "variants": {case.package.slug: "base" for case in cases if case.package.manifest.varies},
                },
            )["text"]
            task = bar.add_task("submitting", total=len(cases))
            with ApiClient(url, candidate) as sender:
                sent = {}
                for case in by_turns(cases):
                    archive = pack(case.files, case.package.starter, case.form, Path(folder))
                    sent[case] = sender.submit(case.package.slug, archive)
            bar.update(task, description="grading")
            slug = ""
            for case in cases:
                view = _ended(assessor, sent[case].id)
                bar.update(task, advance=1)
                if not context.json and case.package.slug != slug:
                    slug = case.package.slug
                    context.beside_bar.print("\n", heading(case.package), sep="")
                results.append(self._told(case, view))
        return results

    def _told(self, case: Case, view: dict[str, Any]) -> dict[str, Any]:
        grade = view.get("grade")
        surprises = case.surprises(grade) if grade else [f"no grade: {view.get('error')}"]
        result = {
            "challenge": case.package.slug,
            "name": case.name,
            "form": case.form,
            "score": grade["score"] if grade else None,
            "verdict": grade["verdict"] if grade else None,
            "surprises": surprises,
        }
        if not self._context.json:
            self._context.beside_bar.print(_line(case, result, grade))
            for surprise in surprises:
                self._context.beside_bar.print(Text(f"  → {surprise}", style="red"))
        return result


def _ended(client: ApiClient, identity: str) -> dict[str, Any]:
    """A submission once it is graded or can't be. Events, not questions: the machine is busy grading."""
    for _ in client.events(identity):
        pass
    return client.submission(identity)


def _line(case: Case, result: dict[str, Any], grade: dict[str, Any] | None) -> Table:
    style = {"solved": "green", "partial": "yellow"}.get(str(result["verdict"]), "red")
    row = Table.grid(padding=(0, 1))
    met = Text()
    for requirement in grade["requirements"] if grade else ():
        mark = {"met": "●", "partly": "◐", "unmet": "○"}[requirement["status"]]
        met.append(mark, style={"met": "green", "partly": "yellow", "unmet": "red"}[requirement["status"]])
    kind, _, name = case.name.partition("/")
    label = {"starter": "starter", "fixes": "fix", "mistakes": "mistake"}[kind]
    ok = Text("as expected", style="dim") if not result["surprises"] else Text("NOT as expected", "red")
    # With what stands between them 80 columns, which is what a terminal has at least.
    for width in (7, 27, 7, 3, 9, 6):
        row.add_column(width=width, no_wrap=True)
    row.add_column()
    row.add_row(
        Text(label, style="dim"),
        name,
        Text(f".{case.form}" if name else "", style="dim"),
        Text(f"{result['score']:>3}" if grade else "–", style="bold"),
        Text(str(result["verdict"]), style=style),
        met,
        ok,
    )
    return row


def _tell_end(
    context: Context, results: Sequence[dict[str, Any]], surprises: Sequence[dict[str, Any]], took_s: float
) -> None:
    context.out.print()
    if surprises:
        context.out.print(f"[bold red]{len(surprises)} of {len(results)} grades were not as expected[/bold red]")
    else:
        context.out.print(f"[bold green]all {len(results)} grades as expected[/bold green]", end="")
        context.out.print(f"  [dim]{took_s:.0f} s, each in two throwaway containers of its own[/dim]")
        context.out.print("next: [bold].venv/bin/mendbox up[/bold]")
