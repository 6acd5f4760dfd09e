"""Pairs with a Redis: beside others, warm, and gone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from runner.errors import SandboxUnavailable
from runner.limits import Limits
from runner.sandbox.engine import Engine
from runner.sandbox.pool import DockerSandbox
from runner.sandbox.reaper import reap
from runner.sandbox.selftest import examine
from runner.sandbox.settings import LABEL, SandboxSettings
from runner.sandbox.starting import start_pair
from tests.sandbox.test_redis import all_pass, carts, work
from tests.support.sandboxes import started

BOTH = """
def build(context):
    app = context.load()({"REDIS_URL": context.redis_url})
    app.extensions["redis"].set("price:apple", 3)
    import sqlalchemy

    engine = app.extensions["database"] = sqlalchemy.create_engine(context.database_url)
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text("CREATE TABLE sold (item text)"))
    engine.dispose()
    return app
"""


def test_a_challenge_may_bring_both_servers(sandbox: DockerSandbox) -> None:
    suite = """
        import pytest

        @pytest.mark.parametrize("time", range(3))
        def test_it(client, redis_server, database, time):
            assert redis_server.keys() == ["price:apple"]
            assert database.value("SELECT count(*) FROM sold") == 0
            client.post("/cart/ines/apple")
            database.execute("INSERT INTO sold VALUES (%s)", "apple")
            assert redis_server.command("HGETALL", "cart:ines") == {"apple": "1"}
    """
    both = replace(work(suite), harness=BOTH.encode(), services=("postgres", "redis"))
    all_pass(sandbox.run(both, lambda kind, data: None))


def test_gradings_at_the_same_time_have_a_redis_each(engine: Engine, settings: SandboxSettings) -> None:
    suite = """
        import pytest

        @pytest.mark.parametrize("time", range(3))
        def test_it(client, redis_server, time):
            assert redis_server.keys() == ["code:old", "price:apple", "price:pear"]
            redis_server.command("RPUSH", "met", "one", "other")
            assert client.post("/command", json=["BLPOP", "never", 1]).json == "None"
            assert redis_server.command("LLEN", "met") == 2
            assert redis_server.command("INFO", "clients").count("blocked_clients:0") == 1
    """
    with started(engine, settings) as sandbox, ThreadPoolExecutor(2) as threads:
        for report in threads.map(lambda seed: carts(sandbox, suite, seed=seed), (1, 2)):
            all_pass(report)


def test_a_pair_with_a_server_is_warm_where_one_is_expected(engine: Engine, settings: SandboxSettings) -> None:
    with started(engine, settings) as sandbox:
        sandbox.expect([("redis",)])
        assert sandbox.wait_until_warm(60, ("redis",))
        report = carts(sandbox, "def test_it(client):\n    assert client.get('/cart/ines').json == {}\n")
        assert report.warm
        all_pass(report)


def servers(engine: Engine) -> set[str]:
    return {each["Id"] for each in engine.pairs() if each["Labels"].get(LABEL) == "redis"}


def test_nothing_is_left_of_a_server(engine: Engine, settings: SandboxSettings) -> None:
    before = servers(engine)
    with started(engine, settings) as sandbox:
        carts(sandbox, "def test_it(client):\n    client.get('/cart/ines')\n")
        assert servers(engine) - before
    assert servers(engine) - before == set()


def test_the_server_of_an_owner_that_is_gone_is_removed(
    engine: Engine, settings: SandboxSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = servers(engine)
    monkeypatch.setattr("runner.sandbox.engine.process_identity", lambda pid: "1:never" if pid else None)
    pair = start_pair(engine, settings, Limits(), ("redis",))
    monkeypatch.undo()
    (left,) = servers(engine) - before
    try:
        assert left in reap(engine)
    finally:
        pair.destroy()
    assert left not in servers(engine)


def test_a_server_that_is_taken_away_is_no_doing_of_the_apps(engine: Engine, settings: SandboxSettings) -> None:
    before = servers(engine)

    def take_away(kind: str, data: object) -> None:
        if kind == "collected":
            for identity in servers(engine) - before:
                engine.remove(identity)

    suite = "def test_it(client):\n    client.get('/cart/ines')\n"
    cold = DockerSandbox(engine, replace(settings, warm_pairs=0))
    with pytest.raises(SandboxUnavailable, match="the app's Redis was ended from outside"):
        cold.run(work(suite), take_away)
    cold.close()


def test_a_server_that_is_killed_from_outside_is_no_doing_of_the_apps(
    engine: Engine, settings: SandboxSettings
) -> None:
    before = servers(engine)

    def kill(kind: str, data: object) -> None:
        if kind == "collected":
            for identity in servers(engine) - before:
                engine.client.api.kill(identity)

    suite = "def test_it(client):\n    client.get('/cart/ines')\n"
    cold = DockerSandbox(engine, replace(settings, warm_pairs=0))
    with pytest.raises(SandboxUnavailable, match=r"the app's Redis was ended from outside in mid-grading \(exit 137\)"):
        cold.run(work(suite), kill)
    cold.close()


def test_the_walls_around_a_server_are_looked_at(engine: Engine, settings: SandboxSettings) -> None:
    found = examine(engine, replace(settings, server_images={"redis": settings.server_images["redis"]}))
    assert {"user", "seccomp", "network", "memory"} <= {finding.wall for finding in found if finding.ok}
    assert [finding.wall for finding in found if finding.ok is False] == []
    with pytest.raises(SandboxUnavailable):
        examine(engine, replace(settings, server_images={"redis": "mendbox/none:such"}))
