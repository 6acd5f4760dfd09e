"""What git says and is answered, without git: lines, requests, reports, and what a push is told."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.git.lines import FLUSH, MOST_BYTES, Malformed, band, inflated, line, lines_until_flush, read_line
from api.git.protocol import (
    FETCH,
    MAIN,
    NOTHING,
    PUSH,
    Command,
    Push,
    advertisement,
    error,
    fetched,
    framed,
    read_fetch,
    read_push,
    refusal_of,
    report,
    shown_lines,
)
from api.git.telling import Teller, clean, reason, received
from api.narrator import Event

HEAD = "a" * 40
NEW = "b" * 40


@given(st.lists(st.binary(max_size=50).filter(lambda each: not each.endswith(b"\n"))))
def test_lines_are_read_as_they_were_written(contents: list[bytes]) -> None:
    written = b"".join(line(each + b"\n") for each in contents) + FLUSH
    assert lines_until_flush(written + b"PACK", 1000) == (contents, len(written))


@pytest.mark.parametrize(
    "data", [b"", b"000", b"00x5a", b"+005a", b" 005a", b"0001", b"0003", b"0005", b"0006a", b"ffff" + b"a" * 70_000]
)
def test_a_line_that_is_none_is_malformed(data: bytes) -> None:
    with pytest.raises(Malformed):
        read_line(data, 0)


def test_lines_are_counted() -> None:
    with pytest.raises(Malformed, match="more than 2"):
        lines_until_flush(line(b"a") * 3 + FLUSH, 2)


def test_a_band_is_cut_into_lines_and_of_nothing_there_is_none() -> None:
    cut = band(1, b"x" * MOST_BYTES)
    first, at = read_line(cut, 0)
    second, end = read_line(cut, at)
    assert first is not None
    assert (len(first), second, end) == (MOST_BYTES, b"\1x", len(cut))
    assert band(2, b"") == b""


def test_gzip_is_inflated_up_to_a_limit() -> None:
    packed = gzip.compress(b"x" * 100)
    assert inflated(packed, 100) == b"x" * 100
    for data, most in ((packed, 99), (packed[:-1], 100), (packed + b"x", 100), (b"no", 100), (b"", 100)):
        with pytest.raises(Malformed):
            inflated(data, most)


def test_a_clone_is_offered_head_and_main_and_a_push_main() -> None:
    asked = advertisement(FETCH, HEAD)
    assert asked.startswith(b"001e# service=git-upload-pack\n0000")
    assert f"{HEAD} HEAD\0symref=HEAD:{MAIN} ".encode() in asked
    assert asked.endswith(line(f"{HEAD} {MAIN}\n".encode()) + FLUSH)
    pushed = advertisement(PUSH, HEAD)
    assert f"{HEAD} {MAIN}\0report-status side-band-64k ".encode() in pushed
    assert b"HEAD" not in pushed
    for missing in (b"shallow", b"delete-refs", b"push-options", b"atomic", b"multi_ack", b"filter", b"quiet"):
        assert missing not in asked + pushed


def test_a_clone_says_what_it_wants_and_has() -> None:
    wants = line(f"want {HEAD} side-band-64k ofs-delta\n".encode()) + line(f"want {HEAD}\n".encode()) + FLUSH
    has = line(f"have {NEW}\n".encode())
    fetch = read_fetch(wants + line(b"done\n"))
    assert (fetch.wants, fetch.capabilities, fetch.is_done) == ({HEAD}, {"side-band-64k", "ofs-delta"}, True)
    assert read_fetch(wants + has + has + line(b"done\n")).is_done
    assert read_fetch(wants + has + FLUSH + line(b"done\n")).is_done
    assert not read_fetch(wants + has + FLUSH).is_done
    assert not read_fetch(wants).is_done
    assert read_fetch(FLUSH).wants == frozenset()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        line(b"want x") + FLUSH,
        line(f"have {HEAD}".encode()) + FLUSH,
        line(f"want {HEAD}".encode()) + line(b"deepen 1") + FLUSH,
        line(f"want {HEAD}".encode()) + line(f"shallow {HEAD}".encode()) + FLUSH,
        line(f"want {HEAD}".encode()) + line(b"filter blob:none") + FLUSH,
        line(b"\xff") + FLUSH,
        line(f"want {HEAD}".encode()) * 65 + FLUSH,
        line(f"want {HEAD}".encode()) + FLUSH + b"done",
    ],
)
def test_a_clone_that_asks_for_something_else_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        read_fetch(body)


def test_a_clone_gets_the_pack_once_it_has_said_all() -> None:
    wants = f"want {HEAD}"
    more = read_fetch(line(wants.encode()) + FLUSH)
    plain = read_fetch(line(wants.encode()) + FLUSH + line(b"done"))
    banded = read_fetch(line(f"{wants} side-band-64k".encode()) + FLUSH + line(b"done"))
    assert fetched(more, b"PACK") == b"0008NAK\n"
    assert fetched(plain, b"PACK") == b"0008NAK\nPACK"
    assert fetched(banded, b"PACK") == b"0008NAK\n0009\1PACK0000"
    assert error("no") == b"000bERR no\n"


def test_a_push_says_which_branches_become_what() -> None:
    first = line(f"{HEAD} {NEW} {MAIN}\0 report-status side-band-64k agent=git/2".encode())
    shallow, gone = line(f"shallow {HEAD}".encode()), line(f"{HEAD} {NOTHING} refs/heads/é".encode())
    push = read_push(shallow + first + gone + FLUSH + b"PACK")
    assert push.commands == (Command(MAIN, NEW), Command("refs/heads/é", None))
    assert push.capabilities == {"report-status", "side-band-64k", "agent=git/2"}
    assert (push.pack, push.commit) == (b"PACK", NEW)
    assert read_push(FLUSH).commands == ()
    assert read_push(line(f"{HEAD} {NOTHING} {MAIN}".encode()) + FLUSH).commit is None


@pytest.mark.parametrize(
    "said",
    [
        f"{HEAD} {NEW}",
        f"{HEAD} {NEW} main",
        f"{HEAD} {NEW} refs/heads/a b",
        f"{HEAD} {NEW} refs/heads/a\nok {MAIN}",
        f"{HEAD} {NEW.upper()} {MAIN}",
        f"{HEAD} {NEW} refs/{'x' * 2000}",
        "push-cert\0x",
        "",
    ],
)
def test_a_command_that_is_none_is_malformed(said: str) -> None:
    with pytest.raises(Malformed):
        read_push(line(said.encode()) + FLUSH)


def test_a_push_that_is_none_is_malformed() -> None:
    command = line(f"{HEAD} {NEW} {MAIN}".encode())
    bad_name = line(f"{HEAD} {NEW} refs/heads/".encode() + b"\xff")
    for body in (b"", command, command * 2 + FLUSH, bad_name + FLUSH, line(b"shallow x") * 65 + FLUSH):
        with pytest.raises(Malformed):
            read_push(body)


def test_only_main_is_taken_and_it_is_not_deleted() -> None:
    assert refusal_of(Command(MAIN, NEW)) is None
    assert refusal_of(Command(MAIN, None)) == "main can't be deleted"
    assert "HEAD:main" in (refusal_of(Command("refs/heads/fix", NEW)) or "")
    assert "HEAD:main" in (refusal_of(Command("refs/tags/v1", None)) or "")


def test_a_report_names_each_branch() -> None:
    push = Push((Command(MAIN, NEW), Command("refs/heads/x", NEW)), frozenset({"report-status", "side-band-64k"}), b"")
    told = report(push, {"refs/heads/x": "only main"})
    assert lines_until_flush(told, 9)[0] == [b"unpack ok", b"ok refs/heads/main", b"ng refs/heads/x only main"]
    assert lines_until_flush(report(push, {}, "damaged"), 9)[0][0] == b"unpack damaged"
    assert framed(push, told) == band(1, told) + FLUSH
    silent = Push(push.commands, frozenset(), b"")
    assert report(silent, {}) == b""
    assert framed(silent, b"") == b""
    assert shown_lines(["a", "b"]) == b"0007\2a\n0007\2b\n"


def test_a_line_for_a_terminal_holds_nothing_that_it_would_obey() -> None:
    assert clean("a\x1b[31m\r\nb\u202e  c") == "a [31m b c"
    assert clean("x" * 400) == "x" * 300 + "…"
    assert len(reason("x" * 400)) == 201


def test_what_was_received_is_listed_up_to_some_names() -> None:
    assert received([], []) == ["received the commit: nothing in it differs from the starter"]
    assert received(["a.py"], []) == ["received 1 changed file: a.py"]
    assert received(["b.py"], [], ["a.py"]) == [
        "received 1 changed file: b.py",
        "kept as the starter has it, since files can't be deleted: a.py",
    ]
    assert received([f"{n}.py" for n in range(7)], ["venv/"]) == [
        "received 7 changed files: 0.py, 1.py, 2.py, 3.py, 4.py and 2 more",
        "left out, as tools leave it behind: venv/",
    ]


def _test(status: str) -> Event:
    return Event("test", {"requirement": "R1", "status": status})


def test_a_grading_is_told_in_lines() -> None:
    teller = Teller()
    waiting = [Event("queued", {"position": 3}), Event("queued", {"position": 1})]
    assert teller.lines(waiting) == ["waiting, 2 before you", "waiting, next to be graded"]
    assert teller.lines([]) == []
    started = Event("started", {"attempt": 1})
    assert teller.lines([started, _test("passed")]) == ["being graded", "1 hidden test has run, 1 passed"]
    assert teller.lines([_test("failed"), _test("passed")]) == ["3 hidden tests have run, 2 passed"]
    # Begun anew: what was told no longer counts.
    assert teller.lines([_test("passed"), started, _test("failed")]) == [
        "4 hidden tests have run, 3 passed",
        "being graded",
        "1 hidden test has run, 0 passed",
    ]
    assert not teller.is_over
    grade = {
        "requirements": [
            {"id": "R1", "status": "met", "earned": 40, "points": 40, "message": "unsaid"},
            {"id": "R2", "status": "unmet", "earned": 0, "points": 40, "message": "GET / does\nnot greet."},
            {"id": "R3", "status": "partly", "earned": 10, "points": 20, "message": None},
        ],
        "outcome_message": "the app ended",
        "score": 50,
        "verdict": "regressed",
    }
    assert teller.lines([Event("grade", grade)]) == [
        "R1 met, 40 of 40",
        "R2 not met, 0 of 40: GET / does not greet.",
        "R3 met in part, 10 of 20",
        "the app ended",
        "score 50 of 100 (broke what worked)",
    ]
    assert teller.is_over


def test_a_fault_is_told_and_ends_it() -> None:
    teller = Teller()
    assert teller.lines([Event("error", {"message": "the platform failed"})]) == ["the platform failed"]
    assert teller.is_over
