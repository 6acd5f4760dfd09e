"""What a submission changes, line by line, as a page shows it. Pure, and bounded: whoever sends files chooses them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

#: Lines around a change that are shown with it.
_AROUND = 3
#: Comparing takes time that grows with the product of both sides' lines; a challenge's app has 600 lines at most.
MOST_COMPARED = 1500
MOST_SHOWN = 3000
#: Of a file that is too long to be compared.
_MOST_OF_LONG = 300
_MOST_OF_LINE = 400


class LineKind(StrEnum):
    """What became of a line; `gap`: some lines that are the same are not shown."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    GAP = "gap"


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """A line with its numbers before and after, from 1."""

    kind: LineKind
    before: int | None
    after: int | None
    text: str


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """A file with its changes. `note`: why lines are not shown, where they are not."""

    path: str
    is_new: bool
    added: int
    removed: int
    lines: tuple[ChangedLine, ...]
    note: str = ""


def changes_of(starter: Mapping[str, bytes], submitted: Mapping[str, bytes]) -> list[ChangedFile]:
    """Every file of the submission, against the starter's of the same path: those that the starter has come first."""
    left, found = MOST_SHOWN, []
    for path, data in sorted(submitted.items(), key=lambda item: (item[0] not in starter, item[0])):
        changed = _changed(path, starter.get(path), data, left)
        left -= len(changed.lines)
        found.append(changed)
    return found


def _changed(path: str, before: bytes | None, after: bytes, most: int) -> ChangedFile:
    is_new = before is None
    old, new = _lines(before or b""), _lines(after)
    if old is None or new is None:
        return ChangedFile(path, is_new, 0, 0, (), f"no text, {len(after)} bytes")
    if max(len(old), len(new)) > MOST_COMPARED:
        head = [
            ChangedLine(LineKind.SAME, None, at + 1, _visible(line))
            for at, line in enumerate(new[: min(_MOST_OF_LONG, most)])
        ]
        note = f"{len(new)} lines: too many to be compared here; this is how it begins"
        return ChangedFile(path, is_new, 0, 0, tuple(head), note)
    lines = list(_compared(old, new))
    added = sum(line.kind is LineKind.ADDED for line in lines)
    removed = sum(line.kind is LineKind.REMOVED for line in lines)
    note = "" if len(lines) <= most else f"{len(lines) - most} more lines are not shown"
    return ChangedFile(path, is_new, added, removed, tuple(lines[:most]), note)


def _lines(data: bytes) -> list[str] | None:
    """None for what is no text."""
    if b"\0" in data:
        return None
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    lines = text.split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def _visible(line: str) -> str:
    """What has no shape of its own, or turns the text around it, as its number; a long line cut."""
    cut = line if len(line) <= _MOST_OF_LINE else line[:_MOST_OF_LINE] + "…"
    return "".join(
        char if char.isprintable() or char == "\t" else char.encode("unicode_escape").decode("ascii") for char in cut
    )


def _compared(old: Sequence[str], new: Sequence[str]) -> Iterator[ChangedLine]:
    groups = SequenceMatcher(None, old, new, autojunk=True).get_grouped_opcodes(_AROUND)
    shown_to = 0
    for group in groups:
        if group[0][1] > shown_to:
            yield ChangedLine(LineKind.GAP, None, None, "")
        for tag, old_from, old_to, new_from, new_to in group:
            if tag == "equal":
                for offset in range(old_to - old_from):
                    at = old_from + offset
                    yield ChangedLine(LineKind.SAME, at + 1, new_from + offset + 1, _visible(old[at]))
                continue
            for at in range(old_from, old_to):
                yield ChangedLine(LineKind.REMOVED, at + 1, None, _visible(old[at]))
            for at in range(new_from, new_to):
                yield ChangedLine(LineKind.ADDED, None, at + 1, _visible(new[at]))
        shown_to = group[-1][2]
    if 0 < shown_to < len(old):
        yield ChangedLine(LineKind.GAP, None, None, "")
