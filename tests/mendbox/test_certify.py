"""`mendbox challenge check --certify`: what comes through all of it has a certificate until it changes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from runner.packages.certificate import Certified
from runner.packages.loader import load_package
from tests.mendbox.cli import Cli, cli_in


@pytest.fixture(scope="module")
def author(tmp_path_factory: pytest.TempPathFactory) -> Cli:
    folder = tmp_path_factory.mktemp("certify")
    mendbox = cli_in(folder, MENDBOX_CHALLENGES=str(folder / "challenges"))
    assert mendbox("challenge", "new", "late-fees", "--title", "Late fees").code == 0
    return mendbox


@pytest.fixture(scope="module")
def package(author: Cli) -> Path:
    return author.folder / "challenges" / "late-fees"


def listed(author: Cli) -> str:
    (row,) = author("challenge", "list", "--json").json["challenges"]
    return str(row["certificate"])


def test_a_package_that_proves_itself_gets_a_certificate_until_it_changes(author: Cli, package: Path) -> None:
    done = author("challenge", "check", "late-fees", "--write", "--certify", "--json")
    assert done.code == 0, done.err
    (challenge,) = done.json["challenges"]
    assert (challenge["ok"], challenge["problems"], challenge["certificate"]) == (True, [], "current")
    assert "[limits] could say app_start_s =" in done.err
    kept = json.loads((package / "certificate.json").read_text())
    assert kept["runs"] == 20
    assert len(kept["surroundings"]) == 8
    assert {test["id"] for test in kept["tests"]} == {
        test["id"] for test in json.loads((package / "inventory.json").read_text())["tests"]
    }
    assert kept["mutation"] == {name: challenge["mutation"][name] for name in ("killed", "survived", "equivalent")}
    assert load_package(package).certified is Certified.CURRENT
    assert listed(author) == "current"

    brief = package / "brief.md"
    before = brief.read_text()
    brief.write_text(before + "\nOne more sentence.\n")
    assert listed(author) == "stale"
    (again,) = author("challenge", "check", "late-fees", "--static", "--json").json["challenges"]
    assert (again["ok"], again["certificate"]) == (True, "stale")
    brief.write_text(before)
    assert listed(author) == "current"


def test_a_package_with_a_problem_gets_none(author: Cli, package: Path) -> None:
    # What `check` finds at once is not tried twenty times.
    (package / "certificate.json").unlink(missing_ok=True)
    manifest = (package / "challenge.toml").read_text()
    (package / "challenge.toml").write_text(manifest.replace("points = 40", "points = 41", 1))
    done = author("challenge", "check", "late-fees", "--certify", "--json")
    (package / "challenge.toml").write_text(manifest)
    assert done.code == 1
    (challenge,) = done.json["challenges"]
    assert (challenge["ok"], challenge["certificate"]) == (False, "none")
    assert not (package / "certificate.json").exists()


def test_it_needs_containers(author: Cli) -> None:
    done = author("challenge", "check", "late-fees", "--static", "--certify")
    assert (done.code, done.out) == (2, "")
    assert "--static uses no container, and --certify needs them" in done.err
