"""`mendbox challenge import`, on a real repository."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.mendbox.cli import Cli, cli_in, refused

BROKEN = """from flask import Flask, jsonify

PRICES = {"tea": 3}


def create_app():
    app = Flask(__name__)

    @app.get("/prices/<name>")
    def price(name):
        return jsonify(price=PRICES[name])

    return app
"""
MENDED = BROKEN.replace(
    "        return jsonify(price=PRICES[name])",
    '        if name not in PRICES:\n            return jsonify(error="unknown"), 404\n'
    "        return jsonify(price=PRICES[name])",
)
CONFTEST = """import pytest

from shop import create_app


@pytest.fixture
def app():
    return create_app()


@pytest.fixture
def client(app):
    return app.test_client()
"""
BEFORE = """def test_tea(client):
    assert client.get("/prices/tea").json == {"price": 3}
"""
AFTER = (
    BEFORE
    + """

def test_unknown(client):
    answer = client.get("/prices/silk")
    assert answer.status_code == 404
    assert answer.json == {"error": "unknown"}


def test_config(app):
    assert not app.debug
"""
)


def _git(repository: Path, *arguments: str) -> str:
    command = ["git", "-C", str(repository), "-c", "user.name=a", "-c", "user.email=a@example.org", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def _commit(repository: Path, files: dict[str, str], subject: str) -> str:
    for path, text in files.items():
        (repository / path).parent.mkdir(parents=True, exist_ok=True)
        (repository / path).write_text(text)
    _git(repository, "add", "-A")
    _git(repository, "commit", "-q", "-m", subject)
    return _git(repository, "rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    made = tmp_path / "shop-repository"
    made.mkdir()
    _git(made, "init", "-q")
    first = {"shop/__init__.py": BROKEN, "tests/conftest.py": CONFTEST, "tests/test_shop.py": BEFORE}
    _commit(made, {**first, "README.md": "# Shop\n"}, "A shop")
    _commit(made, {"shop/__init__.py": MENDED, "tests/test_shop.py": AFTER}, "Prices of what there is none of")
    return made


@pytest.fixture
def author(tmp_path: Path) -> Cli:
    return cli_in(tmp_path, MENDBOX_CHALLENGES=str(tmp_path / "challenges"))


def test_a_repair_becomes_a_package_whose_suite_tells_the_fix_from_the_fault(author: Cli, repository: Path) -> None:
    done = author("challenge", "import", "shop-prices", repository, "HEAD", "--entry", "shop:create_app", "--json")
    assert done.code == 0, done.err
    assert done.json["tests"] == ["test_unknown"]
    tea, left = done.json["left"]
    assert (tea["test"], tea["why"]) == ("test_tea", "stands in the starter as it is, where candidates see it")
    assert (left["file"], left["line"], left["test"]) == ("tests/test_shop.py", 11, "test_config")
    assert "fixture app" in left["why"]

    folder = author.folder / "challenges" / "shop-prices"
    assert (folder / "starter" / "shop" / "__init__.py").read_text() == BROKEN
    assert (folder / "starter" / "tests" / "test_shop.py").read_text() == BEFORE
    # The repository says nothing of pytest, and a candidate's plain `pytest` has to find the app.
    assert "pythonpath = ." in (folder / "starter" / "pytest.ini").read_text()
    assert (folder / "fixes" / "as-it-was" / "shop" / "__init__.py").read_text() == MENDED
    assert "return create_app()" in (folder / "harness.py").read_text()
    assert "Prices of what there is none of" in (folder / "notes.md").read_text()
    assert "Prices of what" not in (folder / "brief.md").read_text()

    # A second fix and five mistakes, as `check` asks for; the suite is the repository's own.
    _overlay(folder / "fixes" / "get", MENDED.replace("if name not in PRICES:", "if PRICES.get(name) is None:"))
    for status in (400, 401, 403, 405, 410):
        mistake = folder / "mistakes" / f"answers-{status}"
        _overlay(mistake, MENDED.replace("404", str(status)))
        (mistake / "mistake.toml").write_text(
            'summary = "Another status"\nmust_fail = ["test_shop.py::test_unknown"]\n'
        )
    (checked,) = author("challenge", "check", "shop-prices", "--write", "--json").json["challenges"]
    kinds = {test["id"]: test["kind"] for test in json.loads((folder / "inventory.json").read_text())["tests"]}
    assert kinds == {"test_shop.py::test_unknown": "fix"}
    # Its data is the same in every grading: drawing it is what no import can do.
    assert [problem["key"] for problem in checked["problems"]] == ["test_unknown"]


def _overlay(folder: Path, text: str) -> None:
    (folder / "shop").mkdir(parents=True)
    (folder / "shop" / "__init__.py").write_text(text)


def test_in_words_it_says_what_was_left_and_what_is_next(author: Cli, repository: Path) -> None:
    done = author("challenge", "import", "shop-prices", repository, "HEAD", "--entry", "shop:create_app")
    assert done.code == 0
    assert "tests taken over: 1, left: 2" in done.out
    assert "left: tests/test_shop.py:11: test_config uses the fixture app" in done.out
    assert "mendbox challenge check shop-prices --write" in done.out


def test_what_is_no_repair_with_tests_is_refused(author: Cli, repository: Path) -> None:
    def attempt(commit: str) -> object:
        return author("challenge", "import", "x", repository, commit, "--entry", "shop:create_app")

    refused(attempt("HEAD~1"), "has 0 parents", "ordinary commit")
    refused(attempt("nowhere"), "git can't read", "a commit that it has")
    _commit(repository, {"shop/__init__.py": BROKEN}, "Back")
    refused(attempt("HEAD"), "changes no test", "commit with the tests")
    _commit(repository, {"tests/test_shop.py": BEFORE}, "Fewer tests")
    refused(attempt("HEAD"), "changes tests alone", "commit that mends")
    refused(
        author("challenge", "import", "x", repository, "HEAD", "--entry", "shop"),
        "'shop' is no module:factory",
        "shop:create_app",
    )
    refused(
        author("challenge", "import", "X Y", repository, "HEAD", "--entry", "a:b"), "can't name a challenge", "small"
    )
    assert not (author.folder / "challenges").exists()
