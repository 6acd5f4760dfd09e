"""A challenge's own Redis: what app and suite can do with it, and what no app can."""

from __future__ import annotations

import textwrap
from dataclasses import replace
from pathlib import Path

import pytest

from runner.errors import PackageInvalid
from runner.grading.report import Outcome, RunReport, Work
from runner.limits import Limits
from runner.sandbox.pool import DockerSandbox
from tests.support.sandboxes import Run, by_name, in_order, statuses

CARTS = Path(__file__).parent / "carts_app"


def carts(sandbox: DockerSandbox, suite: str, *, seed: int = 7, limits: Limits | None = None) -> RunReport:
    return sandbox.run(work(suite, seed=seed, limits=limits), lambda kind, data: None)


def work(suite: str, *, seed: int = 7, limits: Limits | None = None) -> Work:
    return Work(
        tree={"carts/__init__.py": (CARTS / "carts" / "__init__.py").read_bytes()},
        harness=(CARTS / "harness.py").read_bytes(),
        hidden={"test_suite.py": textwrap.dedent(suite).encode()},
        entry="carts:create_app",
        limits=limits or Limits(),
        seed=seed,
        services=("redis",),
    )


def all_pass(report: RunReport) -> None:
    assert report.outcome is Outcome.COMPLETED, (report.outcome_message, report.start_output)
    failed = {test.id: (test.message, test.detail) for test in report.tests if test.status.value != "passed"}
    assert report.tests
    assert not failed


def test_every_test_starts_from_what_was_seeded(sandbox: DockerSandbox) -> None:
    all_pass(
        carts(
            sandbox,
            """
            import pytest

            @pytest.mark.parametrize("time", range(4))
            def test_cart(client, redis_server, time):
                assert client.get("/cart/ines").json == {}
                assert client.post("/cart/ines/apple").json == 1
                assert client.post("/cart/ines/plum").status_code == 404
                assert client.get("/cart/ines").json == {"apple": 1}
                assert redis_server.keys() == ["cart:ines", "code:old", "price:apple", "price:pear"]
                assert redis_server.keys(db=3) == ["elsewhere"]
                assert 590 < redis_server.command("TTL", "code:old") <= 600
                assert redis_server.command("FCALL", "twice", 0, 21) == 42
                redis_server.command("DEL", "code:old", "price:apple")
                redis_server.command("FUNCTION", "FLUSH")
                redis_server.command("SET", "left over", 1, db=5)
            """,
        )
    )


def test_an_honest_suite_and_app_can_do_what_they_do_elsewhere(sandbox: DockerSandbox) -> None:
    report = carts(sandbox, (CARTS / "suite.py").read_text())
    all_pass(report)
    assert len(report.tests) == 8


def test_the_suite_asks_in_any_bytes_and_reads_any_answer(sandbox: DockerSandbox) -> None:
    all_pass(
        carts(
            sandbox,
            r"""
            import os
            import pytest
            from mendbox.testing import CallFailed

            def test_bytes(client, redis_server):
                redis_server.command("SET", b"\xff\x00k", b"\xfe\r\n")
                name = os.fsdecode(b"\xff\x00k")
                assert redis_server.keys("*k") == [name]
                assert os.fsencode(redis_server.command("GET", name)) == b"\xfe\r\n"
                assert redis_server.command("SET", "umlaut", "äß") == "OK"
                assert redis_server.command("GET", "umlaut") == "äß"

            def test_kinds(redis_server):
                redis_server.command("ZADD", "z", 1.5, "a", "inf", "b")
                assert redis_server.command("ZRANGE", "z", 0, -1, "WITHSCORES") == [["a", 1.5], ["b", "inf"]]
                redis_server.command("SADD", "s", "b", "a")
                assert sorted(redis_server.command("SMEMBERS", "s")) == ["a", "b"]
                assert redis_server.command("GET", "none") is None
                assert redis_server.command("EVAL", "return {1, 'a', {2}}", 0) == [1, "a", [2]]

            @pytest.mark.parametrize("words", [["MULTI"], ["subscribe", "a"], ["Monitor"], ["CLIENT", "reply", "off"]])
            def test_what_changes_a_connection_is_refused(redis_server, words):
                with pytest.raises(CallFailed, match="share"):
                    redis_server.command(*words)
                assert redis_server.command("PING") == "PONG"

            def test_what_is_no_word_or_too_much(redis_server):
                with pytest.raises(TypeError, match="not list"):
                    redis_server.command("SET", "a", ["b"])
                with pytest.raises(CallFailed, match="16 databases"):
                    redis_server.command("GET", "a", db=16)
            """,
        )
    )


