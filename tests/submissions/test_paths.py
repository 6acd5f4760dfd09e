"""Names that came from outside: the threats that are a name alone, whatever they are packed in."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.errors import SubmissionRejected
from runner.limits import SubmissionLimits
from runner.submissions.paths import check_path, shown
from tests.submissions.builders import LIMITS, STARTER, archive, directory, normal, patch, rejection

HOSTILE = {
    "parent": ("../up.py", "segment '..'"),
    "parent inside": ("app/../../up.py", "segment '..'"),
    "here": ("app/./x.py", "segment '.'"),
    "absolute": ("/etc/passwd", "absolute"),
    "drive letter": ("C:/x.py", "drive letter"),
    "stream": ("app/x.py:evil", "colon"),
    "back-slash": ("app\\x.py", "back-slash"),
    "empty segment": ("app//x.py", "empty segment"),
    "closing slash twice": ("app/x//", "empty segment"),
    "NUL": ("app/x\0.py", "NUL"),
    "escape": ("app/\x1b[31mx.py", "control character"),
    "newline": ("app/x\n.py", "control character"),
    "C1 control": ("app/x\x85.py", "invisible"),
    "bidi override": ("app/x\u202eyp.py", "bidi"),
    "zero width joiner": ("app/x\u200d.py", "invisible"),
    "line separator": ("app/x\u2028.py", "invisible"),
    "other blank": ("app/x\u00a0.py", "invisible"),
    "trailing dot": ("app/x.py.", "ends in a dot or a space"),
    "trailing space": ("app/x.py ", "ends in a dot or a space"),
    "trailing space of a folder": ("app /x.py", "ends in a dot or a space"),
    "device": ("app/NUL.py", "device"),
    "device with superscript": ("app/com\u00b9.py", "device"),
    "decomposed": ("app/cafe\u0301.py", "NFC"),
    "300 characters": ("app/" + "x" * 300, "longer than"),
    "100 deep": ("a/" * 99 + "x", "folders deep"),
    "case twin of a file": ("app/Views.py", "only in case"),
    "case twin of a folder": ("App/new.py", "only in case"),
    "full-width twin": ("app/ｖiews.py", "only in case"),
    "folder where a file is": ("app/noeol.py/x", "file and a folder"),
    "file where a folder is": ("app", "file and a folder"),
    "git's own folder by case": ("app/.GIT/config", "git's own"),
    "git's own folder by short name": ("app/git~1/config", "git's own"),
}


@pytest.mark.parametrize("threat", HOSTILE)
def test_a_hostile_name_is_rejected_with_its_reason(threat: str) -> None:
    path, reason = HOSTILE[threat]
    error = rejection(directory({path: b"x\n"}), editable=("**",))
    assert reason in error.reason
    assert error.path is not None
    assert error.path.isprintable()


@pytest.mark.parametrize("path", ["../../up/x.pyc", ".git/a\\b", "venv/\x1b/x"])
def test_path_rules_hold_also_for_what_is_left_out(path: str) -> None:
    rejection(directory({path: b""}))


def test_two_sent_names_that_differ_only_in_case_are_rejected() -> None:
    error = rejection(archive({"extra/Straße.py": b"1\n", "extra/STRASSE.py": b"2\n"}))
    assert "only in case" in error.reason


def test_a_name_sent_twice_is_rejected() -> None:
    upload = directory({"app/new.py": b"1\n"})
    doubled = type(upload)(upload.entries * 2)
    assert "twice" in rejection(doubled).reason


def test_ordinary_names_in_any_script_pass() -> None:
    files = {
        "app/grüße.py": b"1\n",
        "extra/日本/モデル.py": b"2\n",
        "extra/a b.c-d_e.txt": b"3\n",
        "extra/console.py": b"4\n",
    }
    assert normal(archive(files)).files == files


def test_a_message_never_carries_terminal_codes_or_endless_names() -> None:
    assert shown("a\x1b[2Jb\u202ec\ud800") == "a\\x1b[2Jb\\u202ec\\ud800"
    assert len(shown("x" * 10_000)) < 200


def test_100_000_entries_are_stopped() -> None:
    error = rejection(directory({f"extra/{number}.py": b"" for number in range(100_000)}))
    assert "more than 500 files" in error.reason


def test_100_000_left_out_entries_are_stopped() -> None:
    error = rejection(directory({f"extra/{number}.pyc": b"" for number in range(100_000)}))
    assert "more than 5000 entries" in error.reason


def test_folders_that_only_paths_imply_are_counted() -> None:
    files = {f"extra/{number}/x/y/z.py": b"" for number in range(200)}
    assert "more than 500 files and folders" in rejection(directory(files)).reason


def test_a_patch_meets_the_same_path_rules() -> None:
    for path in ("../up.py", "/etc/passwd", "app/.git/hooks/pre-commit", "App/new.py"):
        text = f"--- /dev/null\n+++ b/{path}\n@@ -0,0 +1 @@\n+x\n"
        rejection(patch(text), editable=("**",))


@given(st.text(max_size=60))
def test_a_path_that_passes_stays_below_its_root_and_means_one_file(path: str) -> None:
    try:
        check_path(path, SubmissionLimits())
    except SubmissionRejected:
        return
    assert path == unicodedata.normalize("NFC", path)
    assert path.isprintable()
    assert all(segment not in {"", ".", ".."} and segment[-1] not in ". " for segment in path.split("/"))
    assert not set(path) & set("\\:\0")


@given(st.sampled_from(sorted(STARTER)))
def test_the_starters_own_names_pass(path: str) -> None:
    check_path(path, LIMITS)
