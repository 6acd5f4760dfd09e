"""Honest gradings beside attackers: `mendbox bench --hostile N`.

An honest fix is graded again and again, by turns with all other slots idle, with honest fixes in all of them, and with
submissions in all of them that try to exhaust the host. Its grade must hold, and its latency tells what they cost.
"""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from statistics import median
from typing import Any

from mendbox.app import Context
from mendbox.bench.neighbours import HONEST, Neighbourhood, attacking, honest
from mendbox.bench.peers import Exercise
from mendbox.bench.record import Honest, Record
from mendbox.bench.stats import percentile, summary
from mendbox.bench.subject import FULL_SCORE, Subject
from mendbox.scratch import scratch_home
from runner.attacks.finder import find_attacks
from runner.attacks.model import Threat

ALONE, BESIDE_HONEST, BESIDE_ATTACKERS = "alone", "beside_honest", "beside_attackers"
#: Between a grade and the next honest submission. One after another without a pause would wait for the slots' new
#: pairs, alone for those of all slots and beside others for those of one: that compares numbers of slots.
PAUSE_S = 1.5
#: Honest gradings in a turn. The last attack of a turn is waited for, and some take as long as a grading may.
_LEAST_TURN, _MOST_TURN, _TURNS = 10, 50, 20
#: Neighbours that are named for what they cost: so many, each seen beside so many honest gradings.
_NAMED, _SEEN = 5, 3
#: Gradings without attackers, of each kind, at least: a 95th percentile of fewer says little.
_FEWEST = 20
_HOW = (
    "One honest grading at a time, {pause_s} s after the last, by turns: all other slots idle (alone), honest fixes in "
    "all of them one after another (beside_honest), and attacks that try to exhaust the host (beside_attackers), which "
    "have no pause either. Latency is from before the HTTP POST until the grade is in the store. latency_p95_ratio is "
    "the p95 beside attackers divided by the p95 alone, latency_p95_ratio_to_honest that divided by the p95 beside "
    "honest neighbours. Beside attackers are as many gradings as were asked for, in each other arm a quarter as many, "
    "though no fewer than {fewest}."
)


def measure_beside_attackers(
    context: Context, exercise: Exercise, runs: int, keep: Path | None = None
) -> dict[str, Any]:
    """Grade `runs` times beside attackers, and more seldom alone and beside honest neighbours; gives the report.

    With `keep` every measurement is written to that file, and what it holds already counts. Raises MendboxError.
    """
    slots = max(2, os.cpu_count() or 1)
    package = exercise.package
    about = {"challenge": package.slug, "digest": package.digest, "fix": exercise.fix, "slots": slots}
    with closing(Record(keep, about)) as record:
        wanted = dict(plan(runs))
        if any(count > len(record.honest[arm]) for arm, count in wanted.items()):
            _measure(context, exercise, slots, record, wanted)
        return {**report(record), "slots": slots, "attackers_at_a_time": slots - 1}


