"""Which tests can be asked from outside, and what is said of the others."""

from __future__ import annotations

import pytest

from runner.importing.blackbox import convert

CONFTEST = b"""
import pytest

from shop import create_app
from shop.models import db


@pytest.fixture
def app():
    return create_app()


@pytest.fixture
def client(app):
    return app.test_client()


class Auth:
    def __init__(self, client):
        self._client = client

    def login(self):
        return self._client.post("/login", data={"name": "ada"})


@pytest.fixture
def auth(client):
    return Auth(client)


@pytest.fixture
def rows(app):
    return db.session
"""


def _converted(body: str, conftest: bytes = CONFTEST) -> tuple[dict[str, str], list[str], list[str]]:
    found = convert({"tests/conftest.py": conftest, "tests/test_shop.py": body.encode()}, "It is wrong.")
    files = {path: data.decode() for path, data in found.files.items()}
    for text in files.values():
        compile(text, "made", "exec")
    return files, list(found.tests), [str(each) for each in found.left]


def test_a_test_of_the_client_alone_is_kept_word_for_word_with_what_it_needs() -> None:
    body = """import json
import re

from shop import create_app

WORDS = {"ada": 1}
UNUSED = create_app()


def shown(answer):
    return json.loads(answer.data)["name"]


@pytest.mark.parametrize("name", ["ada", "bob"])
def test_a_name_is_shown(client, name):
    # As it is asked for.
    assert shown(client.get(f"/users/{name}")) == name
"""
    files, tests, left = _converted("import pytest\n" + body)

    assert (tests, left) == (["test_a_name_is_shown"], [])
    made = files["test_shop.py"]
    assert '@requirement("R1", \'It is wrong.\')\n@pytest.mark.parametrize("name", ["ada", "bob"])' in made
    assert "    # As it is asked for." in made
    assert "def shown(answer):" in made
    assert "import json" in made
    for missing in ("import re\n", "create_app", "WORDS", "UNUSED"):
        assert missing not in made


def test_fixtures_that_use_the_client_alone_come_along() -> None:
    files, tests, left = _converted("def test_login(client, auth):\n    assert auth.login().status_code == 200\n")

    assert (tests, left) == (["test_login"], [])
    assert "class Auth:" in files["conftest.py"]
    assert "def auth(client):" in files["conftest.py"]
    for missing in ("create_app", "def client", "def app", "def rows"):
        assert missing not in files["conftest.py"]


@pytest.mark.parametrize(
    ("body", "line", "why"),
    [
        ("def test_x(app):\n    pass\n", 1, "fixture app"),
        ("def test_x(client, rows):\n    pass\n", 1, "rows"),
        ("def test_x(client, monkeypatch):\n    pass\n", 1, "fixture monkeypatch"),
        ("from shop import tax\n\n\ndef test_x(client):\n    assert client\n    assert tax(1) == 2\n", 6, "uses shop"),
        ("from flask import session\n\n\ndef test_x(client):\n    assert session\n", 5, "uses flask"),
        (
            "def test_x(client):\n    with client.session_transaction() as s:\n        pass\n",
            2,
            "client.session_transaction",
        ),
        ("def test_x(client):\n    with client:\n        client.get('/')\n", 2, "with client"),
        ("import subprocess\n\n\ndef test_x(client):\n    subprocess.run([])\n", 5, "uses subprocess"),
        ("async def test_x(client):\n    pass\n", 1, "asynchronous"),
        (
            "from shop import a\n\n\ndef b():\n    return a\n\n\ndef test_x(client):\n    assert b()\n",
            9,
            "uses b, which",
        ),
        ("def test_x(client:\n", 1, "is not Python"),
    ],
)
def test_a_test_that_reaches_into_the_app_is_told_with_its_line(body: str, line: int, why: str) -> None:
    _, tests, left = _converted(body)
    assert tests == []
    (told,) = left
    assert told.startswith(f"tests/test_shop.py:{line}: ")
    assert why in told


def test_a_class_is_taken_over_as_a_whole_or_not_at_all() -> None:
    good = (
        "class TestShop:\n    def test_a(self, client):\n        assert client.get('/').status_code == 200\n\n"
        "    def test_b(self, client):\n        pass\n"
    )
    files, tests, left = _converted(good)
    assert (tests, left) == (["TestShop::test_a", "TestShop::test_b"], [])
    assert "class TestShop:" in files["test_shop.py"]

    _, tests, left = _converted(good + "\n    def test_c(self, app):\n        pass\n")
    assert tests == []
    assert "TestShop uses the fixture app" in left[0]


def test_two_that_use_each_other_end() -> None:
    body = "def a():\n    return b\n\n\ndef b():\n    return a\n\n\ndef test_x(client):\n    assert a()\n"
    _, tests, _ = _converted(body)
    assert tests == ["test_x"]
