"""Real git against a real server: a clone, and pushes that are graded meanwhile by a hand-made worker."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from store.records import GradingRecord, NewToken, Role, SourceKind, SubmissionFilter, SubmissionRecord
from tests.api.conftest import Platform
from tests.api.invited import began, invited
from tests.api.sample import ASSESSORS_ONLY, FIXED, OTHER, SLUG, STARTER, grade_of, progress_of, zipped
from tests.api.served.live import WAIT_S, ImpatientWorker, Server


@dataclass
class Git:
    """A candidate's machine: git without any settings but these, and a token that a credential helper has."""

    home: Path
    server: Server
    token: str
    environ: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        helper = self.home / "credentials"
        helper.write_text(f"#!/bin/sh\necho username=ada\necho password={self.token}\n")
        helper.chmod(0o700)
        self.environ = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0",
            "LC_ALL": "C",
        }
        for name, value in {
            "user.name": "Ada",
            "user.email": "ada@example.org",
            "credential.helper": str(helper),
            "protocol.version": "2",
        }.items():
            self("config", "--global", name, value)

    @property
    def url(self) -> str:
        return f"{self.server.url}/git/{SLUG}.git"

    @property
    def folder(self) -> Path:
        return self.home / "work"

    def __call__(self, *arguments: str, fails: bool = False) -> str:
        """Run git in the clone, if there is one; what it says."""
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.folder if self.folder.exists() else self.home,
            env=self.environ,
            capture_output=True,
            text=True,
            timeout=WAIT_S * 2,
            check=False,
        )
        assert (done.returncode != 0) is fails, done.stderr
        return done.stdout + done.stderr

    def clone(self) -> None:
        self("clone", "--quiet", self.url, str(self.folder))

    def commit(self, **files: bytes) -> str:
        """Write files, named by their paths, and commit them."""
        for path, data in files.items():
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / path).write_bytes(data)
        self("add", "--all", "--force")
        self("commit", "--quiet", "-m", "mend it")
        return self("rev-parse", "HEAD").strip()

    @contextmanager
    def pushing(self, *arguments: str) -> Iterator[Pushing]:
        """A push that goes on meanwhile."""
        process = subprocess.Popen(
            ["git", "push", *arguments],
            cwd=self.folder,
            env=self.environ,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        try:
            yield Pushing(process)
        finally:
            # As Ctrl-C does: git's own children, too, of which one holds the connection.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            assert process.stderr is not None
            process.stderr.close()


@dataclass
class Pushing:
    """A running `git push` and what it has said so far."""

    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)

    def until(self, text: str) -> None:
        """Read on until a line has the text."""
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.append(line.rstrip())
            if text in line:
                return
        pytest.fail(f"the push ended without {text}: {self.lines}")

    def end(self) -> int:
        """Read to the end; git's exit status."""
        assert self.process.stderr is not None
        self.lines += [line.rstrip() for line in self.process.stderr]
        return self.process.wait(WAIT_S)

    @property
    def told(self) -> list[str]:
        """What the server has said."""
        return [line.removeprefix("remote: ") for line in self.lines if line.startswith("remote: ")]


@pytest.fixture
def git(platform: Platform, server: Server, tmp_path: Path) -> Git:
    return Git(tmp_path, server, _candidate(platform))


def _candidate(platform: Platform) -> str:
    """A token of their own for each test, as a candidate has only so many submissions in an hour."""
    return platform.store.tokens.create(NewToken("ada", Role.CANDIDATE, (SLUG,))).text


def _grade(platform: Platform, grading: GradingRecord) -> None:
    """Grade as a worker would, with two tests."""
    claim = platform.claim(grading)
    for number, status in enumerate(["passed", "failed"], start=1):
        place = {"run": claim.run, "part": 0, "n": number}
        platform.progress.of(claim.grading_id).publish("test", {**progress_of(status, number), **place})
    assert platform.store.claims.record_grade(claim, grade_of(claim))
    platform.progress.of(claim.grading_id).publish("graded", {})


def _stored(platform: Platform) -> list[SubmissionRecord]:
    return [item.submission for item in platform.store.submissions.page(SubmissionFilter()).items]