def plan(runs: int) -> Sequence[tuple[str, int]]:
    """How many honest gradings each arm has: pure."""
    others = min(runs, max(_FEWEST, -(-runs // 4)))
    return (ALONE, others), (BESIDE_HONEST, others), (BESIDE_ATTACKERS, runs)


def _measure(context: Context, exercise: Exercise, slots: int, record: Record, wanted: dict[str, int]) -> None:
    attacks = [attack for attack in find_attacks() if attack.threat is Threat.EXHAUST and attack.code]
    with scratch_home("bench") as folder:
        hoods = {
            ALONE: None,
            BESIDE_HONEST: Neighbourhood(honest(), record.add),
            BESIDE_ATTACKERS: Neighbourhood(attacking(attacks, exercise.package, folder), record.add),
        }
        with Subject(
            context, folder / "home", exercise, warm_pairs=context.settings.warm_pairs, slots=slots
        ) as subject:
            for _ in range(slots):
                subject.grade_once()
            for arm, count in turns({arm: len(record.honest[arm]) for arm in wanted}, wanted):
                context.progress(told(record, arm, wanted))
                with ExitStack() as meanwhile:
                    hood = hoods[arm]
                    if hood is not None:
                        meanwhile.enter_context(hood.at_work(subject, slots - 1))
                    for _ in range(count):
                        time.sleep(PAUSE_S)
                        record.add(_graded(subject, arm, hood))


def _graded(subject: Subject, arm: str, hood: Neighbourhood | None) -> Honest:
    before = hood.present if hood is not None else ()
    sample = subject.grade_fix()
    after = hood.present if hood is not None else ()
    score = sample.grade.score if sample.grade else None
    return Honest(arm, sample.wall_s, score, sample.phases(), tuple(sorted({*before, *after} - {HONEST})))


def turns(done: dict[str, int], wanted: dict[str, int]) -> Iterator[tuple[str, int]]:
    """Arms by turns, each with its share of what is missing, and how many gradings a turn has."""
    turns = max(1, min(_TURNS, wanted[BESIDE_ATTACKERS] // _LEAST_TURN))
    turn = {arm: max(1, min(_MOST_TURN, -(-count // turns))) for arm, count in wanted.items()}
    done = dict(done)
    while any(done[arm] < wanted[arm] for arm in wanted):
        for arm, whole in wanted.items():
            count = min(turn[arm], whole - done[arm])
            if count > 0:
                yield arm, count
                done[arm] += count


def told(record: Record, arm: str, wanted: dict[str, int]) -> str:
    """How far it is, in one line."""
    parts = [f"{arm.replace('_', ' ')}: {len(record.honest[arm])} of {wanted[arm]} done"]
    for name, samples in record.honest.items():
        if samples:
            walls = [sample.wall_s for sample in samples]
            parts.append(f"{name.replace('_', ' ')} p50 {median(walls):.2f} s p95 {percentile(walls, 0.95):.2f} s")
    if lost := _lost(record):
        parts.append(f"{len(lost)} grades lost")
    return "; ".join(parts)


def _lost(record: Record) -> list[Honest]:
    return [sample for samples in record.honest.values() for sample in samples if sample.score != FULL_SCORE]


def report(record: Record) -> dict[str, Any]:
    """What a record comes to: pure. Seconds."""
    walls = {arm: [sample.wall_s for sample in samples] for arm, samples in record.honest.items() if samples}
    figures = {arm: summary(samples) for arm, samples in walls.items()}
    attackers = [ended for ended in record.neighbours if ended.name != HONEST]
    lost = _lost(record)
    p95 = {arm: float(row["p95"]) for arm, row in figures.items()}
    return {
        "held": not lost and all(ended.as_it_should for ended in record.neighbours),
        "honest_gradings": sum(map(len, walls.values())),
        "honest_grades_kept": sum(map(len, walls.values())) - len(lost),
        "honest_gradings_beside_attackers": len(walls[BESIDE_ATTACKERS]),
        "honest_grades_lost": [
            {"arm": sample.arm, "score": sample.score, "beside": list(sample.beside)} for sample in lost
        ],
        "attacks_graded": len(attackers),
        "neighbours_out_of_order": [
            {"neighbour": ended.name, "score": ended.score} for ended in record.neighbours if not ended.as_it_should
        ],
        "latency_s": figures,
        "latency_p95_ratio": round(p95[BESIDE_ATTACKERS] / p95[ALONE], 3),
        "latency_p95_ratio_to_honest": round(p95[BESIDE_ATTACKERS] / p95[BESIDE_HONEST], 3),
        "phases_s": {arm: _phases(record.honest[arm]) for arm in figures},
        "slowest_beside": _slowest(record.honest[BESIDE_ATTACKERS]),
        "how": _HOW.format(pause_s=PAUSE_S, fewest=_FEWEST),
    }


def _phases(samples: Sequence[Honest]) -> dict[str, dict[str, float]]:
    """Of each phase the median and the 95th percentile."""
    known = [sample.phases for sample in samples if sample.phases]
    figure: dict[str, Callable[[Sequence[float]], float]] = {
        "p50": median,
        "p95": lambda values: percentile(values, 0.95),
    }
    return {
        name: {key: round(of([phases[name] for phases in known]), 4) for key, of in figure.items()}
        for name in (known[0] if known else ())
    }


def _slowest(samples: Sequence[Honest]) -> list[dict[str, Any]]:
    """The attacks beside which an honest grading took longest, by the median."""
    beside: dict[str, list[float]] = defaultdict(list)
    for sample in samples:
        for name in sample.beside:
            beside[name].append(sample.wall_s)
    rows = [
        {"attack": name, "p50": round(median(walls), 4), "n": len(walls)}
        for name, walls in beside.items()
        if len(walls) >= _SEEN
    ]
    return sorted(rows, key=lambda row: -float(str(row["p50"])))[:_NAMED]
