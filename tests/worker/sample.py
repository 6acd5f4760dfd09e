"""A small challenge: enough for a scripted sandbox, and a real one can run it."""

from __future__ import annotations

from pathlib import Path

SLUG = "sample"
FIX = "test_sample.py::test_fix"
GUARD = "test_sample.py::test_guard"

_MANIFEST = """\
format = 1
title = "A sample"
version = "1.0.0"
level = "junior"
area = "practical"
minutes = 10
summary = "For tests."
editable = ["*.py", "script.json"]

[app]
entry = "app:create_app"

[limits]
request_s = 12

[[requirements]]
id = "R1"
title = "It works"
points = 100
message = "It does not work yet."
"""

_STARTER = """\
from flask import Flask


def create_app():
    return Flask(__name__)
"""

FIXED_APP = """\
from flask import Flask


def create_app():
    app = Flask(__name__)

    @app.get("/")
    def index():
        return "it works"

    return app
"""

_HIDDEN = """\
from mendbox.testing import requirement


@requirement("R1", "It does not work yet.")
def test_fix(client):
    assert client.get("/").status_code == 200


@requirement("R1")
def test_guard(client):
    assert client.get("/nowhere").status_code == 404
"""

_MISTAKE = f"""\
summary = "Wrong"
must_fail = ["{FIX}"]
"""


def write_sample(folder: Path) -> None:
    """Write the package, inventory and all."""
    from runner.packages.inventory import Inventory, InventoryTest, TestKind
    from runner.packages.loader import load_package

    files = {
        "challenge.toml": _MANIFEST,
        "brief.md": "R1: make it work.\n",
        "notes.md": "Nothing.\n",
        "harness.py": "def build(context):\n    return context.load()()\n",
        "starter/app.py": _STARTER,
        "hidden/test_sample.py": _HIDDEN,
        "fixes/one/app.py": FIXED_APP,
        "mistakes/wrong/app.py": FIXED_APP.replace('"/"', '"/<path:any>"').replace("index()", "index(any)"),
        "mistakes/wrong/mistake.toml": _MISTAKE,
    }
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    tests = (
        InventoryTest(id=FIX, requirement="R1", kind=TestKind.FIX),
        InventoryTest(id=GUARD, requirement="R1", kind=TestKind.GUARD),
    )
    digest = load_package(folder).evidence_digest
    (folder / "inventory.json").write_text(Inventory(derived_from=digest, tests=tests).model_dump_json())
