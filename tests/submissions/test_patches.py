"""Patches: what real tools write is applied to the byte, what a hostile one tries is rejected, each by name."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.errors import SubmissionRejected
from runner.limits import SubmissionLimits
from tests.submissions.builders import EDITABLE, STARTER, diff_of, normal, patch, rejection

FIXED: Mapping[str, bytes] = {
    "app/views.py": b"def show():\n    return 7\n\n\ndef other():\n    return 2\n",
    "app/crlf.py": b"a = 1\r\nb = 3\r\nc = 4\r\n",
    "app/noeol.py": b"x = 1\ny = 2\nz = 3",
    "app/new.py": b"fresh = True\n",
    "extra/empty.py": b"",
    "extra/with blank.py": b"no end of line",
}
HEAD = "diff --git a/app/views.py b/app/views.py\n"
NAMES = "--- a/app/views.py\n+++ b/app/views.py\n"
GOOD = HEAD + NAMES + "@@ -1,3 +1,3 @@\n def show():\n-    return None\n+    return 7\n \n"


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


def git(folder: Path, *arguments: str) -> bytes:
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1"}
    settings = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "core.autocrlf=false"]
    done = subprocess.run(["git", *settings, *arguments], cwd=folder, env=environment, capture_output=True, check=True)
    return done.stdout


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """The starter as a candidate's repository, with the fix in its working tree."""
    folder = tmp_path / "work"
    write(folder, STARTER)
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "starter")
    write(folder, FIXED)
    git(folder, "add", ".")
    return folder


def test_git_diff_of_a_real_repository_is_applied_to_the_byte(repository: Path) -> None:
    for options in ([], ["-U0"], ["-U10"], ["--full-index"], ["--patience"]):
        assert normal(patch(git(repository, "diff", "--cached", *options))).files == FIXED


def test_git_format_patch_with_message_and_signature_is_applied(repository: Path) -> None:
    git(repository, "commit", "-qm", "Fix it\n\nA long story: rename from here, and --- a line\n\n@@ -1 +1 @@\n")
    mail = git(repository, "format-patch", "--stdout", "HEAD~1")
    assert mail.rstrip().split(b"\n")[-2] == b"-- "
    assert normal(patch(mail)).files == FIXED


def test_a_name_that_git_quotes_is_decoded(repository: Path) -> None:
    write(repository, {'app/grüße "x".py': b"1\n"})
    git(repository, "add", ".")
    data = git(repository, "diff", "--cached")
    assert b'"b/app/gr\\303\\274' in data
    assert normal(patch(data)).files['app/grüße "x".py'] == b"1\n"


def test_a_changed_mode_of_a_regular_file_is_no_change(repository: Path) -> None:
    git(repository, "commit", "-qm", "fix")
    (repository / "app/views.py").chmod(0o755)
    assert normal(patch(git(repository, "diff"))).files == {}


def test_plain_diff_is_applied(tmp_path: Path) -> None:
    write(tmp_path / "a", STARTER)
    write(tmp_path / "b", {**STARTER, **FIXED})
    for options in ("-ruN", "-ru0N"):
        done = subprocess.run(["diff", options, "a", "b"], cwd=tmp_path, capture_output=True, check=False)
        assert done.returncode == 1
        # diff says nothing of an empty file, and has no quoting.
        assert normal(patch(done.stdout)).files == {k: v for k, v in FIXED.items() if k != "extra/empty.py"}


def test_context_lines_that_lost_their_blank_are_read() -> None:
    assert normal(patch(GOOD.replace("\n \n", "\n\n"))).paths == ["app/views.py"]


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("deleted file mode 100644\n", "deletes"),
        ("similarity index 90%\nrename from app/views.py\nrename to app/v.py\n", "renames or copies"),
        ("rename from app/views.py\nrename to app/v.py\n", "renames"),
        ("copy from app/views.py\ncopy to app/v.py\n", "copies"),
        ("dissimilarity index 90%\n", "rewrites"),
        ("index 1234567..89abcde 100644\nGIT binary patch\nliteral 4\n", "binary"),
        ("index 1234567..89abcde 100644\nBinary files a/app/views.py and b/app/views.py differ\n", "binary"),
        ("new file mode 120000\n", "symbolic link"),
        ("new file mode 160000\n", "submodule"),
        ("old mode 100644\nnew mode 120000\n", "symbolic link"),
        ("old mode 120000\nnew mode 100644\n", "symbolic link"),
        ("index 1234567..89abcde 120000\n", "symbolic link"),
        ("new file mode 104755\n", "mode 104755"),
    ],
)
def test_a_patch_that_does_more_than_change_content_is_rejected(header: str, reason: str) -> None:
    assert reason in rejection(patch(GOOD.replace(HEAD, HEAD + header))).reason


def test_a_patch_that_makes_a_symlink_is_rejected(repository: Path) -> None:
    (repository / "app/link.py").symlink_to("/etc/passwd")
    git(repository, "add", ".")
    assert "symbolic link" in rejection(patch(git(repository, "diff", "--cached"))).reason