def _grading(platform: Platform) -> GradingRecord:
    (submission,) = _stored(platform)
    return platform.store.gradings.latest(submission.id)


def test_a_clone_is_the_starter(git: Git) -> None:
    git.clone()

    held = {str(path.relative_to(git.folder)) for path in git.folder.rglob("*") if path.is_file()}
    assert {path for path in held if not path.startswith(".git/")} == set(STARTER)
    assert (git.folder / "app.py").read_bytes() == STARTER["app.py"]
    assert git("status", "--short", "--branch").strip() == "## main...origin/main"
    assert git("fsck", "--strict").strip() == ""
    assert "Already up to date" in git("pull")


def test_a_push_is_followed_to_its_grade(git: Git, platform: Platform) -> None:
    git.clone()
    git.commit(**{"app.py": FIXED, "__pycache__/app.pyc": b"\0"})
    with git.pushing() as push:
        push.until("waiting")
        assert push.process.poll() is None
        _grade(platform, _grading(platform))
        assert push.end() == 0

    (made,) = _stored(platform)
    assert made.source is SourceKind.API
    assert push.told == [
        "received 1 changed file: app.py",
        "left out, as tools leave it behind: __pycache__/",
        "waiting, next to be graded",
        "being graded",
        "2 hidden tests have run, 1 passed",
        "R1 met in part, 50 of 100: GET / does not greet.",
        "score 50 of 100 (partial)",
        f"see {git.server.url}/work/attempts/{made.id}",
    ]
    assert ASSESSORS_ONLY not in str(push.lines)
    assert push.lines[-1].endswith("main -> main")


def test_a_push_makes_what_an_archive_of_the_folder_makes(git: Git, platform: Platform) -> None:
    git.clone()
    git.commit(**{"app.py": b"# on the way\n", "extra.py": b"x = 1\n"})
    git.commit(**{"app.py": FIXED})
    with git.pushing() as push:
        push.until("waiting")
    files = {**STARTER, "app.py": FIXED, "extra.py": b"x = 1\n"}
    data = {"challenge": SLUG, "archive": (io.BytesIO(zipped(files)), "fix.zip")}
    headers = {"Authorization": f"Bearer {git.token}"}
    assert platform.client.post("/api/v1/submissions", data=data, headers=headers).status_code == 202

    archived, pushed = _stored(platform)
    assert archived.submission_digest == pushed.submission_digest
    assert (archived.challenge, archived.token_id) == (pushed.challenge, pushed.token_id)


def test_the_same_commit_is_one_submission(git: Git, platform: Platform) -> None:
    git.clone()
    git.commit(**{"app.py": FIXED})
    with git.pushing() as first:
        first.until("waiting")
        _grade(platform, _grading(platform))
        assert first.end() == 0

    told = git("push")

    assert len(_stored(platform)) == 1
    assert "received before" in told
    assert "score 50 of 100 (partial)" in told


def test_a_commit_on_top_of_a_pushed_one_is_another_submission(git: Git, platform: Platform) -> None:
    git.clone()
    for number in (1, 2):
        git.commit(**{"app.py": FIXED + b"# %d\n" % number})
        with git.pushing() as push:
            push.until("received 1 changed file: app.py")
    git("fetch")

    assert len(_stored(platform)) == 2


def test_what_breaks_a_rule_is_refused_with_the_reason(git: Git, platform: Platform) -> None:
    git.clone()
    git.commit(**{"app.py": FIXED, "README.md": b"# Mine\n"})

    told = git("push", fails=True)

    assert "remote: README.md: can't be changed in this challenge" in told
    assert "remote: put the starter's version back; you may change: *.py" in told
    assert "! [remote rejected] main -> main (README.md: can't be changed in this challenge)" in told
    assert _stored(platform) == []


def test_a_symbolic_link_is_refused_by_name(git: Git, platform: Platform) -> None:
    git.clone()
    (git.folder / "link.py").symlink_to("app.py")
    git.commit()

    assert "link.py: is a symbolic link" in git("push", fails=True)
    assert _stored(platform) == []


