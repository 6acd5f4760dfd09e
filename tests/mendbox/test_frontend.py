"""What pages load is built from its sources, once, and is there whole or not at all."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from mendbox.frontend import BUILT, CHECKOUT, SOURCES, NotBuilt, digest_of, ensure_frontend, manifest_of


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    shutil.copytree(CHECKOUT / SOURCES, tmp_path / SOURCES)
    return tmp_path


def test_it_is_built_once_for_its_sources_and_anew_when_they_change(checkout: Path) -> None:
    said: list[str] = []
    assert ensure_frontend(checkout, progress=said.append)
    assert not ensure_frontend(checkout, progress=said.append)
    assert len(said) == 1
    first = json.loads((checkout / BUILT / "manifest.json").read_text())["files"]
    script, style = (checkout / BUILT / first[name] for name in ("pages.js", "pages.css"))
    assert "htmx" in script.read_text()
    # What this very checkout has is built from the same, by the same.
    assert manifest_of(CHECKOUT / BUILT)["files"] == first

    (checkout / SOURCES / "pages.css").write_text("body { color: red }")
    assert ensure_frontend(checkout)
    second = json.loads((checkout / BUILT / "manifest.json").read_text())["files"]
    assert (second["pages.js"], second["pages.css"] == first["pages.css"]) == (first["pages.js"], False)
    assert style.exists(), "a server that runs names it still"
    assert (checkout / BUILT / second["pages.css"]).read_text().strip() == "body{color:red}"
    (checkout / SOURCES / "pages.css").write_text("body { color: blue }")
    assert ensure_frontend(checkout)
    assert not style.exists()


def test_a_package_that_is_not_what_the_lock_file_says_is_refused_and_nothing_is_lost(checkout: Path) -> None:
    ensure_frontend(checkout)
    before = manifest_of(checkout / BUILT)
    lock = checkout / SOURCES / "package-lock.json"
    found = json.loads(lock.read_text())
    other = found["packages"]["node_modules/esbuild"]["integrity"]
    found["packages"]["node_modules/htmx.org"]["integrity"] = other
    lock.write_text(json.dumps(found))
    with pytest.raises(NotBuilt, match=r"(?i)integrity"):
        ensure_frontend(checkout)
    assert manifest_of(checkout / BUILT) == before


def test_a_fault_of_ours_is_told_with_its_place(checkout: Path) -> None:
    (checkout / SOURCES / "pages.js").write_text("import 'nowhere';\n")
    with pytest.raises(NotBuilt, match=r"pages\.js:1"):
        ensure_frontend(checkout)
    assert not (checkout / BUILT / "manifest.json").exists()


def test_every_package_has_a_digest_and_comes_from_where_npm_takes_all() -> None:
    packages = json.loads((CHECKOUT / SOURCES / "package-lock.json").read_text())["packages"]
    others = {name: each for name, each in packages.items() if name}
    assert len(others) > 2
    for name, each in others.items():
        assert each["integrity"].startswith("sha512-"), name
        assert "resolved" not in each, name


def test_what_a_persons_own_npm_left_there_changes_nothing(checkout: Path) -> None:
    before = digest_of(checkout / SOURCES)
    (checkout / SOURCES / "node_modules").mkdir()
    (checkout / SOURCES / "node_modules" / "x.js").write_text("x")
    assert digest_of(checkout / SOURCES) == before
