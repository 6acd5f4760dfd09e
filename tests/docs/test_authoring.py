"""docs/authoring.md, done as it says: every file written, every command run, and the challenge proves itself."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.pages import ROOT
from tests.mendbox.cli import Cli, cli_in

PAGE = (ROOT / "docs" / "authoring.md").read_text()
SLUG = "pool-hours"
_WHOLE = re.compile(r"^`([\w./-]+)`:\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_CHANGED = re.compile(r"^`([\w./-]+)` is `([\w./-]+)` with `([^`]+)` for\s+`([^`]+)`\.$", re.MULTILINE)
_COMMANDS = re.compile(r"^```bash\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def files() -> dict[str, str]:
    """Each file that the page has its reader write."""
    written = {match[1]: match[2] for match in _WHOLE.finditer(PAGE)}
    for match in _CHANGED.finditer(PAGE):
        path, base, after, before = match.groups()
        assert written[base].count(before) == 1, f"{path}: {before}"
        written[path] = written[base].replace(before, after)
    return written


def commands() -> Iterator[list[str]]:
    for match in _COMMANDS.finditer(PAGE):
        yield from (shlex.split(line) for line in match[1].splitlines())


@pytest.fixture(scope="module")
def author(tmp_path_factory: pytest.TempPathFactory) -> Cli:
    """The command line of somebody who has followed the page up to its commands."""
    folder = tmp_path_factory.mktemp("author")
    for path, text in files().items():
        place = folder / "challenges" / SLUG / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    return cli_in(folder, MENDBOX_CHALLENGES=str(folder / "challenges"))


def test_no_file_of_the_page_is_overlooked() -> None:
    written = files()
    assert len([path for path in written if path.startswith("mistakes/")]) == 10
    assert {"challenge.toml", "brief.md", "harness.py", "notes.md", "hidden/test_pools.py"} <= set(written)
    fences = len(re.findall(r"^```\w+$", PAGE, re.MULTILINE))
    assert fences == len(_WHOLE.findall(PAGE)) + len(_COMMANDS.findall(PAGE))


def test_every_command_does_what_the_page_says(author: Cli) -> None:
    found = list(commands())
    assert [command[:3] for command in found[:1]] == [["mendbox", "challenge", "check"]]
    for command in found:
        assert command[0] == "mendbox"
        done = author(*command[1:])
        assert done.code == 0, f"{shlex.join(command)}\n{done.out}{done.err}"
        if command[2] == "check":
            assert f"✓ {SLUG}" in done.out
    inventory = Path(author.folder, "challenges", SLUG, "inventory.json")
    assert inventory.exists()


def test_what_it_made_passes_every_check_again(author: Cli) -> None:
    done = author("challenge", "check", SLUG, "--static", "--json")
    assert done.json["challenges"][0]["problems"] == []
