"""One value from four ways to send it, and the rules that hold for all of them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.errors import SubmissionRejected
from runner.limits import SubmissionLimits
from runner.packages.leftovers import LEFTOVERS, leftover_root
from runner.submissions.collector import Collector
from runner.submissions.directory import read_directory, read_upload
from runner.submissions.globs import check_glob, matches_any
from runner.submissions.uploads import ArchiveUpload, DirectoryUpload, Entry, PatchUpload, Upload
from tests.submissions.builders import (
    LIMITS,
    STARTER,
    archive,
    diff_of,
    directory,
    normal,
    patch,
    rejection,
    tar_of,
    zip_of,
)

NAMES = st.sampled_from(["app/views.py", "app/crlf.py", "app/noeol.py", "app/x.py", "extra/a/b.py", "extra/ü.py"])
# One line at least: no diff says anything of an empty file that is new, but git's.
CONTENT = st.lists(st.sampled_from(["a", "b", "", "ü", "\r"]), min_size=1).map(
    lambda lines: "\n".join(lines).encode() + b"!"
)
FILES = st.dictionaries(NAMES, CONTENT, max_size=5)


def write(folder: Path, files: dict[str, bytes]) -> Path:
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


@given(FILES)
def test_the_same_files_have_the_same_digest_however_sent(files: dict[str, bytes]) -> None:
    whole = {**STARTER, **files}
    ways: list[Upload] = [archive(files), archive(whole), ArchiveUpload(tar_of(whole)), directory(whole)]
    if any(STARTER.get(path) != data for path, data in files.items()):
        ways.append(PatchUpload(diff_of(files)))
    assert len({normal(way).digest for way in ways}) == 1
    assert normal(ways[0]).files == {path: data for path, data in files.items() if STARTER.get(path) != data}


def test_the_same_files_from_disk_have_the_same_digest(tmp_path: Path) -> None:
    files = {**STARTER, "app/x.py": b"1\n"}
    write(tmp_path / "d", files)
    (tmp_path / "x.zip").write_bytes(zip_of(files))
    (tmp_path / "x.tar.gz").write_bytes(tar_of(files))
    (tmp_path / "x.patch").write_bytes(diff_of(files))
    found = {normal(read_upload(tmp_path / name, LIMITS)).digest for name in ("d", "x.zip", "x.tar.gz", "x.patch")}
    assert len(found) == 1


def test_the_starter_unchanged_is_an_empty_submission() -> None:
    assert normal(archive(dict(STARTER))).files == {}


def test_files_that_are_not_sent_are_no_deletions() -> None:
    assert normal(archive({"app/views.py": b"1\n"})).paths == ["app/views.py"]


def test_a_file_outside_the_editable_globs_may_be_sent_unchanged_only() -> None:
    assert normal(archive({"README.md": STARTER["README.md"]})).files == {}
    error = rejection(archive({"README.md": b"# Mine\n"}))
    assert (error.path, error.reason) == ("README.md", "can't be changed in this challenge")
    assert "app/**" in str(error.hint)
    error = rejection(archive({"conftest.py": b"evil\n"}))
    assert (error.path, error.reason) == ("conftest.py", "can't be added in this challenge")


def test_a_file_that_differs_by_its_line_ends_alone_is_told_so() -> None:
    error = rejection(archive({"README.md": b"# App\r\n"}))
    assert "line ends" in str(error.hint)


def test_too_many_changed_files_are_rejected() -> None:
    limits = SubmissionLimits(changed_files=3)
    assert "more than 3" in rejection(archive({f"app/{n}.py": b"1" for n in range(4)}), limits=limits).reason


@pytest.mark.parametrize("top", ["my-app", "my-app-starter", "my-app-main"])
def test_one_folder_named_after_the_challenge_is_taken_off(top: str) -> None:
    files = {f"{top}/{path}": data for path, data in {**STARTER, "app/x.py": b"1\n"}.items()}
    files["__MACOSX/" + top + "/._x.py"] = b"mac"
    for upload in (archive(files), ArchiveUpload(tar_of(files)), directory(files)):
        assert normal(upload).paths == ["app/x.py"]


def test_one_folder_of_another_name_is_rejected_with_the_remedy() -> None:
    error = rejection(archive({f"download/{path}": data for path, data in STARTER.items()}))
    assert error.path == "download"
    assert "name it my-app" in str(error.hint)


def test_a_folder_of_the_starter_is_never_taken_off() -> None:
    assert normal(archive({"app/x.py": b"1\n"})).paths == ["app/x.py"]


def test_a_file_named_like_the_challenge_is_no_folder_to_take_off() -> None:
    assert rejection(archive({"my-app": b"1\n"})).path == "my-app"


def test_the_folder_is_not_taken_off_when_something_lies_beside_it() -> None:
    rejection(archive({"my-app/app/x.py": b"1\n", "app/y.py": b"2\n"}))


def test_what_tools_leave_behind_is_left_out_and_named() -> None:
    junk = {
        ".git/HEAD": b"ref",
        "app/__pycache__/views.cpython-313.pyc": b"\0",
        "app/views.pyc": b"\0",
        ".venv/lib/x.py": b"1",
        "venv/lib/x.py": b"1",
        ".pytest_cache/v/x": b"1",
        ".mypy_cache/x": b"1",
        ".ruff_cache/x": b"1",
        ".idea/x": b"1",
        ".vscode/x": b"1",
        ".DS_Store": b"1",
        "instance/app.db": b"1",
        "app.sqlite3": b"1",
    }
    for upload in (archive(junk), ArchiveUpload(tar_of(junk)), directory(junk)):
        submission = normal(upload, editable=("**",))
        assert submission.files == {}
        assert {".git/", "app/__pycache__/", "app/views.pyc", "instance/"} <= set(submission.left_out)


def test_what_tools_leave_behind_is_left_out_of_a_patch_too() -> None:
    files = {"app/x.py": b"1\n", "app/__pycache__/views.cpython-313.pyc": b"\x80\n", "instance/app.db": b"1\n"}
    submission = normal(patch(diff_of(files)), editable=("**",))
    assert submission.files == normal(archive(files), editable=("**",)).files == {"app/x.py": b"1\n"}
    assert submission.left_out == ("app/__pycache__/", "instance/")


def test_folders_alone_are_no_change() -> None:
    assert normal(DirectoryUpload((Entry("app/more", None), Entry("app/more/x", None)))).files == {}


def test_no_pattern_of_the_list_covers_ordinary_source() -> None:
    for path in ("app/git.py", "db.py", "app/instances/x.py", "venvs/x.py", "env/x.py", ".gitignore", "app/db/x.py"):
        assert leftover_root(path) is None
    assert len(set(LEFTOVERS)) == len(LEFTOVERS)


def test_a_directory_is_read_without_following_a_link(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("canary")
    for target in (secret, tmp_path, Path("nowhere")):
        folder = tmp_path / f"d-{target.name}"
        write(folder, {"app/x.py": b"1\n"})
        (folder / "app" / "link.py").symlink_to(target)
        with pytest.raises(SubmissionRejected, match="symbolic link") as caught:
            read_directory(folder, LIMITS)
        assert caught.value.path == "app/link.py"


def test_a_fifo_in_a_directory_is_rejected_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SubmissionRejected, match="neither a file"):
        read_directory(tmp_path, LIMITS)


def test_a_pipe_that_nobody_writes_to_is_refused_and_one_of_the_shells_is_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SubmissionRejected, match="is a named pipe"):
        read_upload(tmp_path / "pipe", SubmissionLimits())
    read_fd, write_fd = os.pipe()
    os.write(write_fd, b"diff --git a/app.py b/app.py\n")
    os.close(write_fd)
    assert isinstance(read_upload(Path(f"/dev/fd/{read_fd}"), SubmissionLimits()), PatchUpload)
    os.close(read_fd)


def test_an_empty_upload_is_told_as_such(tmp_path: Path) -> None:
    (tmp_path / "fix.zip").touch()
    with pytest.raises(SubmissionRejected, match="is empty"):
        read_upload(tmp_path / "fix.zip", SubmissionLimits())


def test_a_virtual_environment_full_of_links_is_passed_over_unread(tmp_path: Path) -> None:
    write(tmp_path, {"app/x.py": b"1\n", "app/old.pyc": b"\0"})
    (tmp_path / ".venv/bin").mkdir(parents=True)
    (tmp_path / ".venv/bin/python").symlink_to("/usr/bin/python3")
    (tmp_path / "venv").symlink_to(".venv")
    upload = read_directory(tmp_path, LIMITS)
    assert [entry.path for entry in upload.entries] == ["app", "app/x.py"]
    assert set(normal(upload).left_out) == {".venv/", "venv/", "app/old.pyc"}


def test_files_at_the_top_that_are_not_asked_for_are_left_out(tmp_path: Path) -> None:
    write(tmp_path, {"app/x.py": b"1\n", "notes.txt": b"mine", "app/notes.txt": b"2\n"})
    upload = read_directory(tmp_path, LIMITS, without={"notes.txt"})
    assert [entry.path for entry in upload.entries] == ["app", "app/notes.txt", "app/x.py"]
    assert upload.left_out == ("notes.txt",)


def test_a_folder_that_goes_while_it_is_read_is_an_error_and_not_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Impatient(Collector):
        def add_folder(self, path: str) -> None:
            super().add_folder(path)
            (tmp_path / path).rmdir()

    (tmp_path / "gone").mkdir()
    monkeypatch.setattr("runner.submissions.directory.Collector", Impatient)
    with pytest.raises(FileNotFoundError):
        read_directory(tmp_path, LIMITS)


def test_a_large_directory_is_stopped_early(tmp_path: Path) -> None:
    write(tmp_path, {"app/x.py": b"\0" * 2_000_000})
    with pytest.raises(SubmissionRejected, match="larger than 1048576"):
        read_directory(tmp_path, LIMITS)


def test_a_name_on_disk_that_is_not_utf8_is_rejected(tmp_path: Path) -> None:
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/x\xff.py"))).write_bytes(b"1")
    with pytest.raises(SubmissionRejected, match="invisible"):
        read_directory(tmp_path, LIMITS)


def test_a_path_that_is_not_there_is_rejected_with_a_hint(tmp_path: Path) -> None:
    with pytest.raises(SubmissionRejected, match="No such file") as caught:
        read_upload(tmp_path / "gone.zip", LIMITS)
    assert caught.value.hint


def test_a_file_on_disk_larger_than_an_upload_may_be_is_rejected(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(zip_of({"app/x.py": os.urandom(300)}))
    with pytest.raises(SubmissionRejected, match="larger than 200"):
        read_upload(tmp_path / "x.zip", SubmissionLimits(upload_bytes=200))


@pytest.mark.parametrize(
    ("pattern", "yes", "no"),
    [
        ("app/**/*.py", ["app/x.py", "app/a/b/x.py"], ["app/x.txt", "x.py", "bapp/x.py", "app.py", "app/x.py/y"]),
        ("app/**", ["app/x", "app/a/b"], ["app", "apps/x", "app/"]),
        ("**", ["x", "a/b/c"], [""]),
        ("**/views.py", ["views.py", "a/views.py"], ["aviews.py"]),
        ("app/*.py", ["app/x.py", "app/.py"], ["app/a/x.py"]),
        ("a?c.py", ["abc.py"], ["ac.py", "a/c.py"]),
        ("a+b(c).py", ["a+b(c).py"], ["aab(c).py", "a+b(c)xpy"]),
        ("app/x.py", ["app/x.py"], ["app/X.py", "app/x.py\n"]),
    ],
)
def test_a_glob_covers_what_its_docstring_says(pattern: str, yes: list[str], no: list[str]) -> None:
    check_glob(pattern)
    assert all(matches_any(path, [pattern]) for path in yes)
    assert not any(matches_any(path, [pattern]) for path in no)


@pytest.mark.parametrize(
    "pattern", ["", "/app", "app\\x", "app/../x", "app//x", "app/", "a**/x", "app/[ab].py", "{a,b}"]
)
def test_a_glob_that_can_match_nothing_or_is_unknown_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"glob|alone|brackets"):
        check_glob(pattern)


def test_a_patch_may_not_grow_a_file_past_its_limit() -> None:
    limits = SubmissionLimits(file_bytes=100)
    text = "--- /dev/null\n+++ b/app/big.py\n@@ -0,0 +1,60 @@\n" + "+xxx\n" * 60
    assert "larger than 100" in rejection(patch(text), limits=limits).reason
