"""Applies a parsed patch to the starter, exactly: every line of context at its stated place, or a rejection."""

from __future__ import annotations

from collections.abc import Sequence

from runner.errors import SubmissionRejected
from runner.packages.package import Files
from runner.submissions.patches import FilePatch, Hunk
from runner.submissions.paths import shown

_HINT = "make the patch against the starter as you downloaded it: git diff <its commit>"


def apply_patches(patches: Sequence[FilePatch], starter: Files) -> list[tuple[str, bytes]]:
    """The files that the patches make or change, whole, by path. Raises SubmissionRejected where one does not fit."""
    return [(patch.path, _apply(patch, starter)) for patch in patches]


def _apply(patch: FilePatch, starter: Files) -> bytes:
    before = starter.get(patch.path)
    if before is None:
        if patch.creates is False or (patch.creates is None and not _only_adds(patch)):
            raise _misfit(patch.path, "the patch changes a file that the starter does not have")
        before = b""
    elif patch.creates:
        raise _misfit(patch.path, "the patch makes a file that the starter has already")
    return _with_hunks(patch, _lines(before))


def _only_adds(patch: FilePatch) -> bool:
    return not any(hunk.old for hunk in patch.hunks)


def _lines(content: bytes) -> list[bytes]:
    lines = content.split(b"\n")
    whole = [line + b"\n" for line in lines[:-1]]
    return [*whole, lines[-1]] if lines[-1] else whole


def _with_hunks(patch: FilePatch, before: list[bytes]) -> bytes:
    result: list[bytes] = []
    done = 0
    for number, hunk in enumerate(patch.hunks, start=1):
        name = f"hunk {number}"
        at = _index(hunk.old_start, hunk.old)
        if at < done or at > len(before):
            raise _misfit(patch.path, f"{name} is not where its line numbers say, or out of order")
        result += before[done:at]
        if _index(hunk.new_start, hunk.new) != len(result):
            raise _misfit(patch.path, f"{name} has line numbers that do not follow from the hunks before it")
        _check_context(patch.path, name, hunk, before[at : at + len(hunk.old)])
        result += hunk.new
        done = at + len(hunk.old)
        if result and not result[-1].endswith(b"\n") and done < len(before):
            raise _misfit(patch.path, f"{name} ends a line without a line end in mid-file")
    result += before[done:]
    if any(not line.endswith(b"\n") for line in result[:-1]):
        raise _misfit(patch.path, "a hunk adds lines after a last line that has no line end")
    return b"".join(result)


def _index(start: int, lines: Sequence[bytes]) -> int:
    """From a hunk's line number to an index; a side without lines is numbered by the line before it."""
    return start - 1 if lines else start


def _check_context(path: str, name: str, hunk: Hunk, found: list[bytes]) -> None:
    for offset, expected in enumerate(hunk.old):
        actual = found[offset] if offset < len(found) else None
        if actual == expected:
            continue
        line = hunk.old_start + offset
        if actual is None:
            reason = f"{name} does not fit: the starter's file ends before line {line}"
        elif actual.rstrip(b"\r\n") == expected.rstrip(b"\r\n"):
            reason = f"{name} does not fit at line {line}: only the line end differs"
        else:
            reason = f"{name} does not fit at line {line}: the starter has another text there"
        raise _misfit(path, reason)


def _misfit(path: str, reason: str) -> SubmissionRejected:
    return SubmissionRejected(reason, path=shown(path), hint=_HINT)
