"""How a pair is started: by the way, yielding to gradings, or as fast as can be for who waits."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from runner.limits import Limits
from runner.sandbox.confinement import ContainerSpec
from runner.sandbox.engine import FULL_SHARE, YIELDING_SHARE, Engine
from runner.sandbox.settings import SandboxSettings
from runner.sandbox.starting import Pace, start_pair
from tests.support.sandboxes import Run, started, statuses


class Recorded(Engine):
    """The machine's engine, with what it was asked for in order. The app's container takes a while to be started."""

    def __init__(self) -> None:
        super().__init__(60.0)
        self.asked: list[tuple[str, str, int]] = []
        self.app_begun = threading.Event()
        self._roles: dict[str, str] = {}

    def create(self, spec: ContainerSpec) -> str:
        self.asked.append(("create", spec.role, spec.share))
        made = super().create(spec)
        self._roles[made] = spec.role
        return made

    def start(self, container_id: str) -> None:
        super().start(container_id)
        if self._roles[container_id] == "app":
            self.app_begun.set()
            time.sleep(0.3)
        self.asked.append(("started", self._roles[container_id], 0))

    def set_share(self, container_id: str, share: int) -> None:
        super().set_share(container_id, share)
        self.asked.append(("share", self._roles[container_id], share))

    def shares(self, ids: tuple[str, ...]) -> list[int]:
        return [self.client.api.inspect_container(each)["HostConfig"]["CpuShares"] for each in ids]


@pytest.fixture
def recorded() -> Iterator[Recorded]:
    engine = Recorded()
    yield engine
    engine.close()


def test_by_the_way_containers_start_one_after_the_other_and_yield_until_they_are_ready(
    recorded: Recorded, settings: SandboxSettings, gvisor: bool
) -> None:
    pair = start_pair(recorded, settings, Limits(), pace=Pace(recorded, hurried=False))
    try:
        shares = recorded.shares(pair.container_ids)
    finally:
        pair.destroy()
    if gvisor:
        # It changes no share of a container that runs, so none begins with a smaller one.
        assert shares == [0, 0]
        return
    assert recorded.asked[:4] == [
        ("create", "app", YIELDING_SHARE),
        ("started", "app", 0),
        ("create", "grader", YIELDING_SHARE),
        ("started", "grader", 0),
    ]
    assert sorted(recorded.asked[4:]) == [("share", "app", FULL_SHARE), ("share", "grader", FULL_SHARE)]
    assert shares == [FULL_SHARE, FULL_SHARE]


def test_for_who_waits_all_start_at_once_with_the_whole_share(recorded: Recorded, settings: SandboxSettings) -> None:
    pair = start_pair(recorded, settings, Limits())
    try:
        assert recorded.shares(pair.container_ids) == [0, 0]
    finally:
        pair.destroy()
    assert sorted(recorded.asked[:2]) == [("create", "app", 0), ("create", "grader", 0)]
    assert not [asked for asked in recorded.asked if asked[0] == "share"]


def test_who_comes_to_wait_hurries_what_is_being_started(
    recorded: Recorded, settings: SandboxSettings, run: Run, gvisor: bool
) -> None:
    with started(recorded, settings) as sandbox:
        assert recorded.app_begun.wait(60)
        report = Run(sandbox, run.limits)(
            "def test_it(client):\n    assert client.get('/users/1').status_code == 200\n"
        )
        assert report.warm
        assert statuses(report) == {"test_it": "passed"}
    if not gvisor:
        assert recorded.asked[:2] == [("create", "app", YIELDING_SHARE), ("create", "grader", 0)]
        assert ("share", "app", FULL_SHARE) in recorded.asked


def test_a_container_that_begins_after_the_hurry_yields_to_nobody(recorded: Recorded) -> None:
    pace = Pace(recorded, hurried=False)
    assert pace.share == YIELDING_SHARE
    pace.hurry()
    assert pace.share == 0
    pace.begun("no-such-container", pace.share)
    assert recorded.asked == []
