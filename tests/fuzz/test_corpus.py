"""Replays the seeds and every input that failed once. Fuzzing itself is `python -m tests.fuzz`."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.seeds import CORPUS
from tests.fuzz.targets import TARGETS

_REGRESSIONS = Path(__file__).parent / "regressions"
INPUTS = [path for folder in (CORPUS, _REGRESSIONS) for path in sorted(folder.glob("*/*"))]


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: f"{path.parent.parent.name}-{path.parent.name}-{path.name}")
def test_an_input_that_once_failed_and_every_seed_passes(path: Path) -> None:
    TARGETS[path.parent.name](path.read_bytes())


def test_every_target_has_seeds() -> None:
    assert {path.parent.name for path in CORPUS.glob("*/*")} == set(TARGETS)


@settings(max_examples=200)
@given(st.data(), st.sampled_from(sorted(TARGETS)))
def test_what_must_hold_holds_for_seeds_with_bytes_changed(data: st.DataObject, target: str) -> None:
    seeds = sorted((CORPUS / target).iterdir())
    whole = bytearray(data.draw(st.sampled_from(seeds)).read_bytes())
    for _ in range(data.draw(st.integers(0, 4))):
        at = data.draw(st.integers(0, max(0, len(whole) - 1)))
        whole[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    TARGETS[target](bytes(whole))


@settings(max_examples=300)
@given(st.binary(max_size=500))
def test_whatever_an_app_sends_in_whatever_order_the_results_are_the_graders(data: bytes) -> None:
    TARGETS["relay"](data)
