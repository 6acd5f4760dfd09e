"""From a commit to an upload: the same rules as for archives, and nothing that a tree could name besides."""

from __future__ import annotations

import pytest

from runner.errors import SubmissionRejected
from runner.limits import SubmissionLimits
from runner.submissions.git_objects import GitObject, entries_of, is_object_id
from runner.submissions.git_starter import starter_repository
from runner.submissions.git_tree import read_commit
from runner.submissions.normalise import normalise
from runner.submissions.uploads import ArchiveUpload
from tests.api.sample import zipped
from tests.submissions.git_packs import commit_of, id_of, tree

LIMITS = SubmissionLimits()
BLOB = b"x = 1\n"
BLOB_ID = id_of("blob", BLOB)
FILE = "100644"


class Made:
    """A commit put together by hand."""

    def __init__(self) -> None:
        self.objects = {BLOB_ID: GitObject("blob", BLOB)}

    def put(self, kind: str, data: bytes) -> str:
        identity = id_of(kind, data)
        self.objects[identity] = GitObject(kind, data)
        return identity

    def tree(self, *entries: tuple[str, bytes, str]) -> str:
        return self.put("tree", tree(*entries))

    def read(self, root: str, limits: SubmissionLimits = LIMITS) -> dict[str, bytes | None]:
        upload = read_commit(self.put("commit", commit_of(root)), self.objects, limits)
        self.left_out = upload.left_out
        return {entry.path: entry.data for entry in upload.entries}

    def refused(self, root: str, because: str, limits: SubmissionLimits = LIMITS) -> SubmissionRejected:
        with pytest.raises(SubmissionRejected, match=because) as raised:
            self.read(root, limits)
        return raised.value


@pytest.fixture
def made() -> Made:
    return Made()


def test_files_and_folders_are_read_and_programs_are_files(made: Made) -> None:
    inner = made.tree((FILE, b"b.py", BLOB_ID), ("100755", b"run.sh", BLOB_ID))
    assert made.read(made.tree((FILE, b"a.py", BLOB_ID), ("40000", b"app", inner))) == {
        "a.py": BLOB,
        "app": None,
        "app/b.py": BLOB,
        "app/run.sh": BLOB,
    }


def test_what_tools_leave_behind_is_left_out_unread(made: Made) -> None:
    root = made.tree((FILE, b"a.pyc", "0" * 40), ("40000", b"venv", "1" * 40), ("120000", b"x.db", BLOB_ID))
    assert made.read(root) == {}
    assert made.left_out == ("a.pyc", "venv/", "x.db")


def test_a_commit_is_the_same_submission_as_an_archive_of_its_folder() -> None:
    starter = {"app.py": b"old\n", "README.md": b"# x\n", "app/views.py": b"v\n"}
    files = {**starter, "app.py": b"new\n", "app/more.py": b"m\n", "__pycache__/a.pyc": b"\0"}
    pushed = starter_repository("greeter", files)
    upload = read_commit(pushed.head, pushed.objects, LIMITS)
    by_push = normalise(upload, starter, ["**/*.py"], "greeter", LIMITS)
    archived = normalise(ArchiveUpload(zipped(files)), starter, ["**/*.py"], "greeter", LIMITS)
    assert by_push.files == archived.files
    assert by_push.digest == archived.digest
    assert by_push.left_out == archived.left_out


@pytest.mark.parametrize(
    ("mode", "because"),
    [
        ("120000", "is a symbolic link"),
        ("160000", "is a submodule"),
        ("100664", "neither a file nor a folder"),
        ("040000", "neither a file nor a folder"),
        ("", "neither a file nor a folder"),
    ],
)
def test_other_modes_are_refused_by_name(made: Made, mode: str, because: str) -> None:
    root = made.tree((mode, b"odd", BLOB_ID))
    assert made.refused(made.tree(("40000", b"app", root)), because).path == "app/odd"


@pytest.mark.parametrize(
    ("name", "because"),
    [
        (b"..", "segment '..'"),
        (b".", "segment '.'"),
        (b"", "empty segment"),
        (b"/etc", "slash"),
        (b"a/b", "slash"),
        (b"a\\b", "back-slash"),
        (b"C:x", "drive letter"),
        (b"a\nb", "control character"),
        (b"\xff", "not UTF-8"),
        ("e\u0301".encode(), "NFC"),
        ("a\u202eb".encode(), "invisible"),
        (b".git", "git's own files"),
        (b".GIT", "git's own files"),
        (b"git~1", "git's own files"),
        (b"n" * 300, "longer than"),
    ],
)
@pytest.mark.parametrize("mode", [FILE, "40000"])
def test_names_are_held_to_the_rules_of_paths(made: Made, name: bytes, because: str, mode: str) -> None:
    made.refused(made.tree((mode, name, BLOB_ID if mode == FILE else made.tree())), because)


