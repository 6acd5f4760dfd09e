"""Tells a test that fails from one that failed: the few failures of a whole run are run three times more, alone.

    python scripts/lib/second_look.py [pytest's arguments]

Reads which tests failed from pytest's cache in the present folder. A failure in one run of some nine thousand tests,
which real containers, servers and browsers share with each other, may be a fault that shows itself once in a hundred
runs. It is a fault all the same, and its traceback was printed; it is named again at the end, and whoever sees it
mends it. What fails once more fails the run, and so do more failures than `MOST`: nothing rare happens that often.

Exit code 0: each passed each time. 1: one did not, or they are too many.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

FAILED = Path(".pytest_cache/v/cache/lastfailed")
MOST = 3
TIMES = 3


def failed_tests(cache: Path = FAILED) -> list[str]:
    """Ids of the tests that failed in the last run, sorted; none where there is no cache."""
    return sorted(json.loads(cache.read_text())) if cache.exists() else []


def passes_alone(tests: list[str], arguments: list[str]) -> bool:
    """Whether all of them pass in one process, as often as `TIMES` says; what pytest prints is shown."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as names:
        names.write("\n".join(tests) + "\n")
        names.flush()
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments, f"@{names.name}"]
        return all(subprocess.run(command, check=False).returncode == 0 for _ in range(TIMES))


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main(arguments: list[str]) -> int:
    """Look again at what failed, and say what came of it; the exit code."""
    tests = failed_tests()
    if not 0 < len(tests) <= MOST:
        _say(f"{len(tests)} tests failed; up to {MOST} are run again")
        return 1
    _say(f"==> {len(tests)} failed; {TIMES} times more, alone")
    if not passes_alone(tests, arguments):
        return 1
    _say("\n  ".join([f"FLAKY: failed once and then passed {TIMES} times; to be mended:", *tests]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
