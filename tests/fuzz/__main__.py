"""Coverage-guided fuzzing by atheris (the dependency group `fuzz`).

    python -m tests.fuzz TARGET --seconds 600
    python -m tests.fuzz TARGET --keep FOLDER     what it finds stays there, to go on from

It starts from the seeds in corpus/TARGET and from what failed before, in regressions/TARGET. An input that fails is
written to regressions/TARGET, where a test replays it from then on: mend what it shows, and commit both.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

_HERE = Path(__file__).parent
_INSTRUMENTED = ["runner.inside", "runner.sandbox.relay", "runner.sandbox.answers", "runner.sandbox.intake",
                 "runner.submissions", "runner.packages.leftovers", "api.bodies", "api.uploads",
                 "werkzeug.sansio.multipart"]  # fmt: skip
_MOST_INPUT_BYTES = 8192
_MOST_INPUT_S = 20


def main() -> None:
    """Fuzz one target; ends by the time given, or at the first input that fails."""
    import atheris

    # What is imported in here is instrumented, so nothing of ours is imported before.
    with atheris.instrument_imports(include=_INSTRUMENTED):
        from tests.fuzz.targets import TARGETS

    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__.partition("\n")[0])
    parser.add_argument("target", choices=sorted(TARGETS))
    parser.add_argument("--seconds", type=int, default=60, metavar="N", help="how long (60; 0 for ever)")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep what adds coverage there")
    chosen = parser.parse_args()

    seeds, failed = _HERE / "corpus" / chosen.target, _HERE / "regressions" / chosen.target
    failed.mkdir(parents=True, exist_ok=True)
    kept = chosen.keep or Path(tempfile.mkdtemp(prefix="mendbox-fuzz-"))
    kept.mkdir(parents=True, exist_ok=True)
    options = [
        f"-max_total_time={chosen.seconds}", f"-max_len={_MOST_INPUT_BYTES}", f"-timeout={_MOST_INPUT_S}",
        f"-artifact_prefix={failed}/", "-print_final_stats=1", "-rss_limit_mb=2048",
    ]  # fmt: skip
    atheris.Setup([sys.argv[0], *options, str(kept), str(seeds), str(failed)], TARGETS[chosen.target])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
