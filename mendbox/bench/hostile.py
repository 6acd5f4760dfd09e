"""Honest gradings beside attackers: `mendbox bench --hostile N`.

Every slot but one is kept busy by submissions that try to exhaust the host. In the last one an honest fix is graded
again and again, alone and beside them by turns: its grade must hold, and its latency tells what the attackers cost.
"""

from __future__ import annotations

import itertools
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mendbox.app import Context
from mendbox.bench.peers import Exercise
from mendbox.bench.stats import summary
from mendbox.bench.subject import Subject, zip_of
from mendbox.scratch import scratch_home
from runner.attacks.finder import find_attacks
from runner.attacks.model import Attack, Threat
from runner.attacks.payload import submission_of
from runner.errors import MendboxError
from runner.packages.package import ChallengePackage

#: Honest gradings before the other side's turn.
_TURN = 10


def measure_beside_attackers(context: Context, exercise: Exercise, runs: int) -> dict[str, Any]:
    """Grade `runs` times beside attackers and as often alone. Raises MendboxError when an honest grade is not 100.

    Gives latencies in seconds from POST to stored grade, their ratio, and how many attacks were graded meanwhile.
    """
    slots = max(2, os.cpu_count() or 1)
    walls: dict[str, list[float]] = {"alone": [], "beside_attackers": []}
    with scratch_home("bench") as folder:
        attackers = _Attackers(folder, exercise.package)
        with Subject(context, folder / "home", exercise, warm_pairs=1, slots=slots) as subject:
            subject.grade_once()
            while len(walls["beside_attackers"]) < runs:
                turn = min(_TURN, runs - len(walls["beside_attackers"]))
                context.progress(f"{len(walls['beside_attackers'])} of {runs} beside attackers, and as many alone")
                walls["alone"] += [subject.grade_once().wall_s for _ in range(turn)]
                with attackers.at_work(subject, slots - 1):
                    walls["beside_attackers"] += [subject.grade_once().wall_s for _ in range(turn)]
    figures = {name: summary(samples) for name, samples in walls.items()}
    return {
        "slots": slots,
        "attackers_at_a_time": slots - 1,
        "attacks_graded": attackers.graded,
        "honest_grades_kept": len(walls["beside_attackers"]),
        "latency_s": figures,
        "latency_p95_ratio": round(figures["beside_attackers"]["p95"] / figures["alone"]["p95"], 3),
    }


class _Attackers:
    """Submissions that try to exhaust the host, one after another, in as many slots as wanted."""

    def __init__(self, folder: Path, package: ChallengePackage) -> None:
        attacks = [attack for attack in find_attacks() if attack.threat is Threat.EXHAUST and attack.code]
        self._archives = itertools.cycle(_archives(folder, package, attacks))
        self._lock = threading.Lock()
        self._faults: list[MendboxError] = []
        self.graded = 0

    @contextmanager
    def at_work(self, subject: Subject, count: int) -> Iterator[None]:
        """Keep `count` slots busy until the end. Raises what an attacker's submission met, if the platform failed."""
        enough = threading.Event()
        threads = [threading.Thread(target=self._go_on, args=(subject, enough)) for _ in range(count)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            enough.set()
            for thread in threads:
                thread.join()
        if self._faults:
            raise self._faults[0]

    def _go_on(self, subject: Subject, enough: threading.Event) -> None:
        try:
            while not enough.is_set():
                with self._lock:
                    archive = next(self._archives)
                subject.grade_hostile(archive)
                with self._lock:
                    self.graded += 1
        except MendboxError as fault:
            self._faults.append(fault)


def _archives(folder: Path, package: ChallengePackage, attacks: Sequence[Attack]) -> list[Path]:
    paths: list[Path] = []
    for attack in attacks:
        paths.append(folder / f"{attack.name}.zip")
        paths[-1].write_bytes(zip_of(submission_of([attack], package, {}).files))
    return paths
