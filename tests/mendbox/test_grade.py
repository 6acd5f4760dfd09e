"""`mendbox grade`: here and now, on the real engine."""

from __future__ import annotations

import json
import shutil
import signal
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from mendbox.grade_command import Earlier, compare, read_receipt
from runner.grading.models import Grade
from runner.packages.loader import load_package
from tests.mendbox.cli import CHALLENGES, PATIENCE_S, Cli, Done, refused
from tests.mendbox.engine import containers_of, containers_once_started, own_engine, still_there

SLUG = "user-500"
PACKAGE = load_package(CHALLENGES / SLUG)
TESTS = len(PACKAGE.inventory.tests) if PACKAGE.inventory else 0
MISTAKE = "html-404"
MISTAKE_FOLDER = CHALLENGES / SLUG / "mistakes" / MISTAKE
FIX_FOLDER = CHALLENGES / SLUG / "fixes" / "lookup"
#: As README and docs/grading.md promise them to programs.
KEYS = {
    "challenge": {"slug", "version", "digest"},
    "submission": {"digest", "files"},
    "timing": {"queued_s", "startup_s", "tests_s", "total_s", "warm"},
    "environment": {"image", "python", "runtime", "limits"},
    "requirements": {"id", "title", "points", "earned", "status", "message"},
    "tests": {"id", "requirement", "kind", "status", "duration_s", "message"},
    "receipt": {"challenge_digest", "submission_digest", "image", "seed", "versions"},
}


@pytest.fixture(scope="module")
def graded(shared: Cli) -> Done:
    """A mistake, graded once for the tests below; `grade.json` in the folder is what `--output` wrote."""
    return shared("grade", SLUG, MISTAKE_FOLDER, "--json", "--output", "grade.json", "--seed", 7)


@pytest.fixture(scope="module")
def grade(graded: Done) -> dict[str, Any]:
    document: dict[str, Any] = graded.json
    return document


def test_a_grade_is_given_with_exit_0_however_low(graded: Done, grade: dict[str, Any]) -> None:
    assert graded.code == 0, graded.err
    assert grade["schema_version"] == 1
    assert (grade["outcome"], grade["verdict"], grade["score"]) == ("completed", "partial", 70)
    for part, keys in KEYS.items():
        values = grade[part] if isinstance(grade[part], list) else [grade[part]]
        assert values
        assert all(keys <= set(value) for value in values), part


def test_output_writes_what_json_prints(shared: Cli, graded: Done) -> None:
    assert (shared.folder / "grade.json").read_text() == graded.out


def test_a_mistakes_own_description_is_no_part_of_the_fix(grade: dict[str, Any]) -> None:
    assert (MISTAKE_FOLDER / "mistake.toml").is_file()
    assert grade["submission"]["files"] == sorted(PACKAGE.mistakes[MISTAKE].files)
    failed = {test["id"] for test in grade["tests"] if test["status"] == "failed"}
    assert set(PACKAGE.mistakes[MISTAKE].must_fail) <= failed


def test_by_its_receipt_a_fix_gets_the_same_grade_again(shared: Cli, grade: dict[str, Any]) -> None:
    again = shared("grade", SLUG, MISTAKE_FOLDER, "--receipt", "grade.json")
    assert again.code == 0, again.err
    assert "by the receipt: the same grade again" in again.out
    assert "left out: mistake.toml" in again.err
    assert grade["receipt"]["seed"] == 7


def test_by_the_receipt_of_another_fix_every_difference_is_named(shared: Cli, graded: Done) -> None:
    other = shared("grade", SLUG, FIX_FOLDER, "--receipt", "grade.json", "--json")
    assert other.code == 0, other.err
    assert other.json["comparison"]["same"] is False
    told = {line.split(" was ")[0] for line in other.json["comparison"]["differences"]}
    failed = {test["id"] for test in json.loads((shared.folder / "grade.json").read_text())["tests"]} & told
    assert failed
    assert told - failed == {"submission_digest", "score", "verdict"}


def test_a_receipt_is_also_read_from_what_submit_prints(mendbox: Cli, grade: dict[str, Any]) -> None:
    path = mendbox.folder / "submission.json"
    path.write_text(json.dumps({"id": "0" * 32, "status": "graded", "grade": grade}))
    earlier = read_receipt(path)
    assert earlier == read_receipt_of(mendbox.folder / "grade.json", grade)
    assert earlier.receipt.seed == 7
    assert compare(earlier, Grade.model_validate(grade)) == []
    bare = mendbox.folder / "receipt.json"
    bare.write_text(json.dumps(grade["receipt"]))
    assert read_receipt(bare).statuses == {}


def test_other_tests_that_pass_are_a_difference_also_at_the_same_score(mendbox: Cli, grade: dict[str, Any]) -> None:
    earlier = read_receipt_of(mendbox.folder / "grade.json", grade)
    first = grade["tests"][0]
    other = {**grade, "tests": [{**first, "status": "error"}, *grade["tests"][1:]]}
    assert compare(earlier, Grade.model_validate(other)) == [f"{first['id']} was {first['status']}, is error"]


def read_receipt_of(path: Path, grade: dict[str, Any]) -> Earlier:
    path.write_text(json.dumps(grade))
    return read_receipt(path)


