"""No line and no branch of what reads hostile bytes is without a test."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_READERS = [
    "runner/inside/channel.py",
    "runner/inside/frames.py",
    "runner/inside/http_rules.py",
    "runner/inside/strict_json.py",
    "runner/sandbox/answers.py",
    "runner/sandbox/desk.py",
    "runner/sandbox/intake.py",
    "runner/sandbox/relay.py",
    "runner/sandbox/stream.py",
    "runner/submissions/*.py",
]
_TESTS = [
    "tests/runner/test_answers.py",
    "tests/runner/test_frames.py",
    "tests/runner/test_intake.py",
    "tests/runner/test_relay.py",
    "tests/runner/test_relay_database.py",
    "tests/runner/test_relay_limits.py",
    "tests/runner/test_relay_redis.py",
    "tests/runner/test_strict_json.py",
    "tests/submissions",
]


def test_every_line_and_branch_of_the_readers_is_tested(tmp_path: Path) -> None:
    def coverage(*arguments: str) -> str:
        command = [sys.executable, "-m", "coverage", *arguments]
        done = subprocess.run(command, cwd=_ROOT, text=True, capture_output=True, check=False)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        return done.stdout

    data, settings = f"--data-file={tmp_path / 'data'}", f"--rcfile={tmp_path / 'settings'}"
    Path(tmp_path / "settings").write_text("[report]\nexclude_lines =\n    pragma: no cover, since \n")
    # Without the tests of random input: a line that only they reach is reached by chance.
    pytest = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "not hypothesis"]
    coverage("run", "--branch", data, settings, f"--include={','.join(_READERS)}", *pytest, *_TESTS)
    coverage("json", data, settings, "-o", str(tmp_path / "report.json"))
    files = json.loads((tmp_path / "report.json").read_text())["files"]

    expected = {str(path.relative_to(_ROOT)) for pattern in _READERS for path in _ROOT.glob(pattern)}
    assert set(files) == expected, "a reader was not even imported"
    missed = {
        path: {"lines": report["missing_lines"], "branches": report["missing_branches"]}
        for path, report in files.items()
        if report["missing_lines"] or report["missing_branches"]
    }
    assert missed == {}
