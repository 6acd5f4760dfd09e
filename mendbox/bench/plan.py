"""The measurements, in the order they are made: by turns wherever two figures are compared."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from mendbox.app import Context
from mendbox.bench.machine import MemoryWatch, cpu_seconds
from mendbox.bench.peers import DockerRun, Exercise, PlainPytest
from mendbox.bench.stats import paired_ratio, summary
from mendbox.bench.subject import Subject, idle_pair
from mendbox.scratch import scratch_home
from runner.limits import Limits
from runner.sandbox.engine import Engine
from runner.sandbox.settings import SandboxSettings
from runner.sandbox.starting import start_pair

#: Pause after a grading until its pair was replaced: what is timed next is not to pay for it.
_SETTLE_S = 1.5
_DEPTHS = (1, 10, 100, 1000)
_DEPTH_WATCH_S = 8.0
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class BenchPlan:
    """How much to measure. `rounds` of latency, `batch` submissions for throughput in each of `blocks` blocks."""

    rounds: int = 11
    batch: int = 24
    blocks: int = 2
    growth: bool = True


def measure(context: Context, exercise: Exercise, plan: BenchPlan, say: Say) -> dict[str, Any]:
    """Run everything and give the report. Raises MendboxError."""
    cores = os.cpu_count() or 1
    with ExitStack() as exits:
        folder = exits.enter_context(scratch_home("bench"))
        folder.chmod(0o755)
        say("starting one Mendbox with warm pairs and one without")
        ready = max(1, context.settings.warm_pairs)
        warm = exits.enter_context(Subject(context, folder / "warm", exercise, warm_pairs=ready, slots=cores))
        cold = exits.enter_context(Subject(context, folder / "cold", exercise, warm_pairs=0, slots=1))
        plain = [exits.enter_context(closing(PlainPytest(exercise, warm.image))) for _ in range(cores)]
        docker = DockerRun(exercise, warm.image, folder / "suite", context.settings.runtime)
        bench = _Bench(plan, say, warm, cold, plain, docker)
        report: dict[str, Any] = {"idle_pair": _idle(warm.image, context.settings.runtime)}
        report |= bench.latency()
        report |= bench.throughput(cores)
        # Its pairs were there before the block began, so the rise does not hold them.
        peaks = report["peak_memory_mb_per_running_grading"]
        peaks["mendbox"] = round(peaks["mendbox"] + report["idle_pair"]["memory_mb"], 1)
    if plan.growth:
        with scratch_home("bench") as home:
            report["growth"] = _growth(context, exercise, home / "queue", say)
    return report


def _idle(image: str, runtime: str) -> dict[str, float]:
    """A pair of its own that does nothing but wait."""
    with closing(Engine()) as engine:
        pair = start_pair(engine, SandboxSettings(image=image, runtime=runtime), Limits())
        try:
            time.sleep(_SETTLE_S)
            return idle_pair(engine.client.api, pair.container_ids, 3.0)
        finally:
            pair.destroy()


class _Bench:
    def __init__(
        self,
        plan: BenchPlan,
        say: Say,
        warm: Subject,
        cold: Subject,
        plain: list[PlainPytest],
        docker: DockerRun,
    ) -> None:
        self._plan = plan
        self._say = say
        self._warm = warm
        self._cold = cold
        self._plain = plain
        self._docker = docker

    def latency(self) -> dict[str, Any]:
        """One at a time, by turns."""
        walls: dict[str, list[float]] = {"pytest": [], "docker_run": [], "mendbox_warm": [], "mendbox_cold": []}
        cpu: list[float] = []
        phases: list[dict[str, float]] = []
        self._docker.run()
        self._warm.grade_once()
        for number in range(self._plan.rounds):
            self._say(f"latency, round {number + 1} of {self._plan.rounds}")
            time.sleep(_SETTLE_S)
            run = self._plain[0].run()
            walls["pytest"].append(run["wall_s"])
            cpu.append(run["cpu_s"])
            walls["docker_run"].append(self._docker.run()["wall_s"])
            sample = self._warm.grade_once()
            walls["mendbox_warm"].append(sample.wall_s)
            phases.append(sample.phases())
            time.sleep(_SETTLE_S)
            walls["mendbox_cold"].append(self._cold.grade_once().wall_s)
        warm = walls["mendbox_warm"]
        return {
            "latency_s": {name: summary(samples) for name, samples in walls.items()},
            "phases_s": {name: round(median(phase[name] for phase in phases), 4) for name in phases[0]},
            "pytest_cpu_s": round(median(cpu), 3),
            "ratios": {
                "latency_vs_pytest": paired_ratio(warm, walls["pytest"]),
                "latency_vs_docker_run": paired_ratio(warm, walls["docker_run"]),
                "cold_latency_vs_pytest": paired_ratio(walls["mendbox_cold"], walls["pytest"]),
                "cold_latency_vs_docker_run": paired_ratio(walls["mendbox_cold"], walls["docker_run"]),
            },
        }

    def throughput(self, cores: int) -> dict[str, Any]:
        """All cores busy, by turns. Gradings a minute, and what the whole machine spent on each."""
        batch = self._plan.batch
        subjects: dict[str, Callable[[], None]] = {
            "pytest": lambda: _spread(cores, batch, lambda index: self._plain[index % cores].run()),
            "docker_run": lambda: _spread(cores, batch, lambda _: self._docker.run()),
            "mendbox": self._warm_batch,
        }
        rates: dict[str, list[float]] = {name: [] for name in subjects}
        spent: dict[str, list[float]] = {name: [] for name in subjects}
        peaks: dict[str, list[float]] = {name: [] for name in subjects}
        self._graded = self._warm.graded()
        for block in range(self._plan.blocks):
            for name, run in subjects.items():
                self._say(f"throughput, block {block + 1} of {self._plan.blocks}: {batch} by {name}")
                time.sleep(_SETTLE_S)
                cpu, started = cpu_seconds(), time.perf_counter()
                with MemoryWatch() as memory:
                    run()
                rates[name].append(60 * batch / (time.perf_counter() - started))
                spent[name].append((cpu_seconds() - cpu) / batch)
                peaks[name].append(memory.peak_mb / cores)
        ours = rates["mendbox"]
        return {
            "throughput_per_minute": {name: round(median(values), 1) for name, values in rates.items()},
            "machine_cpu_s_per_grading": {name: round(median(values), 3) for name, values in spent.items()},
            "peak_memory_mb_per_running_grading": {name: round(median(values), 1) for name, values in peaks.items()},
            "throughput_ratios": {
                "throughput_vs_pytest": paired_ratio(ours, rates["pytest"]),
                "throughput_vs_docker_run": paired_ratio(ours, rates["docker_run"]),
            },
        }

    def _warm_batch(self) -> None:
        self._warm.grade_many(self._plan.batch, self._graded)
        self._graded += self._plan.batch


def _spread(cores: int, count: int, run: Callable[[int], object]) -> None:
    """`count` runs, each core's one after the other."""

    def of_core(core: int) -> None:
        for index in range(core, count, cores):
            run(index)

    with ThreadPoolExecutor(cores) as threads:
        list(threads.map(of_core, range(cores)))


def _growth(context: Context, exercise: Exercise, home: Path, say: Say) -> list[dict[str, float]]:
    """How a POST and the gradings behind it fare while more and more submissions wait."""
    rows: list[dict[str, float]] = []
    with Subject(context, home, exercise, warm_pairs=context.settings.warm_pairs, slots=os.cpu_count() or 1) as subject:
        posted = 0
        for depth in _DEPTHS:
            say(f"growth, {depth} waiting")
            times: list[float] = []
            while (missing := depth - (posted - subject.graded())) > 0:
                more = subject.post_times(min(50, missing))
                posted += len(more)
                times += more
            before, started = subject.graded(), time.perf_counter()
            time.sleep(_DEPTH_WATCH_S if depth > 1 else 2.0)
            rate = 60 * (subject.graded() - before) / (time.perf_counter() - started)
            rows.append({"waiting": depth, "post_s": summary(times[-50:])["p50"], "graded_per_minute": round(rate, 1)})
    return rows
