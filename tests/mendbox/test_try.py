"""`mendbox challenge try`: what an author sees while editing."""

from __future__ import annotations

import signal
import threading
import time
from pathlib import Path
from typing import IO

import pytest

from tests.mendbox.cli import PATIENCE_S, Cli, cli_in, refused


@pytest.fixture(scope="module")
def author(tmp_path_factory: pytest.TempPathFactory) -> Cli:
    folder = tmp_path_factory.mktemp("try")
    mendbox = cli_in(folder, MENDBOX_CHALLENGES=str(folder / "challenges"))
    assert mendbox("challenge", "new", "late-fees", "--title", "Late fees").code == 0
    return mendbox


@pytest.fixture(scope="module")
def package(author: Cli) -> Path:
    return author.folder / "challenges" / "late-fees"


def test_once_it_shows_what_was_asked_and_answered_where_a_test_does_not_pass(author: Cli) -> None:
    done = author("challenge", "try", "late-fees", "refunds", "--once")
    assert done.code == 1, done.err
    assert "mistakes/refunds  9 of 10 tests passed" in done.out
    assert "failed  test_fees.py::test_an_early_book_is_free_and_shown_whole" in done.out
    assert "→ GET /loans" in done.out
    assert "← 200 OK" in done.out
    assert done.out.count("test_fees.py::") == 1


def test_requests_of_tests_that_pass_are_shown_when_asked_for(author: Cli) -> None:
    done = author("challenge", "try", "late-fees", "--once", "--requests")
    assert done.code == 0, done.err
    assert "fixes/clamped  10 of 10 tests passed" in done.out
    assert done.out.count("passed  test_fees.py::") == 10


def test_for_programs_it_is_one_document(author: Cli) -> None:
    done = author("challenge", "try", "late-fees", "starter", "clamped", "--once", "--json")
    assert done.code == 1
    starter, fix = done.json["runs"]
    assert (starter["name"], fix["name"]) == ("starter", "fixes/clamped")
    assert {test["status"] for test in fix["tests"]} == {"passed"}
    failed = [test for test in starter["tests"] if test["status"] == "failed"]
    assert failed
    assert failed[0]["why"]
    assert failed[0]["exchanges"][0]["request"].split()[0] in {"GET", "POST"}


def test_what_it_does_not_know_is_refused(author: Cli) -> None:
    refused(author("challenge", "try", "late-fees", "fixes/clampt", "--once"), "named 'fixes/clampt'", "fixes/clamped?")
    assert author("challenge", "try", "late-fees", "--json").code == 2


class Heard:
    """What a process has said so far."""

    def __init__(self, stream: IO[str]) -> None:
        self.text = ""
        self._stream = stream
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def end(self) -> None:
        """Once the process has ended."""
        self._thread.join()
        self._stream.close()

    def _listen(self) -> None:
        for line in self._stream:
            self.text += line

    def wait_for(self, words: str, after: int = 0) -> int:
        """Wait until it has said so; how much it had said then."""
        deadline = time.monotonic() + PATIENCE_S
        while words not in self.text[after:]:
            assert time.monotonic() < deadline, self.text
            time.sleep(0.05)
        return len(self.text)


def test_what_is_saved_is_graded_anew(author: Cli, package: Path) -> None:
    fees = package / "fixes" / "clamped" / "library" / "fees.py"
    before = fees.read_text()
    process = author.start("challenge", "try", "late-fees", PYTHONUNBUFFERED="1")
    assert process.stdout is not None
    assert process.stderr is not None
    out, err = Heard(process.stdout), Heard(process.stderr)
    try:
        so_far = out.wait_for("fixes/clamped  10 of 10 tests passed")
        err.wait_for("watching")

        fees.write_text("this is no Python\n")
        so_far = out.wait_for("fixes/clamped  0 of 10 tests passed", so_far)
        fees.write_text(before)
        so_far = out.wait_for("fixes/clamped  10 of 10 tests passed", so_far)

        manifest = package / "challenge.toml"
        kept = manifest.read_text()
        manifest.write_text(kept + "\nnonsense = 1\n")
        so_far = out.wait_for("challenge.toml", so_far)
        manifest.write_text(kept)
        mistake = package / "mistakes" / "refunds" / "library" / "fees.py"
        mistake.write_text(before)
        out.wait_for("mistakes/refunds  10 of 10 tests passed", so_far)

        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130
    finally:
        process.kill()
        process.wait()
        out.end()
        err.end()
        fees.write_text(before)
