"""How things look in a terminal: a grade, a diffstat, problems of a package. Text from candidates is never markup."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from runner.grading.models import Grade, RequirementStatus, Verdict
from runner.packages.package import ChallengePackage, Files
from runner.submissions.model import Submission

_VERDICT_STYLE = {
    Verdict.SOLVED: "bold green",
    Verdict.PARTIAL: "bold yellow",
    Verdict.UNSOLVED: "bold red",
    Verdict.REGRESSED: "bold red",
}
_STATUS = {
    RequirementStatus.MET: ("✓ met", "green"),
    RequirementStatus.PARTLY: ("~ partly", "yellow"),
    RequirementStatus.UNMET: ("✗ unmet", "red"),
}
_BAR_CHARS = 24


def plain(text: str) -> Text:
    """Text that came from outside, without control characters and never taken for markup."""
    return Text("".join(char for char in text if char.isprintable() or char == "\n"))


def heading(package: ChallengePackage) -> Text:
    """Title, slug and version."""
    return Text.assemble((package.manifest.title, "bold"), (f"  {package.slug} {package.manifest.version}", "dim"))


def counted(number: int, thing: str) -> str:
    """`1 problem`, `2 problems`."""
    return f"{number} {thing}" + ("" if number == 1 else "s")


def diffstat(submission: Submission, starter: Files) -> RenderableType:
    """Changed files with the lines added and removed, as `git diff --stat` shows them."""
    if not submission.files:
        return Text("no file differs from the starter", style="dim")
    table = Table.grid(padding=(0, 1))
    for path in submission.paths:
        added, removed = _changes(starter.get(path, b""), submission.files[path])
        bar = Text("+" * min(added, _BAR_CHARS), style="green")
        bar.append("-" * min(removed, _BAR_CHARS), style="red")
        new = "" if path in starter else " (new)"
        table.add_row(plain(path + new), Text(f"+{added} -{removed}", style="dim"), bar)
    return table


def left_out(names: Sequence[str]) -> Text:
    """What an upload held and is no part of it, a line each; nothing where there is nothing."""
    lines = Text(style="dim")
    for name in names:
        lines.append_text(plain(f"left out: {name}\n"))
    return lines


def _changes(before: bytes, after: bytes) -> tuple[int, int]:
    lines = [data.decode("utf-8", "replace").splitlines() for data in (before, after)]
    added = removed = 0
    for line in difflib.unified_diff(lines[0], lines[1], n=0, lineterm=""):
        added += line.startswith("+") and not line.startswith("+++")
        removed += line.startswith("-") and not line.startswith("---")
    return added, removed


def requirements_table(requirements: Sequence[Mapping[str, Any]]) -> Table:
    """Requirements as a grade's JSON has them."""
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=True, header_style="dim")
    # The text comes last: it alone is folded, and what stands before it stays in its place at any width.
    table.add_column("")
    table.add_column("points", justify="right")
    table.add_column("status")
    table.add_column("requirement", overflow="fold")
    for requirement in requirements:
        label, style = _STATUS[RequirementStatus(requirement["status"])]
        title = plain(requirement["title"])
        if requirement.get("message"):
            title.append("\n")
            title.append_text(plain(requirement["message"]).copy())
            title.stylize("dim", len(requirement["title"]))
        points = f"{requirement['earned']}/{requirement['points']}"
        table.add_row(requirement["id"], points, Text(label, style=style), title)
    return table


def grade_summary(grade: Mapping[str, Any]) -> RenderableType:
    """A grade, or what a candidate sees of it, from its JSON."""
    if "score" not in grade:
        return Text("graded; the result is for whoever invited you")
    verdict = Verdict(grade["verdict"])
    head = Text(f"{grade['score']:>3}/100  ", style="bold")
    head.append(verdict.value, style=_VERDICT_STYLE[verdict])
    if "requirements" not in grade:
        return head
    timing = grade["timing"]
    # A candidate's view has the times alone.
    head.append(f"   {timing['total_s']:.2f} s" + ("" if timing.get("warm", True) else " (cold)"), style="dim")
    parts: list[RenderableType] = [head]
    if grade["outcome"] != "completed":
        parts.append(Text(f"The app {grade['outcome'].replace('_', ' ')}: ", style="red"))
        parts.append(plain(grade.get("outcome_message") or ""))
    parts.append(requirements_table(grade["requirements"]))
    if facts := (grade.get("integrity") or {}).get("facts"):
        parts.append(integrity_block(facts))
    return Group(*parts)


def integrity_block(facts: Sequence[Mapping[str, Any]]) -> RenderableType:
    """What a run showed that honest work does not, a line each. Only assessors' grades have it."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for fact in facts:
        table.add_row(Text(f"  seen by {fact['seen_by']}", style="dim"), plain(fact["text"]))
    return Group(Text("Integrity", style="bold"), table)


def failing_tests(grade: Grade) -> RenderableType:
    """The hidden tests that did not pass, for engineers."""
    failing = [test for test in grade.tests if test.status.value != "passed"]
    if not failing:
        return Text(f"all {len(grade.tests)} hidden tests passed", style="dim")
    table = Table.grid(padding=(0, 2, 0, 0))
    for _ in range(3):
        table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for test in failing:
        status = Text(f"  {test.status.value.replace('_', ' ')}", style="red")
        table.add_row(status, test.kind.value, test.requirement, plain(test.id), style="dim")
    count = len(grade.tests) - len(failing)
    return Group(Text(f"{count} of {len(grade.tests)} hidden tests passed", style="dim"), table)


def print_problems(console: Console, slug: str, problems: Sequence[Any]) -> None:
    """A package's problems, one on each line, by file and key."""
    for problem in problems:
        line = Text(f"  {slug}/{problem.file}", style="cyan")
        if problem.key:
            line.append(f"  {problem.key}", style="magenta")
        line.append(f"  {problem.message}", style="default")
        console.print(line)