@pytest.mark.parametrize(
    ("data", "because"),
    [
        (b"100644", "can't be read"),
        (b"100644 a", "can't be read"),
        (b"100644 a\0short", "can't be read"),
        (b"1006444 a\0" + bytes(20), "can't be read"),
        (b"100644 " + b"a" * 2000 + b"\0" + bytes(20), "can't be read"),
        (tree((FILE, b"a", BLOB_ID), (FILE, b"a", BLOB_ID)), "name twice"),
        (tree((FILE, b"a", BLOB_ID), ("40000", b"a", BLOB_ID)), "name twice"),
        (tree((FILE, b"b", BLOB_ID), (FILE, b"a", BLOB_ID)), "not sorted"),
        (tree(("40000", b"a", BLOB_ID), (FILE, b"a.b", BLOB_ID)), "not sorted"),
    ],
)
def test_a_tree_that_git_does_not_write_is_refused(made: Made, data: bytes, because: str) -> None:
    made.refused(made.put("tree", data), because)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"tree x\n",
        commit_of("a" * 40).replace(b"tree ", b"tree  "),
        commit_of("A" * 40),
        commit_of("a" * 40).replace(b"author", b"auth"),
        commit_of("a" * 40).replace(b"committer A <a> 1 +0000\n", b""),
        commit_of("a" * 40, *["b" * 40] * 65),
        b"parent " + commit_of("a" * 40),
    ],
)
def test_a_commit_that_git_does_not_write_is_refused(made: Made, data: bytes) -> None:
    with pytest.raises(SubmissionRejected, match="commit can't be read"):
        read_commit(made.put("commit", data), made.objects, LIMITS)


def test_merges_and_signed_commits_are_read(made: Made) -> None:
    root = made.tree()
    merged = commit_of(root, "a" * 40, "b" * 40).replace(b"\n\nx", b"\ngpgsig -----BEGIN\n line\n\nx")
    assert read_commit(made.put("commit", merged), made.objects, LIMITS).entries == ()


def test_objects_that_are_missing_or_another_kind_are_named(made: Made) -> None:
    made.refused("0" * 40, "lacks the tree 000000000000")
    made.refused(made.tree((FILE, b"a", "1" * 40)), "lacks the blob 111111111111")
    made.refused(BLOB_ID, "is a blob where a tree should be")
    made.refused(made.tree((FILE, b"a", made.tree())), "is a tree where a blob should be")
    with pytest.raises(SubmissionRejected, match="is a blob where a commit should be"):
        read_commit(BLOB_ID, made.objects, LIMITS)


def test_trees_that_multiply_are_refused_soon(made: Made) -> None:
    inner = made.tree((FILE, b"a", BLOB_ID))
    for _ in range(11):
        inner = made.tree(*[("40000", b"d%d" % number, inner) for number in range(9)])
    made.refused(inner, "more than 500 files and folders")


def test_deep_and_wide_trees_are_refused(made: Made) -> None:
    inner = made.tree((FILE, b"a", BLOB_ID))
    for _ in range(13):
        inner = made.tree(("40000", b"d", inner))
    made.refused(inner, "folders deep")
    wide = made.tree(*[(FILE, b"%05d.pyc" % number, BLOB_ID) for number in range(5001)])
    made.refused(wide, "more than 5000 entries")


def test_large_files_are_refused(made: Made) -> None:
    large = made.put("blob", bytes(LIMITS.file_bytes + 1))
    assert made.refused(made.tree((FILE, b"a", large)), "larger than").path == "a"
    full = made.put("blob", bytes(LIMITS.file_bytes))
    made.refused(made.tree(*[(FILE, b"%d" % n, full) for n in range(5)]), "all files together")


def test_ids() -> None:
    assert is_object_id("a" * 40)
    assert not is_object_id("A" * 40)
    assert not is_object_id("a" * 41)
    assert entries_of(b"", 1) == []