def test_a_patch_that_git_made_of_renames_deletions_and_binaries_is_rejected(repository: Path) -> None:
    git(repository, "commit", "-qm", "fix")
    git(repository, "mv", "app/views.py", "app/v.py")
    assert "renames" in rejection(patch(git(repository, "diff", "--cached", "-M"))).reason
    assert "deletes" in rejection(patch(git(repository, "diff", "--cached", "--no-renames"))).reason
    git(repository, "reset", "-q", "--hard")
    write(repository, {"app/data.bin": b"\0\1\2" * 40})
    git(repository, "add", ".")
    assert "binary" in rejection(patch(git(repository, "diff", "--cached"))).reason
    assert "binary" in rejection(patch(git(repository, "diff", "--cached", "--binary"))).reason


@pytest.mark.parametrize("path", [".git/config", "app/.git/hooks/pre-commit", ".GIT/config", "../up.py", "/etc/x"])
def test_a_patch_on_gits_own_files_or_outside_is_rejected(path: str) -> None:
    text = f"diff --git a/{path} b/{path}\nnew file mode 100644\n--- /dev/null\n+++ b/{path}\n@@ -0,0 +1 @@\n+x\n"
    rejection(patch(text), editable=("**",))


def test_a_diff_in_the_message_is_not_passed_over() -> None:
    mail = "From: a\nSubject: fix\n\n" + GOOD.replace("7", "666") + "---\n app/views.py | 2 +-\n\n" + GOOD
    assert "between or after diffs" in rejection(patch(mail)).reason


def test_the_same_file_twice_is_rejected() -> None:
    assert "twice" in rejection(patch(GOOD + GOOD)).reason


@pytest.mark.parametrize(
    "tail", ["evil text\n", "-- \n2.39.5\n\nmore\n", "-- \nnot a version\n", "-- \n2.39.5\n" + GOOD]
)
def test_text_after_the_last_diff_is_rejected(tail: str) -> None:
    assert "after diffs" in rejection(patch(GOOD + tail)).reason


def test_several_commits_in_one_mailbox_are_rejected(repository: Path) -> None:
    git(repository, "commit", "-qm", "one")
    write(repository, {"app/two.py": b"2\n"})
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "two")
    assert "send one diff" in str(rejection(patch(git(repository, "format-patch", "--stdout", "HEAD~2"))).hint)


def test_a_patch_converted_to_windows_line_ends_is_rejected_with_the_cause() -> None:
    assert "CR LF" in rejection(patch(GOOD.replace("\n", "\r\n"))).reason
    mixed = GOOD.replace("show():\n", "show():\r\n")
    assert "only the line end differs" in rejection(patch(mixed)).reason


def test_other_prefixes_are_rejected_with_the_remedy(repository: Path) -> None:
    for option in ("--no-prefix", "--src-prefix=x/"):
        assert "--src-prefix=a/" in str(rejection(patch(git(repository, "diff", "--cached", option))).hint)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("return None", "return Nothing"), "hunk 1 does not fit at line 2: the starter has another text"),
        (("-1,3 +1,3", "-2,3 +2,3"), "does not fit at line 2"),
        (("-1,3 +1,3", "-1,3 +2,3"), "do not follow"),
        (("-1,3 +1,3", "-90,3 +90,3"), "not where its line numbers say"),
        (("-1,3 +1,3", "-0,3 +0,3"), "not where its line numbers say"),
        (("-1,3 +1,3", "-1,4 +1,4"), "cut off"),
        (("-1,3 +1,3", "-1,2 +1,3"), "does not have the lines"),
        (("-1,3 +1,3", "-1,3"), "damaged hunk header"),
        (("+    return 7", "*    return 7"), "does not have the lines"),
        (("@@ -1,3 +1,3 @@", "some text"), "without a hunk"),
        (("--- a/app/views.py\n", "--- a/app/other.py\n"), "different files"),
        (("+++ b/app/views.py\n", "+++ b/app/other.py\n"), "different files"),
        (("+++ b/app/views.py\n", "+++ /dev/null\n"), "deletes"),
        (("+++ b/app/views.py\n", ""), "expected a line that starts with '+++ '"),
        (("diff --git a/app/views.py b/app/views.py", "diff --git a/app/views.py b/app/viewz.py"), "renames or copies"),
        (("diff --git a/app/views.py b/app/views.py", "diff --git a/app/views.py"), "not of the form"),
        (("diff --git a/app/views.py b/app/views.py", 'diff --git "a/x" "b/x" x'), "not of the form"),
        (("diff --git a/app/views.py b/app/views.py", 'diff --git "a/\\q" "b/\\q"'), "unknown escape"),
        (("diff --git a/app/views.py b/app/views.py", 'diff --git "a/\\8" "b/\\8"'), "unknown escape"),
        (("diff --git a/app/views.py b/app/views.py", 'diff --git "a/\\1" "b/\\1"'), "unknown escape"),
        (("diff --git a/app/views.py b/app/views.py", 'diff --git "a/\\777" "b/\\777"'), "unknown escape"),
        (("diff --git a/app/views.py b/app/views.py", 'diff --git "a/\\377" "b/\\377"'), "not UTF-8"),
        (("diff --git a/app/views.py b/app/views.py", "diff --git a/gone.py b/gone.py"), "different files"),
        ((" \n", "\\ No newline at end of file\n \n"), "not the last one"),
        ((" def", "\\ No newline at end of file\n def"), "not of which line"),
    ],
)
def test_a_patch_that_does_not_fit_is_rejected_with_its_place(change: tuple[str, str], reason: str) -> None:
    text = GOOD.replace(*change, 1)
    assert text != GOOD
    assert reason in rejection(patch(text)).reason