def test_two_processes_of_an_app_share_one_redis(sandbox: DockerSandbox) -> None:
    all_pass(
        carts(
            sandbox,
            """
            import threading

            def test_a_cart_is_everywhere(app, client):
                other = app.instance().client()
                client.post("/cart/ines/apple")
                assert other.post("/cart/ines/apple").json == 2
                assert client.get("/cart/ines").json == {"apple": 2}

            def test_a_limit_counts_for_both(app, client):
                other = app.instance().client()
                assert [each.post("/limited").status_code for each in (client, other, client)] == [204, 204, 429]

            def race(app, redis_server, path):
                clients = [app.client(), app.instance().client()]
                with redis_server.writes_held():
                    threads = [threading.Thread(target=each.post, args=[path]) for each in clients]
                    for thread in threads:
                        thread.start()
                    assert redis_server.until_waiting(2)
                for thread in threads:
                    thread.join()
                return redis_server.command("HGET", "cart:ines", "apple")

            def test_a_lost_update_is_certain(app, redis_server):
                assert race(app, redis_server, "/careless/ines/apple") == "1"

            def test_and_certain_not_to_be(app, redis_server):
                assert race(app, redis_server, "/cart/ines/apple") == "2"
            """,
        )
    )


def test_time_that_goes_by_for_the_app_goes_by_for_what_expires(sandbox: DockerSandbox) -> None:
    all_pass(
        carts(
            sandbox,
            """
            def test_a_window_passes(client, clock, redis_server):
                assert [client.post("/limited").status_code for _ in range(3)] == [204, 204, 429]
                clock.advance(seconds=59)
                assert client.post("/limited").status_code == 429
                clock.advance(seconds=1.5)
                assert client.post("/limited").status_code == 204

            def test_keys_and_fields_of_every_database(client, clock, redis_server):
                redis_server.command("HSET", "h", "short", 1, "long", 2, "ever", 3, db=2)
                redis_server.command("HEXPIRE", "h", 100, "FIELDS", 1, "short", db=2)
                redis_server.command("HEXPIRE", "h", 900, "FIELDS", 1, "long", db=2)
                clock.advance(seconds=0)
                assert redis_server.command("HGET", "h", "short", db=2) == "1"
                clock.advance(seconds=300)
                assert redis_server.command("HGETALL", "h", db=2) == {"long": "2", "ever": "3"}
                assert 590 < redis_server.command("HTTL", "h", "FIELDS", 1, "long", db=2)[0] <= 600
                assert 290 < redis_server.command("TTL", "code:old") <= 300
                assert redis_server.command("TTL", "price:apple") == -1
            """,
        )
    )


TRICKS = """
    import pytest

    REFUSED = [
        "CONFIG SET maxmemory 0", "CONFIG GET *", "CONFIG REWRITE", "ACL SETUSER default +@all", "ACL LIST",
        "ACL GETUSER default", "DEBUG SLEEP 0", "MODULE LOAD /tmp/x.so", "SHUTDOWN NOSAVE", "SAVE", "BGSAVE",
        "BGREWRITEAOF", "REPLICAOF 127.0.0.1 1", "SLAVEOF NO ONE", "CLIENT KILL TYPE normal", "CLIENT LIST",
        "CLIENT PAUSE 1000", "CLIENT UNPAUSE", "MONITOR", "MIGRATE 127.0.0.1 1 k 0 1", "RESTORE k 0 x",
        "FUNCTION RESTORE x", "PSYNC ? -1", "SYNC", "FAILOVER", "SLOWLOG GET", "LATENCY RESET", "ROLE",
        "SCRIPT DEBUG SYNC", "AUTH administrator guess", "HELLO 3 AUTH administrator guess", "PFDEBUG GETREG k",
        "COMMANDLOG RESET slow", "CLUSTER RESET",
    ]

    @pytest.mark.parametrize("words", REFUSED)
    def test_refused(client, words):
        answer = client.post("/command", json=words.split())
        assert answer.status_code == 500, answer.json
        told = answer.json["error"]
        assert "no permissions" in told or "not allowed" in told or "AuthenticationError" in told or "disabled" in told

    @pytest.mark.parametrize("words", ["CONFIG", "ACL", "DEBUG", "MODULE", "SHUTDOWN", "REPLICAOF", "RESTORE"])
    def test_no_script_may_do_what_its_caller_may_not(client, words):
        answer = client.post("/eval", data=f"return redis.call('{words}', 'a', 'b', 'c', 'd', 'e')")
        assert answer.status_code == 500, answer.json

    @pytest.mark.parametrize("script", [
        "return os.execute('id')", "return io.open('/etc/passwd')", "return require('os')", "redis = {}", "mine = 1",
        "return loadfile('/etc/passwd')", "return package.loadlib('/lib/libc.so.6', 'system')",
        "return dofile('/etc/passwd')",
    ])
    def test_no_script_leaves_its_box(client, script):
        answer = client.post("/eval", data=script)
        assert answer.status_code == 500, answer.json

    def test_nothing_of_the_servers_was_changed(redis_server):
        assert redis_server.command("CONFIG", "GET", "maxmemory") == {"maxmemory": str(64 * 1024 * 1024)}
"""


def test_the_app_is_an_ordinary_user(sandbox: DockerSandbox) -> None:
    all_pass(carts(sandbox, TRICKS))


