import collections
import concurrent.futures
import decimal
import json
import random
import re
import subprocess
import sys
import threading
import time
import warnings

import pytest

HABITS = [
    "threads_and_pools",
    "event_loops",
    "async_children",
    "children",
    "process_pools",
    "signals",
    "files_and_folders",
    "databases",
    "times_and_chances",
    "asking_the_system",
    "waiting_for_descriptors",
    "logs",
]


@pytest.mark.parametrize("habit", HABITS)
def test_habit(app, habit):
    assert app.call(f"habits:{habit}") is True


def test_the_app_serves(client):
    assert client.get("/notes").json == ["first"]
    assert client.post("/notes").status_code == 201
    assert len(client.get("/big").data) == 1_000_000


def test_several_at_a_time(app, concurrently):
    clients = [app.instance().client() for _ in range(3)]
    answers = concurrently([lambda client=client: client.post("/notes") for client in clients])
    assert {answer.status_code for answer in answers} == {201}


def test_clocks_and_statements(app, clock, queries, client):
    clock.advance(seconds=3600)
    with queries() as seen:
        client.get("/notes")
    assert len(seen) >= 1
    assert app.logs() is not None


def test_what_suites_do(tmp_path, monkeypatch, capsys, recwarn, request):
    (tmp_path / "data.json").write_text(json.dumps({"a": 1}))
    assert json.loads((tmp_path / "data.json").read_text()) == {"a": 1}
    (tmp_path / "data.json").rename(tmp_path / "moved.json")
    monkeypatch.setenv("A", "b")
    monkeypatch.chdir(tmp_path)
    sys.stdout.write("said\n")
    assert capsys.readouterr().out == "said\n"
    warnings.warn("heard", stacklevel=1)
    assert len(recwarn) == 1
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        assert list(pool.map(abs, [-1, -2])) == [1, 2]
    timer = threading.Timer(0.01, lambda: None)
    timer.start()
    timer.join()
    time.sleep(0.01)
    assert decimal.Decimal("1.10") + 1 == decimal.Decimal("2.10")
    assert collections.Counter("aab")["a"] == 2
    assert re.search("b", "abc")
    random.Random(request.config.getoption("verbose")).random()
    assert sys.version_info >= (3, 11)
    assert subprocess is not None


def test_a_failure_is_shown_and_caught():
    with pytest.raises(ValueError):
        int("x")