@pytest.mark.parametrize(
    "name", ['"a/' + '\\"' * 500_000, '"a/' + '\\"' * 500_000 + '" ', '"' * 1_000_000, '"a' * 500_000]
)
def test_a_name_with_quotes_without_end_is_read_once_and_not_from_each_quote_on(name: str) -> None:
    # By backtracking this would take hours: here the test would not end.
    for text in (f"diff --git {name}\n{NAMES}", f"--- {name}\n+++ {name}\n"):
        assert rejection(patch(text)).reason


def test_hunks_out_of_order_are_rejected() -> None:
    text = HEAD + NAMES + "@@ -6 +6 @@\n-    return 1\n+    return 2\n@@ -2 +2 @@\n-    return None\n+    return 7\n"
    assert "out of order" in rejection(patch(text)).reason


def test_a_hunk_past_the_end_is_rejected() -> None:
    text = HEAD + NAMES + "@@ -6,2 +6,2 @@\n     return 1\n-gone\n+here\n"
    assert "ends before line 7" in rejection(patch(text)).reason


def test_a_change_to_a_file_that_is_not_there_is_rejected() -> None:
    git_style = GOOD.replace("app/views.py", "app/gone.py")
    assert "does not have" in rejection(patch(git_style)).reason
    assert "does not have" in rejection(patch(git_style.split("\n", 1)[1])).reason


def test_making_a_file_that_is_there_is_rejected() -> None:
    text = "--- /dev/null\n+++ b/app/views.py\n@@ -0,0 +1 @@\n+x\n"
    assert "has already" in rejection(patch(text)).reason


def test_an_end_without_a_line_end_in_mid_file_is_rejected() -> None:
    text = HEAD + NAMES + "@@ -2 +2 @@\n-    return None\n+    return 7\n\\ No newline at end of file\n"
    assert "mid-file" in rejection(patch(text)).reason
    append = "--- a/app/noeol.py\n+++ b/app/noeol.py\n@@ -2,0 +3 @@\n+z = 3\n"
    assert "no line end" in rejection(patch(append)).reason


def test_a_plain_diff_between_other_names_is_rejected() -> None:
    for names in ("--- old/x\n+++ new/x\n", "--- a/x\n+++ b/y\n"):
        assert "must be a/… and b/…" in rejection(patch(names + "@@ -0,0 +1 @@\n+x\n")).reason
    assert "deletes" in rejection(patch("--- a/app/views.py\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n")).reason


def test_an_upload_without_a_diff_is_rejected() -> None:
    for data in (b"", b"hello\n", b"--- a/x\n", b"diff --gitx"):
        assert "holds no diff" in rejection(patch(data)).reason


def test_a_patch_of_too_many_lines_is_rejected() -> None:
    assert "more than 200000 lines" in rejection(patch(b"\n" * 200_001)).reason


def test_a_patch_on_too_many_files_is_rejected() -> None:
    limits = SubmissionLimits(changed_files=2)
    text = "".join(f"--- /dev/null\n+++ b/app/{n}.py\n@@ -0,0 +1 @@\n+x\n" for n in range(3))
    assert "more than 2 files" in rejection(patch(text), limits=limits).reason


def test_a_patch_outside_the_editable_globs_is_rejected() -> None:
    text = "--- a/README.md\n+++ b/README.md\n@@ -1 +1 @@\n-# App\n+# Mine\n"
    error = rejection(patch(text))
    assert error.path == "README.md"
    assert EDITABLE[0] in str(error.hint)


@given(st.binary(max_size=300))
def test_garbage_after_a_diff_header_is_rejected_or_changes_nothing_outside(data: bytes) -> None:
    for start in (b"", b"diff --git ", HEAD.encode(), GOOD[: GOOD.index("@@")].encode(), GOOD.encode()):
        try:
            submission = normal(patch(start + data))
        except SubmissionRejected:
            continue
        assert all(path.startswith(("app/", "extra/")) for path in submission.paths)


LINES = st.lists(
    st.sampled_from([b"a\n", b"b\n", b"\n", b"c\r\n", b"-- \n", b"--- a/x\n", b"+++ b/x\n", b"@@ -1 +1 @@\n"])
)


@given(LINES, st.booleans())
def test_any_change_of_a_file_survives_its_diff(lines: list[bytes], cut: bool) -> None:
    content = b"".join(lines)
    content = content.removesuffix(b"\n") if cut else content
    files = {"app/views.py": content, "app/new.py": content + b"x"}
    assert normal(patch(diff_of(files))).files == files
