"""`mendbox up`, and what one does with it: `submit`, `token`, `db`.

One Mendbox for all tests of this module, in their order: the last ones stop it and start it again.
"""

from __future__ import annotations

import json
import re
import signal
import urllib.request
from collections.abc import Iterator

import pytest

from runner.packages.loader import load_package
from tests.mendbox.cli import CHALLENGES, PATIENCE_S, Cli, refused
from tests.mendbox.engine import containers_of, containers_once_started, own_engine, still_there
from tests.mendbox.running import Up, running, value

SLUG = "user-500"
FIX_FOLDER = CHALLENGES / SLUG / "fixes" / "lookup"
MISTAKE = load_package(CHALLENGES / SLUG).mistakes["html-404"]
MISTAKE_FOLDER = CHALLENGES / SLUG / "mistakes" / MISTAKE.name


@pytest.fixture(scope="module")
def up(shared: Cli) -> Iterator[Up]:
    with running(shared) as started:
        yield started


def test_it_says_where_it_is_who_may_use_it_and_what_to_try(up: Up) -> None:
    with urllib.request.urlopen(value(up.said, "API and its documentation")) as answer:
        assert answer.status == 200
    assert value(up.said, "gradings at a time") == "1"
    assert value(up.said, "data and logs") == up.admin.environ["MENDBOX_HOME"]
    token = up.admin.environ["MENDBOX_TOKEN"]
    assert re.fullmatch(r"mbx_[A-Za-z0-9_-]{43}", token)
    *_, example = re.findall(r"^  mendbox submit (\S+) (\S+)$", up.said, re.MULTILINE)
    assert f"export MENDBOX_TOKEN={token}\n" in up.said
    assert f"export MENDBOX_URL={up.url}\n" in up.said
    slug, fix = example
    assert (CHALLENGES / slug / "fixes").is_dir()
    assert (up.admin.folder / fix).is_dir()


def test_a_fix_is_graded_through_the_api_as_it_is_here(up: Up) -> None:
    done = up.admin("submit", SLUG, MISTAKE_FOLDER, "--json")
    assert done.code == 0, done.err
    view = done.json
    assert (view["challenge"], view["status"]) == (SLUG, "graded")
    assert (view["grade"]["score"], view["grade"]["verdict"]) == (70, "partial")
    assert view["grade"]["submission"]["files"] == sorted(MISTAKE.files)


def test_a_person_sees_the_grade_and_what_was_left_out(up: Up) -> None:
    done = up.admin("submit", CHALLENGES / SLUG, MISTAKE_FOLDER)
    assert done.code == 0, done.err
    assert re.search(r"^submitted [0-9a-f]{32}  http://", done.err)
    assert "left out: mistake.toml\n" in done.err
    assert "70/100  partial" in done.out
    assert MISTAKE_FOLDER.name not in done.out


def test_without_waiting_a_fix_is_only_handed_in(up: Up) -> None:
    done = up.admin("submit", SLUG, FIX_FOLDER, "--no-wait", "--json")
    assert done.code == 0, done.err
    assert done.json["status"] in ("queued", "running", "graded")
    assert re.fullmatch(r"[0-9a-f]{32}", done.json["id"])


def test_what_the_api_refuses_is_told_with_what_to_do(up: Up) -> None:
    fix = up.admin.folder / "fix"
    (fix / "hidden").mkdir(parents=True)
    (fix / "hidden" / "test_a.py").write_text("x = 1\n")
    words = ("hidden/test_a.py: can't be added in this challenge", "you may change or add: directory/**/*.py")
    refused(up.admin("submit", SLUG, "fix"), *words)
    done = up.admin("submit", SLUG, "fix", "--json")
    assert (done.code, done.json["error"]["path"]) == (2, "hidden/test_a.py")
    refused(up.admin("submit", "user-5000", FIX_FOLDER), "there is no challenge of that name")
    refused(up.admin("submit", SLUG, FIX_FOLDER, MENDBOX_TOKEN=""), "a token is needed", "mendbox token create")
    refused(up.admin("submit", SLUG, FIX_FOLDER, "--token", "mbx_x"), "refused", "--token or MENDBOX_TOKEN")
    unreachable = up.admin("submit", SLUG, FIX_FOLDER, "--url", "http://127.0.0.1:9")
    refused(unreachable, "no answer from http://127.0.0.1:9", "mendbox up", code=3)