def test_what_tools_leave_in_a_working_folder_is_left_out_and_told_and_80_columns_are_enough(
    mendbox: Cli, tmp_path: Path
) -> None:
    work = tmp_path / "my-fix"
    shutil.copytree(FIX_FOLDER, work)
    for path in (".git/HEAD", "directory/__pycache__/users.cpython-313.pyc", ".venv/pyvenv.cfg", "directory.db"):
        (work / path).parent.mkdir(parents=True, exist_ok=True)
        (work / path).write_bytes(b"\0")
    (work / ".venv" / "lib64").symlink_to("lib")
    done = mendbox.on_terminal(80, "grade", SLUG, "my-fix")
    assert done.code == 0, done.out
    for name in (".git/", ".venv/", "directory/__pycache__/", "directory.db"):
        assert f"left out: {name}\n" in done.out
    assert "100/100  solved" in done.out
    assert f"all {TESTS} hidden tests passed" in done.out
    assert [line for line in done.out.splitlines() if cell_len(line) > 80] == []


@pytest.mark.parametrize(
    ("challenge", "path", "words"),
    [
        ("user-50", FIX_FOLDER, ["there is no challenge 'user-50'", "did you mean user-500?"]),
        (SLUG, "nowhere", ["nowhere: can't be read: No such file", "name a directory, a .zip"]),
        (SLUG, "empty.patch", ["the upload holds no diff", "git diff"]),
        (SLUG, "broken.zip", ["broken.zip: it has the name of an archive, and is none", "pack it again"]),
        (SLUG, "forbidden", ["hidden/test_a.py: can't be added", "you may change or add: directory/**/*.py"]),
        (SLUG, "as-a-mistake", ["mistake.toml: can't be added", "you may change or add"]),
        (SLUG, "linked", ["directory/x.py: is a symbolic link", "put the file itself there"]),
    ],
)
def test_what_can_not_be_graded_is_refused_with_what_is_wrong_where_and_what_to_do(
    mendbox: Cli, challenge: str, path: object, words: list[str]
) -> None:
    folder = mendbox.folder
    (folder / "empty.patch").write_text("nothing\n")
    (folder / "broken.zip").write_bytes(b"\0\0" * 40)
    for name in ("forbidden/hidden/test_a.py", "as-a-mistake/mistake.toml", "linked/directory/y.py"):
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_text("x = 1\n")
    (folder / "linked/directory/x.py").symlink_to("y.py")
    refused(mendbox("grade", challenge, path), *words)


def test_a_package_that_is_not_valid_is_refused_with_file_and_key(mendbox: Cli) -> None:
    shutil.copytree(CHALLENGES / SLUG, mendbox.folder / SLUG)
    with (mendbox.folder / SLUG / "challenge.toml").open("a") as manifest:
        manifest.write("bogus = 1\n")
    done = mendbox("grade", f"./{SLUG}", FIX_FOLDER, "--json")
    assert done.code == 2
    (problem,) = done.json["error"]["problems"]
    assert problem["file"] == "challenge.toml"
    assert problem["key"].endswith("bogus")
    assert "challenge check" in done.json["error"]["hint"]


def test_with_json_a_refusal_names_reason_and_path(mendbox: Cli) -> None:
    (mendbox.folder / "fix").mkdir()
    (mendbox.folder / "fix" / "setup.py").write_text("x = 1\n")
    done = mendbox("grade", SLUG, "fix", "--json")
    assert done.code == 2
    error = done.json["error"]
    assert (error["path"], error["reason"]) == ("setup.py", "can't be added in this challenge")
    assert error["hint"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--receipt", "rubbish.json"], ["rubbish.json is no receipt", "--output"]),
        (["--receipt", "rubbish.json", "--seed", "9"], ["don't go together", "leave out --seed"]),
        (["--receipt", "other.json"], ["other.json is a receipt of the challenge rate-limiter, not of user-500"]),
        (["--output", "nowhere/grade.json"], ["there is no folder", "nowhere", "make it"]),
    ],
)
def test_an_option_that_can_not_work_is_refused_before_anything_is_graded(
    mendbox: Cli, grade: dict[str, Any], options: list[str], words: list[str]
) -> None:
    (mendbox.folder / "rubbish.json").write_text("{}")
    other = {**grade["receipt"], "challenge": "rate-limiter"}
    (mendbox.folder / "other.json").write_text(json.dumps(other))
    refused(mendbox("grade", SLUG, FIX_FOLDER, *options, DOCKER_HOST="unix:///nonexistent.sock"), *words)


def test_an_engine_that_does_not_answer_is_a_fault_of_the_platform(mendbox: Cli) -> None:
    done = mendbox("grade", SLUG, FIX_FOLDER, "--json", DOCKER_HOST="unix:///nonexistent.sock")
    assert done.code == 3
    assert "the container engine does not answer" in done.json["error"]["message"]
    assert "mendbox doctor" in done.json["error"]["hint"]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_grading_that_is_interrupted_leaves_no_container(mendbox: Cli, number: int, code: int) -> None:
    # An app that does not start for long: no engine is so slow that the grading is over when its containers are seen.
    shutil.copytree(FIX_FOLDER, mendbox.folder / "slow")
    (mendbox.folder / "slow/directory/users.py").write_text("import time\n\ntime.sleep(60)\n")
    # A shell has what it starts in the background ignore Ctrl-C, and what that starts inherits it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with own_engine() as engine, mendbox.start("grade", SLUG, "slow") as running:
        containers = containers_once_started(engine, running.pid, least=2)
        running.send_signal(number)
        out, err = running.communicate(timeout=PATIENCE_S)
        assert (running.returncode, out) == (code, "")
        assert "Traceback" not in err
        assert not still_there(engine, containers)
        assert not containers_of(engine, running.pid)
