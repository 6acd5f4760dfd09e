"""`mendbox bench` at its smallest: that it measures everything it promises. What it measures, no test judges."""

from __future__ import annotations

from typing import Any

from tests.mendbox.cli import Cli, refused

RATIOS = {
    "latency_vs_pytest",
    "latency_vs_docker_run",
    "cold_latency_vs_pytest",
    "cold_latency_vs_docker_run",
    "throughput_vs_pytest",
    "throughput_vs_docker_run",
}
PEERS = {"pytest", "docker_run", "mendbox"}
PHASES = {"post_s", "queued_s", "pair_s", "load_and_collect_s", "tests_s", "grading_total_s", "other_s"}


def are_numbers(values: Any) -> bool:
    return all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)


def test_it_gives_every_figure_that_it_promises(mendbox: Cli) -> None:
    done = mendbox("bench", "--rounds", 1, "--batch", 2, "--blocks", 1, "--no-growth", "--fix", "lookup", "--json")
    assert done.code == 0, done.err
    report = done.json
    assert (report["challenge"], report["fix"]) == ("user-500", "lookup")
    assert report["hidden_tests"] > 0
    assert set(report["ratios"]) == RATIOS
    assert are_numbers(report["ratios"].values())
    assert set(report["latency_s"]) == {"pytest", "docker_run", "mendbox_warm", "mendbox_cold"}
    for row in report["latency_s"].values():
        assert {"p50", "p95"} <= set(row)
        assert are_numbers(row.values())
    assert set(report["phases_s"]) == PHASES
    assert are_numbers(report["phases_s"].values())
    for name in ("throughput_per_minute", "machine_cpu_s_per_grading", "peak_memory_mb_per_running_grading"):
        assert set(report[name]) == PEERS
        assert are_numbers(report[name].values())
    assert are_numbers(report["idle_pair"].values())
    assert "one process" in report["baseline"]
    assert "growth" not in report


def test_a_fix_that_there_is_not_is_refused_with_those_there_are(mendbox: Cli) -> None:
    refused(mendbox("bench", "--fix", "none"), "user-500 has no fix 'none'", "blueprint, get-or-404, lookup")