def test_a_candidates_token_opens_its_challenge_until_it_is_revoked(up: Up) -> None:
    made = up.admin("token", "create", "no. [17]", "--role", "candidate", "--challenge", SLUG, "--days", 1, "--json")
    assert made.code == 0, made.err
    text, identity = made.json["token"], made.json["id"]
    assert (made.json["role"], made.json["challenges"]) == ("candidate", [SLUG])
    assert made.json["expires_at"]

    refused(up.admin("submit", "n-plus-one", FIX_FOLDER, "--token", text), "the API refused")
    done = up.admin("submit", SLUG, FIX_FOLDER, "--no-wait", "--token", text)
    assert (done.code, done.out) == (0, ""), done.err
    assert done.err.startswith("submitted ")

    listed = up.admin.on_terminal(80, "token", "list")
    (row,) = [line for line in listed.out.splitlines() if identity in line]
    assert "candidate valid" in row
    assert "no." in row
    assert text not in listed.out
    assert f"revoked {identity}" in up.admin("token", "revoke", identity).out
    states = {each["id"]: each["revoked_at"] for each in up.admin("token", "list", "--json").json["tokens"]}
    assert states.pop(identity)
    assert set(states.values()) == {None}
    refused(up.admin("submit", SLUG, FIX_FOLDER, "--token", text), "the API refused")
    refused(up.admin("token", "revoke", "0" * 32), "there is no token")


def test_the_database_tells_what_was_graded(up: Up) -> None:
    done = up.admin("db", "status", "--json")
    assert done.code == 0, done.err
    assert done.json["gradings"]["graded"] >= 2
    assert done.json["gradings"]["error"] == 0
    assert "graded" in up.admin("db", "status").out


def test_a_second_one_on_the_same_port_is_refused(up: Up) -> None:
    port = up.url.rpartition(":")[2]
    refused(up.admin("up", "--port", port), f"127.0.0.1:{port} can't be listened on", "MENDBOX_PORT=")


def test_ctrl_c_stops_all_of_it_and_no_container_is_left(up: Up) -> None:
    with own_engine() as engine:
        containers = containers_once_started(engine, up.process.pid, least=2)
        up.process.send_signal(signal.SIGINT)
        _, err = up.process.communicate(timeout=PATIENCE_S)
        assert up.process.returncode == 0, err
        assert "… stopping" in err
        assert not still_there(engine, containers)
    refused(up.admin("submit", SLUG, FIX_FOLDER), "no answer from", code=3)


def test_the_next_start_keeps_the_tokens_and_shows_no_new_one(up: Up) -> None:
    again = up.admin.start("up", "--port", "0", "--slots", "1", "--json")
    up.more.append(again)
    assert again.stdout is not None
    # The document ends with the first brace at the start of a line; the command goes on.
    document = json.loads("".join(iter(again.stdout.readline, "}\n")) + "}")
    assert document["token"] is None
    assert (document["slots"], document["ready"]) == (1, True)
    tokens = up.admin("token", "list", "--json").json["tokens"]
    assert [each["role"] for each in tokens] == ["candidate", "admin"]
    assert document["url"].startswith("http://127.0.0.1:")
    with own_engine() as engine:
        containers = containers_of(engine, again.pid)
        again.send_signal(signal.SIGTERM)
        out, _ = again.communicate(timeout=PATIENCE_S)
        assert (again.returncode, out) == (0, "")
        assert containers
        assert not still_there(engine, containers)
