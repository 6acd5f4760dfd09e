"""A test that earns points must not be answered the same under every seed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from runner.grading.likeness import SEEDS, alike, answered_alike
from runner.grading.report import Exchange, Observer, Outcome, RunReport, Work
from runner.packages.inventory import Inventory, InventoryTest, TestKind
from tests.support.packages import small_package
from tests.support.relays import PlayedRelay

FIX, GUARD = "test_a.py::TestA::test_fix[1]", "test_a.py::test_guard"
INVENTORY = Inventory(
    derived_from="x",
    tests=(
        InventoryTest(id=FIX, requirement="R1", kind=TestKind.FIX),
        InventoryTest(id=GUARD, requirement="R2", kind=TestKind.GUARD),
    ),
)


def told(test: str, number: int, **changes: object) -> Exchange:
    return replace(Exchange(test, "GET", f"/{number}", "", b"", "200 OK", b"{}"), **changes)  # type: ignore[arg-type]


def test_what_is_asked_and_answered_the_same_is_a_problem_with_its_place() -> None:
    same = [told(FIX, number) for number in range(3)]
    (problem,) = alike(INVENTORY, same, same[::-1])
    assert (problem.file, problem.key) == ("hidden/test_a.py", "TestA::test_fix[1]")
    assert "R1" in problem.message


def test_any_part_of_what_differs_may_be_the_drawn_one() -> None:
    same = [told(FIX, 0)]
    for changes in ({"path": "/x"}, {"query": "x"}, {"body": b"x"}, {"answer": b"x"}, {"method": "PUT"}):
        assert alike(INVENTORY, same, [told(FIX, 0, **changes)]) == []


def test_most_of_it_is_as_bad_as_all_of_it_and_less_is_not() -> None:
    one = [told(FIX, number) for number in range(10)]
    other = [*one[:9], told(FIX, 99)]
    assert len(alike(INVENTORY, one, other)) == 1
    assert alike(INVENTORY, one, [*one[:8], told(FIX, 98), told(FIX, 99)]) == []


def test_guards_and_tests_without_requests_are_none_of_it() -> None:
    assert alike(INVENTORY, [told(GUARD, 0)], [told(GUARD, 0)]) == []
    assert alike(INVENTORY, [], []) == []


class Told:
    """A sandbox whose app is asked the same whatever the seed."""

    environment: Mapping[str, object] = {}

    def __init__(self) -> None:
        self.ran: list[tuple[bytes, int]] = []

    def run(self, work: Work, observe: Observer) -> RunReport:
        assert work.watch is not None
        self.ran.append((work.tree["shop/__init__.py"], work.seed))
        work.watch(told(FIX, 0))
        return RunReport(Outcome.COMPLETED, {FIX: "R1"}, ())


def test_a_reference_fix_is_run_with_two_seeds() -> None:
    sandbox = Told()
    package = replace(small_package(inventory=INVENTORY), fixes={"b": {}, "a": {"shop/__init__.py": b"fixed"}})
    assert len(answered_alike(package, sandbox, INVENTORY)) == 1
    assert sandbox.ran == [(b"fixed", seed) for seed in SEEDS]


def test_the_relay_tells_who_watches_of_each_request_that_was_answered() -> None:
    seen: list[Exchange] = []
    relay = PlayedRelay()
    relay.relay._work = replace(relay.relay._work, watch=seen.append)
    relay.begin()
    environ = {"REQUEST_METHOD": "POST", "PATH_INFO": "/a", "QUERY_STRING": "b=1"}
    relay.grader("op", b"sent", id=99, op="request", handle=0, environ=environ)
    asked = relay.relay.to_app.pop()
    relay.app("answer", b"hello", id=asked.fields["id"], ok=True, status="201 CREATED", headers=[])
    refused = relay.ask("request", handle=0, environ=environ)
    relay.app("answer", id=refused.fields["id"], ok=False, fault="died", message="gone")
    assert seen == [Exchange("test_a.py::test_one", "POST", "/a", "b=1", b"sent", "201 CREATED", b"hello")]
