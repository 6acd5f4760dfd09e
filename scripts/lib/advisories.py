"""Known holes in the locked packages, by pip-audit: what `scripts/audit` runs with its own arguments.

pip-audit alone is not enough to go by: where the advisory source knows none of the packages it says that there are no
known vulnerabilities, and exits with 0.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from runner.sandbox.packages import find_uv

ROOT = Path(__file__).resolve().parents[2]
PIP_AUDIT = ROOT / ".mendbox" / "audit" / "bin" / "pip-audit"

NOTHING_KNOWN = 0
#: A hole is known, or a part of the packages could not be asked for.
FOUND = 1
#: There is no advisory source within reach.
NOT_AUDITED = 4


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one source told: the packages it knows, those it does not know, and the holes, a line for each."""

    audited: tuple[str, ...]
    unknown: tuple[str, ...]
    holes: tuple[str, ...]


def read_outcome(output: str) -> Outcome:
    """pip-audit's JSON. What it prints when it fails is none: then nothing was audited."""
    try:
        listed = json.loads(output)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return Outcome((), (), ())
    return Outcome(
        audited=tuple(each["name"] for each in listed if "skip_reason" not in each),
        unknown=tuple(each["name"] for each in listed if "skip_reason" in each),
        holes=tuple(
            f"{each['name']} {each['version']}: {hole['id']}, mended in {', '.join(hole['fix_versions']) or 'none'}"
            for each in listed
            for hole in each.get("vulns", [])
        ),
    )


def ask(source: Sequence[str], requirements: str) -> Outcome:
    """Runs pip-audit over pinned requirements with these options for its source."""
    with tempfile.TemporaryDirectory(prefix="mendbox-audit-") as folder:
        listed = Path(folder, "requirements.txt")
        listed.write_text(requirements)
        # The lock file is held against the files elsewhere; here only names and versions matter.
        options = ["--no-deps", "--disable-pip", "--format", "json", "--progress-spinner", "off"]
        options += ["--cache-dir", folder]
        command = [str(PIP_AUDIT), "--requirement", str(listed), *options, *source]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    return read_outcome(done.stdout)


def locked_requirements() -> str:
    """Every package of `uv.lock`, those of all groups included, pinned, a line for each."""
    options = [
        "--quiet",
        "--locked",
        "--all-groups",
        "--no-emit-project",
        "--no-header",
        "--no-annotate",
        "--no-hashes",
    ]
    command = [*find_uv(ROOT), "export", *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def audit(sources: Sequence[Sequence[str]]) -> int:
    """Asks the first source that answers for one package. Prints what it told; returns the exit code."""
    requirements = locked_requirements()
    # A source that is not there is not asked for a hundred packages.
    first = requirements.partition("\n")[0]
    for source in sources:
        if ask(source, first).audited:
            return _tell(ask(source, requirements))
    print("no advisory source reachable, nothing was audited")  # noqa: T201
    return NOT_AUDITED


def _tell(outcome: Outcome) -> int:
    for hole in outcome.holes:
        print(hole)  # noqa: T201
    for name in outcome.unknown:
        print(f"{name}: the advisory source does not know it")  # noqa: T201
    if not outcome.audited:
        print("the advisory source stopped answering, nothing was audited")  # noqa: T201
        return NOT_AUDITED
    print(f"{len(outcome.audited)} packages audited, {len(outcome.holes)} known holes")  # noqa: T201
    return FOUND if outcome.holes or outcome.unknown else NOTHING_KNOWN


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="scripts/audit")
    parser.add_argument("--osv-url", help="ask this service, which speaks OSV's protocol, and no other")
    chosen = parser.parse_args().osv_url
    usual = [["--vulnerability-service", "pypi"], ["--vulnerability-service", "osv"]]
    own = [["--vulnerability-service", "osv", "--osv-url", chosen]]
    sys.exit(audit(own if chosen else usual))