def test_the_app_puts_nothing_in_the_servers_place_and_finds_no_other_door(sandbox: DockerSandbox) -> None:
    all_pass(
        carts(
            sandbox,
            """
            def test_it(client):
                assert "PermissionError" in client.post("/listen", data="@/mendbox/redis").json["error"]
                assert client.post("/connect", data="@/mendbox/redis").data == b"done"
                for other in ("@/mendbox", "@/mendbox/valkey", "/work/valkey.sock"):
                    told = client.post("/connect", data=other).json["error"]
                    assert "ConnectionRefused" in told or "FileNotFound" in told
            """,
        )
    )


def test_what_a_test_leaves_behind_is_gone_in_the_next(sandbox: DockerSandbox) -> None:
    suite = """
        import time

        def test_first(client, redis_server):
            assert client.post("/connections/20").json == 20
            client.post("/command", json=["SET", "left", "over"])
            client.post("/command", json=["SCRIPT", "LOAD", "return 'left over'"])
            client.post("/command", json=["FUNCTION", "LOAD", "#!lua name=left\\nserver.register_function('l', print)"])
            redis_server.command("CLIENT", "PAUSE", 60000, "WRITE")

        def test_second(client, redis_server):
            assert redis_server.keys() == ["code:old", "price:apple", "price:pear"]
            users = [line for line in redis_server.command("CLIENT", "LIST").splitlines() if "user=default" in line]
            assert users == []
            assert [each["library_name"] for each in redis_server.command("FUNCTION", "LIST")] == ["shop"]
            assert "number_of_cached_scripts:0" in redis_server.command("INFO", "memory")
            assert client.post("/cart/ines/apple").json == 1
    """
    for names in (("test_first", "test_second"), ("test_second", "test_first")):
        seed = in_order(Run(sandbox), *names).seed
        all_pass(carts(sandbox, suite, seed=seed))


def test_an_endless_script_ends_with_its_test(sandbox: DockerSandbox) -> None:
    report = carts(
        sandbox,
        """
        import pytest

        @pytest.mark.parametrize("script", ["while true do end", "redis.call('SET', 'a', 1) while true do end"])
        def test_endless(client, script):
            client.post("/eval", data=script)

        @pytest.mark.parametrize("time", range(2))
        def test_as_ever(client, redis_server, time):
            assert redis_server.keys() == ["code:old", "price:apple", "price:pear"]
            assert client.post("/cart/ines/apple").json == 1
        """,
        limits=Limits(request_s=1.5, test_s=10.0),
    )
    ended = statuses(report)
    assert {status for name, status in ended.items() if name.startswith("test_as_ever")} == {"passed"}, report
    assert {status for name, status in ended.items() if name.startswith("test_endless")} == {"error"}


def test_a_server_that_is_ended_for_memory_is_the_apps_doing_and_ends_no_other_test(sandbox: DockerSandbox) -> None:
    suite = """
        def test_full(client, redis_server):
            client.post("/eval", data="local t = {} for i = 1, 1e9 do t[i] = string.rep('x', 1000) .. i end")
            redis_server.command("PING")

        def test_as_ever(client, redis_server):
            assert redis_server.keys() == ["code:old", "price:apple", "price:pear"]
            assert client.post("/cart/ines/apple").json == 1
    """
    report = carts(sandbox, suite, seed=in_order(Run(sandbox), "test_full", "test_as_ever").seed)
    ended = by_name(report)
    assert ended["test_as_ever"].status.value == "passed", report
    full = ended["test_full"]
    assert (full.status.value, full.message) == ("error", "The app's Redis used more memory than it may")


def test_more_connections_than_there_may_be_are_an_error_of_the_apps(sandbox: DockerSandbox) -> None:
    all_pass(
        carts(
            sandbox,
            """
            def test_many(client):
                assert "max number of clients" in client.post("/connections/150").json["error"]

            def test_as_ever(client, redis_server):
                assert client.post("/cart/ines/apple").json == 1
                assert redis_server.command("PING") == "PONG"

            def test_and_once_there_is_room_again(app, client, redis_server):
                assert client.post("/connections/90").json == 90
                other = app.instance().client()
                assert "max number of clients" in other.post("/connections/90").json["error"]
                assert client.post("/connections/1").json == 1
                assert other.post("/cart/ines/apple").json == 1
            """,
        )
    )


def test_a_suite_that_asks_for_a_redis_that_the_manifest_does_not_name_is_told(sandbox: DockerSandbox) -> None:
    without = replace(
        work("def test_it(redis_server):\n    redis_server.command('PING')\n"),
        services=(),
        tree={"carts.py": b"def create_app(config):\n    return lambda environ, start: start('200 OK', []) or []\n"},
        harness=b"def build(context):\n    return context.load()({})\n",
    )
    with pytest.raises(PackageInvalid, match="names no service `redis`"):
        sandbox.run(without, lambda kind, data: None)
