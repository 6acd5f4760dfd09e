"""A candidate's visible tests, run once: what is run, how it ended, and what of its output people see. Pure.

It counts as no attempt and gives no grade: what it says is the candidate's own doing, for the candidate alone.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from runner.inside.visible_codes import CODE_BASE
from runner.limits import Limits

#: The whole run, from pytest's start. Visible tests of the library take a second or two.
WALL_S = 60.0
#: Of what is printed: more than anybody reads in a panel.
MOST_OUTPUT_BYTES = 256 * 1024
#: Called with each piece of output, and how many bytes were left out before it.
Told = Callable[[bytes, int], None]
_EXIT_OK, _EXIT_FAILED, _EXIT_NONE = 0, 1, 5
#: Sequences by which programs colour what a terminal shows, and move about in it.
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]{0,200}(?:\x07|\x1b\\)|[@-Z\\^_])")
#: What may yet become one with the bytes that follow.
_BEGUN = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|\][^\x07\x1b]{0,200}\x1b?)?\Z")
#: All control characters but line ends and tabs, and those by which text runs the other way.
_DROPPED = dict.fromkeys(
    [*range(9), 11, 12, *range(14, 32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)


class VisibleEnd(StrEnum):
    """How a run of the visible tests ended. `ERROR`: pytest could not run them, or not to its own end."""

    PASSED = "passed"
    FAILED = "failed"
    NO_TESTS = "no_tests"
    ERROR = "error"
    TIMED_OUT = "timed_out"
    OUT_OF_MEMORY = "out_of_memory"
    CRASHED = "crashed"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class VisibleWork:
    """What is run: the starter with the candidate's changes in it, by path, and what it may take."""

    tree: Mapping[str, bytes]
    limits: Limits
    wall_s: float = WALL_S
    most_output_bytes: int = MOST_OUTPUT_BYTES


@dataclass(frozen=True, slots=True)
class VisibleReport:
    """How it ended. `detail`: a line for people where the end alone does not say it. `left_out`: bytes of output."""

    end: VisibleEnd
    detail: str = ""
    left_out: int = 0


def report_of(told: Mapping[str, Any], work: VisibleWork) -> VisibleReport:
    """What the container's last frame says. Raises ValueError for one that says it in no known way."""
    code, signal, left_out = (_count(told.get(name)) for name in ("code", "signal", "left_out"))
    in_time, oom = told.get("in_time"), told.get("oom")
    if not isinstance(in_time, bool) or not isinstance(oom, bool):
        raise ValueError("the end of a run is not told")
    if not in_time:
        return VisibleReport(VisibleEnd.TIMED_OUT, f"They did not end within {work.wall_s:g} s.", left_out)
    memory = f"More than {work.limits.memory_mb} MB of memory were needed."
    if signal:
        if oom:
            return VisibleReport(VisibleEnd.OUT_OF_MEMORY, memory, left_out)
        return VisibleReport(VisibleEnd.CRASHED, f"pytest was ended by signal {signal}.", left_out)
    if code < CODE_BASE:
        return VisibleReport(VisibleEnd.CRASHED, f"Something ended pytest itself, with exit status {code}.", left_out)
    ends = {_EXIT_OK: VisibleEnd.PASSED, _EXIT_FAILED: VisibleEnd.FAILED, _EXIT_NONE: VisibleEnd.NO_TESTS}
    end = ends.get(code - CODE_BASE, VisibleEnd.ERROR)
    # A process that a test started may be what took too much.
    return VisibleReport(end, f"{memory} A process was ended for it." if oom else "", left_out)


def _count(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**40:
        raise ValueError("the end of a run is not told in numbers")
    return value


class Readable:
    """Turns output into text as it comes: UTF-8, without what a terminal would take as an order."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._kept = ""

    def feed(self, data: bytes, *, final: bool = False) -> str:
        """The text of these bytes, as far as it is complete; with `final` all of it."""
        text = self._kept + self._decoder.decode(data, final)
        begun = None if final else _BEGUN.search(text, max(0, len(text) - 256))
        # A line's end of two characters may be cut in two as well.
        at = begun.start() if begun is not None else len(text) - (not final and text.endswith("\r"))
        text, self._kept = text[:at], text[at:]
        text = _ESCAPES.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
        return text.translate(_DROPPED)