def test_only_main_is_taken_and_is_not_deleted(git: Git, platform: Platform) -> None:
    git.clone()
    git.commit(**{"app.py": FIXED})

    assert "only main is taken: git push origin HEAD:main" in git("push", "origin", "HEAD:fix", fails=True)
    assert "[remote rejected] main" in git("push", "origin", ":main", fails=True)
    assert _stored(platform) == []
    with git.pushing("origin", "HEAD:main") as push:
        push.until("waiting")
    assert len(_stored(platform)) == 1


def test_a_history_of_ones_own_is_taken_by_force(git: Git, platform: Platform) -> None:
    git.clone()
    git("checkout", "--quiet", "--orphan", "mine")
    git.commit(**{"app.py": FIXED})

    assert "rejected" in git("push", "origin", "mine:main", fails=True)
    with git.pushing("--force", "origin", "mine:main") as push:
        push.until("received 1 changed file: app.py")
    assert len(_stored(platform)) == 1


def test_a_large_push_comes_in_chunks(git: Git, platform: Platform) -> None:
    git.clone()
    git.commit(**{f"data/{number}.py": os.urandom(700_000) for number in (1, 2)})

    assert "data/1.py: can't be added in this challenge" in git("push", fails=True)


def test_a_push_that_is_too_large_is_refused(git: Git, platform: Platform) -> None:
    git.clone()
    git.commit(**{f"{number}.py": os.urandom(900_000) for number in range(6)})

    assert "413" in git("push", fails=True)
    assert _stored(platform) == []


def test_a_shallow_clone_is_refused_clearly(git: Git) -> None:
    assert "does not support" in git("clone", "--depth", "1", git.url, "work", fails=True)


def test_a_wrong_password_and_a_foreign_challenge_open_nothing(git: Git, server: Server, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = Git(tmp_path / "other", server, "mbx_" + "a" * 43)

    assert "Authentication failed" in other("clone", other.url, "work", fails=True)
    told = git("clone", git.url.replace(SLUG, OTHER), "work", fails=True)
    assert "remote: there is no challenge of that name that this token may see" in told


def test_an_assessment_is_cloned_once_it_has_begun_and_pushed_to_while_there_is_time(
    platform: Platform, server: Server, tmp_path: Path
) -> None:
    token = invited(platform)
    git = Git(tmp_path, server, token.text)
    assert "remote: this is of an assessment that you have not begun" in git("clone", git.url, "work", fails=True)

    began(platform, token, ago=timedelta(minutes=10))
    git.clone()
    git.commit(**{"app.py": FIXED})
    with git.pushing() as push:
        push.until("waiting")

    began(platform, token, ago=timedelta(days=1))
    git.commit(**{"app.py": FIXED + b"# late\n"})
    assert "[remote rejected] main -> main (your time was over at" in git("push", fails=True)
    assert len(_stored(platform)) == 1


def test_a_push_for_which_no_stream_is_free_says_where_to_look(git: Git, platform: Platform) -> None:
    git.clone()
    git.commit(**{"app.py": FIXED})
    with git.pushing() as first:
        first.until("waiting")
        git.commit(**{"app.py": FIXED + b"# more\n"})
        told = git("push")

    assert "too many are watching" in told
    assert f"see {git.server.url}/work/attempts/{_stored(platform)[0].id}" in told
    assert len(_stored(platform)) == 2


def test_a_push_outlives_the_time_that_a_body_may_take(
    platform: Platform, impatient_server: Server, tmp_path: Path
) -> None:
    git = Git(tmp_path, impatient_server, _candidate(platform))
    git.clone()
    git.commit(**{"app.py": FIXED})
    with git.pushing() as push:
        push.until("waiting")
        time.sleep(ImpatientWorker.body_s * 2.5)
        _grade(platform, _grading(platform))
        assert push.end() == 0
    assert "score 50 of 100 (partial)" in push.told


def test_a_push_that_is_given_up_leaves_its_place(git: Git, platform: Platform) -> None:
    git.clone()
    for number in range(2):
        git.commit(**{"app.py": FIXED + b"# %d\n" % number})
        with git.pushing() as push:
            push.until("waiting")
        # A line each second: the first that meets nobody ends it.
        time.sleep(3.5)
    assert len(_stored(platform)) == 2
