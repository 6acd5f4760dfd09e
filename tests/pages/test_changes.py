"""What a submission changes, as a page shows it: small, whole, and no longer than it may be."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from api.pages.changes import MOST_COMPARED, MOST_SHOWN, LineKind, changes_of

LINES = st.lists(st.sampled_from(["a", "b", "c", "", "é"]), max_size=40)


def test_lines_have_their_numbers_on_both_sides_and_what_is_far_off_is_a_gap() -> None:
    before = "".join(f"line {number}\n" for number in range(1, 31))
    (changed,) = changes_of({"a.py": before.encode()}, {"a.py": before.replace("line 15", "line fifteen").encode()})
    assert [(line.kind.value, line.before, line.after) for line in changed.lines] == [
        ("gap", None, None),
        *(("same", number, number) for number in (12, 13, 14)),
        ("removed", 15, None),
        ("added", None, 15),
        *(("same", number, number) for number in (16, 17, 18)),
        ("gap", None, None),
    ]
    assert (changed.is_new, changed.added, changed.removed, changed.note) == (False, 1, 1, "")


@given(LINES, LINES)
def test_whatever_is_shown_is_there(before: list[str], after: list[str]) -> None:
    (changed,) = changes_of({"a.py": _text(before)}, {"a.py": _text(after)})
    for line in changed.lines:
        if line.before is not None:
            assert before[line.before - 1] == line.text
        if line.after is not None:
            assert after[line.after - 1] == line.text
    kept = [line.text for line in changed.lines if line.kind is LineKind.ADDED]
    assert changed.added == len(kept)
    assert (changed.lines == ()) is (before == after)


def _text(lines: list[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def test_what_is_new_or_no_text_or_too_long_is_said() -> None:
    long = b"x\n" * (MOST_COMPARED + 5)
    # What the starter has comes first, whatever others are called.
    huge, new, binary, wide = changes_of(
        {"c.py": b"y\n"}, {"a.py": b"one\n", "b.py": b"\xff\0", "c.py": long, "d.py": b"z" * 5000}
    )
    assert (new.is_new, new.added, new.removed, [line.text for line in new.lines]) == (True, 1, 0, ["one"])
    assert binary.note == "no text, 2 bytes"
    assert "too many to be compared" in huge.note
    assert 100 < len(huge.lines) < MOST_COMPARED
    assert max(len(line.text) for line in wide.lines) < 500


def test_many_files_together_are_not_longer_than_a_page_may_be() -> None:
    files = {f"{number}.py": b"x = 1\n" * 1000 for number in range(5)}
    changed = changes_of({}, files)
    assert sum(len(each.lines) for each in changed) == MOST_SHOWN
    assert [each.note for each in changed if each.note][-1].endswith("more lines are not shown")


def test_what_turns_text_around_or_can_not_be_seen_is_shown_as_its_number() -> None:
    (changed,) = changes_of({}, {"a.py": "is_admin = '\u202e' \u2066# x\u200b\r\n\ty".encode()})
    assert [line.text for line in changed.lines] == ["is_admin = '\\u202e' \\u2066# x\\u200b\\r", "\ty"]


def test_what_differs_where_it_is_not_shown_is_a_change_all_the_same() -> None:
    for before, after in (("x" * 500 + "1", "x" * 500 + "2"), ("'\u202e'", "'\\u202e'")):
        (changed,) = changes_of({"a.py": f"{before}\n".encode()}, {"a.py": f"{after}\n".encode()})
        assert (changed.added, changed.removed) == (1, 1)
