"""`mendbox bench --hostile`: what it measures, that it can be taken up again, and that it tells what did not hold."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from mendbox.bench.hostile import ALONE, BESIDE_ATTACKERS, BESIDE_HONEST, plan, report, turns
from mendbox.bench.neighbours import HONEST, Ended
from mendbox.bench.record import Honest, Record
from runner.errors import MendboxError
from tests.mendbox.cli import Cli, refused

ABOUT = {"challenge": "sample", "slots": 2}


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def arms(path: Path) -> Counter[str]:
    return Counter(row["arm"] for row in rows(path) if "arm" in row)


def test_honest_gradings_keep_their_grade_and_an_interrupted_run_is_taken_up(mendbox: Cli) -> None:
    kept = mendbox.folder / "measured.jsonl"
    first = mendbox("bench", "--hostile", 1, "--keep", kept, "--json")
    assert first.code == 0, first.err
    assert arms(kept) == {ALONE: 1, BESIDE_HONEST: 1, BESIDE_ATTACKERS: 1}

    done = mendbox("bench", "--hostile", 2, "--keep", kept, "--json")
    assert done.code == 0, done.err
    assert arms(kept) == {ALONE: 2, BESIDE_HONEST: 2, BESIDE_ATTACKERS: 2}
    found = done.json
    assert (found["held"], found["honest_grades_lost"], found["neighbours_out_of_order"]) == (True, [], [])
    assert (found["honest_gradings"], found["honest_grades_kept"]) == (6, 6)
    assert found["honest_gradings_beside_attackers"] == 2
    assert found["attacks_graded"] >= 2
    assert found["attackers_at_a_time"] == found["slots"] - 1
    for arm in (ALONE, BESIDE_HONEST, BESIDE_ATTACKERS):
        assert 0 < found["latency_s"][arm]["p50"] <= found["latency_s"][arm]["p95"]
        assert {"pair_s", "tests_s"} <= set(found["phases_s"][arm])
    p95 = {arm: row["p95"] for arm, row in found["latency_s"].items()}
    assert found["latency_p95_ratio"] == round(p95[BESIDE_ATTACKERS] / p95[ALONE], 3)
    assert "idle" in found["how"]
    assert [row["beside"] for row in rows(kept) if row.get("arm") == BESIDE_ATTACKERS if not row["beside"]] == []

    refused(mendbox("bench", "--hostile", 2, "--keep", kept, "--fix", "lookup"), "holds something else")
    again = mendbox("bench", "--hostile", 2, "--keep", kept)
    assert "6 of 6 honest gradings kept their grade" in again.out
    assert len(rows(kept)) == 1 + sum(arms(kept).values()) + sum("most" in row for row in rows(kept))


def test_a_file_to_keep_is_for_hostile_neighbours_alone(mendbox: Cli) -> None:
    refused(mendbox("bench", "--keep", "x"), "--keep is for --hostile")


def measured(*more: Honest | Ended) -> Record:
    record = Record(None, {})
    for arm in (ALONE, BESIDE_HONEST, BESIDE_ATTACKERS):
        record.add(Honest(arm, 1.0, 100, {"tests_s": 0.5}))
    record.add(Ended("busy-loop", 0, 0))
    record.add(Ended(HONEST, 100, 100))
    for each in more:
        record.add(each)
    return record


def test_what_did_not_hold_is_told() -> None:
    assert report(measured())["held"]
    lost = report(measured(Honest(BESIDE_ATTACKERS, 9.0, 60, {}, ("busy-loop",))))
    assert not lost["held"]
    assert (lost["honest_gradings"], lost["honest_grades_kept"]) == (4, 3)
    assert lost["honest_grades_lost"] == [{"arm": BESIDE_ATTACKERS, "score": 60, "beside": ["busy-loop"]}]
    for score in (1, None):
        scored = report(measured(Ended("fork-bomb", score, 0)))
        assert not scored["held"]
        assert scored["neighbours_out_of_order"] == [{"neighbour": "fork-bomb", "score": score}]


def test_the_ratio_is_of_the_95th_percentiles_and_the_costliest_neighbour_is_named() -> None:
    slow = [Honest(BESIDE_ATTACKERS, 3.0, 100, {}, ("busy-loop",)) for _ in range(3)]
    quick = [Honest(BESIDE_ATTACKERS, 2.0, 100, {}, ("fork-bomb",)) for _ in range(3)]
    found = report(measured(*slow, *quick, Honest(BESIDE_ATTACKERS, 9.0, 100, {}, ("once",))))
    assert found["latency_p95_ratio"] == 9.0
    assert [(row["attack"], row["p50"], row["n"]) for row in found["slowest_beside"]] == [
        ("busy-loop", 3.0, 3),
        ("fork-bomb", 2.0, 3),
    ]


def test_a_record_outlives_an_interruption_in_mid_line(tmp_path: Path) -> None:
    path = tmp_path / "measured.jsonl"
    with closing(Record(path, ABOUT)) as record:
        record.add(Honest(ALONE, 1.0, 100, {"tests_s": 0.5}, ("busy-loop",)))
        record.add(Ended("busy-loop", 0, 0))
    with path.open("a") as file:
        file.write('{"arm": "alone", "wa')
    with closing(Record(path, ABOUT)) as record:
        assert record.honest[ALONE] == [Honest(ALONE, 1.0, 100, {"tests_s": 0.5}, ("busy-loop",))]
        assert record.neighbours == [Ended("busy-loop", 0, 0)]
        record.add(Ended("fork-bomb", None, 0))
    with closing(Record(path, ABOUT)) as record:
        assert record.neighbours == [Ended("busy-loop", 0, 0), Ended("fork-bomb", None, 0)]
    with pytest.raises(MendboxError, match="holds something else"):
        Record(path, {**ABOUT, "slots": 3})


@pytest.mark.parametrize(("runs", "others"), [(1, 1), (8, 8), (40, 20), (90, 23), (1000, 250)])
def test_the_arms_without_attackers_have_a_quarter_but_enough_for_a_percentile(runs: int, others: int) -> None:
    assert dict(plan(runs)) == {ALONE: others, BESIDE_HONEST: others, BESIDE_ATTACKERS: runs}


def test_arms_come_by_turns_and_what_is_measured_already_is_not_measured_again() -> None:
    wanted = {ALONE: 500, BESIDE_HONEST: 500, BESIDE_ATTACKERS: 1000}
    planned = list(turns(dict.fromkeys(wanted, 0), wanted))
    assert [arm for arm, _ in planned[:4]] == [ALONE, BESIDE_HONEST, BESIDE_ATTACKERS, ALONE]
    assert {arm: sum(count for name, count in planned if name == arm) for arm in wanted} == wanted
    assert max(count for _, count in planned) == 50
    rest = list(turns({ALONE: 500, BESIDE_HONEST: 490, BESIDE_ATTACKERS: 10}, wanted))
    assert sum(count for arm, count in rest if arm == BESIDE_ATTACKERS) == 990
    assert (BESIDE_HONEST, 10) in rest
    assert ALONE not in dict(rest)
