"""A run of visible tests: what of its output is kept, how it reads, and what its end is called."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.inside.visible_codes import CODE_BASE
from runner.inside.visible_host import Bounded
from runner.limits import Limits
from runner.visible_run import Readable, VisibleEnd, VisibleReport, VisibleWork, report_of

WORK = VisibleWork({}, Limits(), wall_s=60.0)
TOLD = {"code": CODE_BASE, "signal": 0, "in_time": True, "oom": False, "left_out": 0}


@pytest.mark.parametrize(
    ("told", "end", "says"),
    [
        ({}, VisibleEnd.PASSED, ""),
        ({"code": CODE_BASE + 1}, VisibleEnd.FAILED, ""),
        ({"code": CODE_BASE + 2}, VisibleEnd.ERROR, ""),
        ({"code": CODE_BASE + 3}, VisibleEnd.ERROR, ""),
        ({"code": CODE_BASE + 5}, VisibleEnd.NO_TESTS, ""),
        ({"code": 0}, VisibleEnd.CRASHED, "exit status 0"),
        ({"code": 0, "signal": 11}, VisibleEnd.CRASHED, "signal 11"),
        ({"code": 0, "signal": 9, "oom": True}, VisibleEnd.OUT_OF_MEMORY, "256 MB"),
        ({"code": CODE_BASE + 1, "oom": True}, VisibleEnd.FAILED, "256 MB"),
        ({"code": 0, "signal": 9, "in_time": False}, VisibleEnd.TIMED_OUT, "60 s"),
    ],
)
def test_each_end_has_its_name(told: dict[str, Any], end: VisibleEnd, says: str) -> None:
    report = report_of(TOLD | told, WORK)
    assert report.end is end
    assert says in report.detail
    assert bool(says) is bool(report.detail)


@pytest.mark.parametrize(
    "told",
    [{"code": "0"}, {"code": True}, {"signal": -1}, {"code": 2**50}, {"in_time": 1}, {"oom": None}, {"left_out": 1.5}],
)
def test_what_is_told_in_no_known_way_is_no_end(told: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="not told"):
        report_of(TOLD | told, WORK)


def test_what_was_left_out_is_counted() -> None:
    assert report_of(TOLD | {"left_out": 7}, WORK) == VisibleReport(VisibleEnd.PASSED, "", 7)


@given(pieces=st.lists(st.binary(max_size=40), max_size=30), most=st.integers(4, 200))
def test_of_much_output_the_beginning_and_the_end_are_kept(pieces: list[bytes], most: int) -> None:
    output, whole = Bounded(most), b"".join(pieces)
    head = b"".join(output.feed(piece) for piece in pieces)
    left_out, tail = output.finish()
    assert len(head) + len(tail) <= most
    assert whole.startswith(head)
    assert whole.endswith(tail)
    assert len(head) + left_out + len(tail) == len(whole)
    assert not left_out or len(head) + len(tail) == most


def test_no_more_of_a_flood_is_held_than_is_kept() -> None:
    output = Bounded(1000)
    for _ in range(1000):
        output.feed(b"x" * 5000)
    assert len(output.tail) == 250


@pytest.mark.parametrize(
    ("printed", "text"),
    [
        (b"a\nb\tc\n", "a\nb\tc\n"),
        ("über ✓\n".encode(), "über ✓\n"),
        (b"\xff\xfea", "\N{REPLACEMENT CHARACTER}" * 2 + "a"),
        (b"\x1b[31mred\x1b[0m \x1b]0;title\x07x\x1b]8;;http://a\x1b\\y", "red xy"),
        (b"one\r\ntwo\rthree\r", "one\ntwo\nthree\n"),
        (b"\x00\x07\x08\x7f\xc2\x9b1m", "1m"),
        ("a\N{RIGHT-TO-LEFT OVERRIDE}b".encode(), "ab"),
        (b"unended \x1b[31", "unended [31"),
        (b"\x1b[\x1b[31mx", "[x"),
    ],
)
def test_output_reads_as_text_however_it_is_cut(printed: bytes, text: str) -> None:
    for at in range(len(printed) + 1):
        readable = Readable()
        said = readable.feed(printed[:at]) + readable.feed(printed[at:]) + readable.feed(b"", final=True)
        assert said == text, at


@given(st.binary(max_size=300))
def test_no_output_leaves_a_control_character(printed: bytes) -> None:
    readable = Readable()
    text = readable.feed(printed) + readable.feed(b"", final=True)
    assert not any(ord(char) < 32 and char not in "\n\t" for char in text)
    assert "\x7f" not in text
