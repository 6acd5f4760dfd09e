"""What is kept of hidden tests' requests and the app's answers: bounded, and the one that tells most."""

from __future__ import annotations

from runner.grading.exchanges import MOST_OF_BODY, MOST_OF_PATH, MOST_TESTS, LastExchanges, telling
from runner.grading.report import Exchange


def _exchange(test: str, path: str = "/", query: str = "", answer: bytes = b"") -> Exchange:
    return Exchange(test, "GET", path, query, b"", "200 OK", answer)


def test_the_last_request_of_each_test_is_kept() -> None:
    last = LastExchanges()
    for path in ("/a", "/b"):
        last.note(_exchange("t1", path, "page=2"))
    last.note(_exchange("t2", "/c"))
    assert {test: each.path for test, each in last.by_test().items()} == {"t1": "/b?page=2", "t2": "/c"}


def test_what_belongs_to_no_test_is_not_kept() -> None:
    last = LastExchanges()
    last.note(_exchange(""))
    assert last.by_test() == {}


def test_what_an_app_answers_is_cut_and_never_breaks_a_text() -> None:
    last = LastExchanges()
    last.note(_exchange("t", "/" + "x" * 5000, answer="é".encode() * 10 * MOST_OF_BODY))
    last.note(_exchange("u", answer=b"\xff" * 10))
    found = last.by_test()
    assert (len(found["t"].answer), len(found["t"].path)) == (MOST_OF_BODY + 1, MOST_OF_PATH + 1)
    assert found["t"].answer == "é" * MOST_OF_BODY + "…"
    assert found["u"].answer == "\ufffd" * 10


def test_of_very_many_tests_the_first_are_kept_and_still_followed() -> None:
    last = LastExchanges()
    for number in range(MOST_TESTS + 5):
        last.note(_exchange(f"t{number}", "/first"))
    last.note(_exchange("t0", "/later"))
    found = last.by_test()
    assert (len(found), found["t0"].path) == (MOST_TESTS, "/later")


def test_one_that_did_not_pass_tells_most_and_then_one_of_which_both_sides_are_known() -> None:
    before, after = {"a": 1, "b": 1, "d": 1}, {"b": 1, "c": 1, "d": 1}
    passes = {"a": True, "b": True, "c": False, "d": False}
    assert telling(passes, passes.__getitem__, before, after) == "d"
    assert telling(["a", "b"], passes.__getitem__, before, after) == "b"
    assert telling(["b", "c"], passes.__getitem__, before, after) == "c"
    assert telling(["x"], passes.get, before, after) is None
