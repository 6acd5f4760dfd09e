"""`mendbox bench`."""

from __future__ import annotations

import os
import platform
from pathlib import Path
from typing import Any

import click
from rich.table import Table

from mendbox.app import Context, ends_well, json_option, pass_context
from mendbox.bench.hostile import measure_beside_attackers
from mendbox.bench.peers import Exercise
from mendbox.bench.plan import BenchPlan, measure
from runner.errors import MendboxError
from runner.packages.finder import find_challenge
from runner.packages.loader import load_package

_BASELINE = (
    "pytest: `python -m pytest` of the same hidden suite against the same fix, suite and app in one process, in the "
    "sandbox image's interpreter, in a container that runs all the time; each test builds its app anew by the "
    "challenge's harness; bytecode is kept between runs. docker_run: the same command in `docker run --rm` with the "
    "limits and flags of Mendbox's own containers, but with the engine's own seccomp profile and ulimits, one "
    "container each. mendbox: from before the HTTP POST until the grade is in the store. CPU is the whole machine's, "
    "divided by gradings. Peak memory is how far the machine's rose, divided by gradings at a time; for Mendbox that "
    "and the warm pair, which was there before."
)


@click.command("bench")
@click.option("--challenge", default="user-500", show_default=True, help="Which challenge's suite is run.")
@click.option("--fix", default=None, help="Which reference fix; the first by name otherwise.")
@click.option("--rounds", type=click.IntRange(1, 1000), default=11, show_default=True, help="Rounds of latency.")
@click.option("--batch", type=click.IntRange(2, 1000), default=24, show_default=True, help="Gradings in a block.")
@click.option("--blocks", type=click.IntRange(1, 100), default=2, show_default=True, help="Blocks of throughput.")
@click.option("--growth/--no-growth", default=True, show_default=True, help="With up to 1,000 waiting.")
@click.option(
    "--hostile",
    type=click.IntRange(1, 10_000),
    default=None,
    help="Instead: so many honest gradings beside attackers in every other slot, and others without.",
)
@click.option(
    "--keep",
    type=click.Path(dir_okay=False, path_type=Path),
    default=None,
    help="With --hostile: a file for every measurement; given again, the run goes on where it was interrupted.",
)
@json_option
@pass_context
@ends_well
def bench_command(
    context: Context, /, challenge: str, fix: str | None, hostile: int | None, keep: Path | None, **amounts: Any
) -> None:
    """Measure Mendbox beside plain pytest and `docker run … pytest`, in one run and by turns.

    Quote the ratios: machines differ, and drift. With --hostile it ends with 1 when an honest grade was lost, or an
    attack scored or was not graded.
    """
    if keep is not None and hostile is None:
        raise MendboxError("--keep is for --hostile", hint="give --hostile N with it")
    package = load_package(find_challenge(challenge, context.settings.challenges))
    name = fix or min(package.fixes)
    if name not in package.fixes:
        raise MendboxError(f"{challenge} has no fix {name!r}", hint=f"there are: {', '.join(sorted(package.fixes))}")
    if hostile is not None:
        if not _show_hostile(context, measure_beside_attackers(context, Exercise(package, name), hostile, keep)):
            raise SystemExit(1)
        return
    measured = measure(context, Exercise(package, name), BenchPlan(**amounts), context.progress)
    ratios = {**measured.pop("ratios"), **measured.pop("throughput_ratios")}
    report = {
        "challenge": challenge,
        "fix": name,
        "hidden_tests": len(package.inventory.tests) if package.inventory else None,
        "machine": {"cores": os.cpu_count(), "system": platform.platform()},
        "baseline": _BASELINE,
        "ratios": ratios,
        **measured,
    }
    if context.json:
        context.print_json(report)
    else:
        _show(context, report)


def _show_hostile(context: Context, report: dict[str, Any]) -> bool:
    """Whether everything held."""
    held = bool(report["held"])
    if context.json:
        context.print_json(report)
        return held
    out = context.out
    out.print(
        f"{report['honest_grades_kept']} of {report['honest_gradings']} honest gradings kept their grade, "
        f"{report['honest_gradings_beside_attackers']} of them beside {report['attacks_graded']} attacks in "
        f"{report['attackers_at_a_time']} of {report['slots']} slots"
    )
    for row in report["honest_grades_lost"]:
        out.print(f"  lost: {row['score']} {row['arm'].replace('_', ' ')} ({', '.join(row['beside'])})", markup=False)
    for row in report["neighbours_out_of_order"]:
        out.print(f"  {row['neighbour']} was graded {row['score']}", markup=False)
    for name, row in report["latency_s"].items():
        out.print(f"  {name.replace('_', ' '):<30} p50 {row['p50']:.3f} s   p95 {row['p95']:.3f} s   n {row['n']}")
    for name in ("latency_p95_ratio", "latency_p95_ratio_to_honest"):
        out.print(f"  {name.replace('_', ' '):<30} {report[name]:.3f}")
    for row in report["slowest_beside"]:
        out.print(f"  beside {row['attack']:<23} p50 {row['p50']:.3f} s   n {row['n']}", style="dim")
    out.print(f"\n[dim]{report['how']}[/dim]")
    return held


def _show(context: Context, report: dict[str, Any]) -> None:
    out = context.out
    out.print(f"[bold]{report['challenge']}[/bold], fix {report['fix']}, {report['hidden_tests']} hidden tests\n")
    table = Table(box=None, header_style="dim", padding=(0, 2, 0, 0))
    for column in ("", "p50 s", "p95 s", "a minute", "CPU s each", "peak MB"):
        table.add_column(column, justify="right" if column else "left")
    rates, cpu = report["throughput_per_minute"], report["machine_cpu_s_per_grading"]
    peak = report["peak_memory_mb_per_running_grading"]
    for name, row in report["latency_s"].items():
        busy = name.removesuffix("_warm")
        table.add_row(
            name.replace("_", " "),
            f"{row['p50']:.3f}",
            f"{row['p95']:.3f}",
            *(f"{values[busy]}" if busy in values else "" for values in (rates, cpu, peak)),
        )
    out.print(table)
    out.print("\n[bold]ratios[/bold]")
    for name, value in report["ratios"].items():
        out.print(f"  {name.replace('_', ' '):<30}{value:.3f}")
    out.print("\n[bold]where a warm grading's time goes[/bold]  (s, medians)")
    for name, value in report["phases_s"].items():
        out.print(f"  {name.removesuffix('_s').replace('_', ' '):<30}{value:.4f}")
    idle = report["idle_pair"]
    out.print(f"\na waiting pair: {idle['memory_mb']} MB, {idle['cpu_s_per_s']} CPU seconds a second")
    for row in report.get("growth", ()):
        out.print(
            f"with {row['waiting']:>4} waiting: a POST {row['post_s'] * 1000:.1f} ms, "
            f"{row['graded_per_minute']} graded a minute"
        )
    out.print(f"\n[dim]{report['baseline']}[/dim]")
