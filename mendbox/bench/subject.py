"""Mendbox itself, as it is measured: the whole of it, from HTTP POST to the grade in the store."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mendbox.app import Context
from mendbox.bench.peers import Exercise, PeerFailed
from mendbox.client import ApiClient
from mendbox.processes import Stack
from mendbox.scratch import scratch_settings
from mendbox.up_command import first_admin, prepared, stack_of
from runner.grading.models import Grade
from runner.packages.package import Files
from store.settings import Settings
from store.states import GradingState
from store.store import Store

_READY_S = 180.0
_LOOK_S = 0.05
_GRADE_S = 180.0
FULL_SCORE = 100


@dataclass(frozen=True, slots=True)
class Sample:
    """One submission: seconds from before its POST until its grade was in the store, and what the grade says of it.

    `grade` is None when the platform gave none.
    """

    wall_s: float
    post_s: float
    grade: Grade | None

    def phases(self) -> dict[str, float]:
        """Where the time went, in seconds; empty without a grade. `pair_s`: waiting for a pair, or starting one.
        `other_s`: what the rest does not account for, mostly storing.
        """
        if self.grade is None:
            return {}
        timing, phases = self.grade.timing, self.grade.phases
        known = {
            "post_s": self.post_s,
            "queued_s": timing.queued_s,
            "pair_s": phases["pair_s"],
            "load_and_collect_s": max(phases["app_load_s"], phases["collect_s"]),
            "tests_s": timing.tests_s,
        }
        counted = self.wall_s - timing.total_s
        return {**known, "grading_total_s": timing.total_s - timing.queued_s, "other_s": max(0.0, counted)}


class Subject:
    """A whole Mendbox in a temporary home. A context manager, to be used in the main thread."""

    def __init__(self, context: Context, home: Path, exercise: Exercise, *, warm_pairs: int, slots: int) -> None:
        home.mkdir()
        settings = scratch_settings(context.settings, home, requests_per_minute=0, warm_pairs=warm_pairs, slots=slots)
        self._settings: Settings = prepared(context, settings)
        self._slots = slots
        self._stack: Stack = stack_of(context, self._settings, slots=slots)
        self._exercise = exercise
        self._archive = home / "fix.zip"
        self._archive.write_bytes(zip_of(exercise.package.fixes[exercise.fix]))
        self._exits = ExitStack()

    @property
    def image(self) -> str:
        """The sandbox image in use."""
        return self._settings.image

    def __enter__(self) -> Subject:
        with ExitStack() as exits:
            token = first_admin(self._settings)
            assert token is not None
            self._token = token
            exits.enter_context(self._stack)
            if not self._stack.wait_for_slots(self._slots, _READY_S):
                raise PeerFailed(f"the workers did not become ready; see {self._stack.logs}")
            self._store = exits.enter_context(Store.open(self._settings.effective_database_url))
            self._client = exits.enter_context(ApiClient(self._settings.public_url, token))
            self._exits = exits.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._exits.close()

    def grade_once(self) -> Sample:
        """Submit the fix and wait. Raises PeerFailed unless the grade is 100."""
        sample = self.grade_fix()
        if sample.grade is None or sample.grade.score != FULL_SCORE:
            raise PeerFailed(
                f"the reference fix was not graded 100: {sample.grade.score if sample.grade else 'no grade'}"
            )
        return sample

    def grade_fix(self) -> Sample:
        """Submit the fix and wait, whatever its grade."""
        began, started = datetime.now(UTC), time.perf_counter()
        submitted = self._client.submit(self._exercise.package.slug, self._archive)
        post_s = time.perf_counter() - started
        finished_at = self._finished_at(submitted.id)
        return Sample((finished_at - began).total_seconds(), post_s, self._grade_of(submitted.id))

    def grade_beside(self, archive: Path | None = None) -> Grade | None:
        """Submit an archive, or the fix, as somebody else, and wait for its grade. May be called from other threads."""
        with ApiClient(self._settings.public_url, self._token) as client:
            submitted = client.submit(self._exercise.package.slug, archive or self._archive)
        self._finished_at(submitted.id)
        return self._grade_of(submitted.id)

    def _grade_of(self, submission_id: str) -> Grade | None:
        return self._store.gradings.grade(self._store.gradings.latest(submission_id).id)

    def _finished_at(self, submission_id: str) -> datetime:
        """Wait for the end of a grading; when it was stored, by this machine's clock: looking costs who is timed."""
        deadline = time.monotonic() + _GRADE_S
        while (finished_at := self._store.gradings.latest(submission_id).finished_at) is None:
            if time.monotonic() > deadline:
                raise PeerFailed("a submission was not graded in time")
            time.sleep(_LOOK_S)
        return finished_at

    def grade_many(self, count: int, graded_before: int) -> None:
        """Submit `count` at once and wait until the last grade is in the store."""
        with ThreadPoolExecutor(8) as threads:
            list(threads.map(lambda _: self._submit_alone(), range(count)))
        deadline = time.monotonic() + _GRADE_S + 5.0 * count
        while self.graded() < graded_before + count:
            if time.monotonic() > deadline:
                raise PeerFailed("submissions were not graded in time")
            time.sleep(0.02)

    def _submit_alone(self) -> str:
        with ApiClient(self._settings.public_url, self._token) as client:
            return client.submit(self._exercise.package.slug, self._archive).id

    def graded(self) -> int:
        """How many gradings are graded so far."""
        return self._store.backlog.counts().get(GradingState.GRADED, 0)

    def post_times(self, count: int) -> list[float]:
        """Submit `count` one after the other without waiting for grades; seconds of each POST."""
        times: list[float] = []
        for _ in range(count):
            started = time.perf_counter()
            self._client.submit(self._exercise.package.slug, self._archive)
            times.append(time.perf_counter() - started)
        return times


def zip_of(files: Files) -> bytes:
    """The files as the bytes of a zip archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in files.items():
            archive.writestr(path, data)
    return buffer.getvalue()


def idle_pair(api: Any, container_ids: Sequence[str], seconds: float) -> dict[str, float]:
    """Memory in MB and CPU seconds in a second of waiting containers, by the engine's own figures, for one pair."""

    def look() -> tuple[float, float]:
        memory = cpu = 0.0
        for identity in container_ids:
            seen = api.stats(identity, stream=False, one_shot=True)
            usage = seen["memory_stats"]
            details = usage.get("stats", {})
            cached = details.get("total_inactive_file", details.get("inactive_file", 0))
            memory += (usage["usage"] - cached) / 1024 / 1024
            cpu += seen["cpu_stats"]["cpu_usage"]["total_usage"] / 1e9
        return memory, cpu

    _, before = look()
    time.sleep(seconds)
    memory, after = look()
    pairs = len(container_ids) / 2
    return {"memory_mb": round(memory / pairs, 1), "cpu_s_per_s": round((after - before) / seconds / pairs, 4)}
