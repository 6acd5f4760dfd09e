"""A challenge's own PostgreSQL: what app and suite can do with it, and what no app can."""

from __future__ import annotations

import textwrap
from dataclasses import replace
from pathlib import Path

import pytest

from runner.errors import PackageInvalid
from runner.grading.report import Outcome, RunReport, Work
from runner.limits import Limits
from runner.sandbox.engine import Engine
from runner.sandbox.pool import DockerSandbox
from runner.sandbox.settings import LABEL, SandboxSettings
from tests.support.sandboxes import Run, in_order, started, statuses

BANK = Path(__file__).parent / "bank_app"


def bank(sandbox: DockerSandbox, suite: str, *, seed: int = 7, limits: Limits | None = None) -> RunReport:
    return sandbox.run(work(suite, seed=seed, limits=limits), lambda kind, data: None)


def work(suite: str, *, seed: int = 7, limits: Limits | None = None) -> Work:
    return Work(
        tree={"bank/__init__.py": (BANK / "bank" / "__init__.py").read_bytes()},
        harness=(BANK / "harness.py").read_bytes(),
        hidden={"test_suite.py": textwrap.dedent(suite).encode()},
        entry="bank:create_app",
        limits=limits or Limits(),
        seed=seed,
        services=("postgres",),
    )


def all_pass(report: RunReport) -> None:
    assert report.outcome is Outcome.COMPLETED, report.outcome_message
    failed = {test.id: (test.message, test.detail) for test in report.tests if test.status.value != "passed"}
    assert report.tests
    assert not failed


def test_every_test_starts_from_what_was_seeded(sandbox: DockerSandbox) -> None:
    all_pass(
        bank(
            sandbox,
            """
            import pytest

            @pytest.mark.parametrize("time", range(4))
            def test_pay(client, time):
                assert client.get("/accounts").json == [[1, 100], [2, 100], [3, 100]]
                assert client.post("/pay/1").json == 110
                assert client.get("/accounts").json == [[1, 110], [2, 100], [3, 100]]
            """,
        )
    )


def test_the_suite_sees_and_changes_the_apps_data_as_administrator(sandbox: DockerSandbox) -> None:
    all_pass(
        bank(
            sandbox,
            """
            import pytest
            from mendbox.testing import CallFailed

            def test_both_ways(client, database):
                client.post("/pay/2")
                assert database.execute("SELECT id, balance FROM account WHERE balance > %s", 100) == [
                    {"id": 2, "balance": 110}
                ]
                assert database.execute("UPDATE account SET balance = 7 WHERE id = 3") == []
                assert client.get("/accounts").json[2] == [3, 7]
                assert database.value("SELECT current_user") == "database"

            def test_an_error_is_the_servers(database):
                with pytest.raises(CallFailed, match="no_such_table"):
                    database.execute("SELECT * FROM no_such_table")
                assert database.value("SELECT 1") == 1
            """,
        )
    )


def test_a_race_is_made_certain_by_holding_a_lock(sandbox: DockerSandbox) -> None:
    all_pass(
        bank(
            sandbox,
            """
            import threading

            def test_two_payments(client, app, database):
                holder = database.session()
                holder.execute("SELECT * FROM account WHERE id = 1 FOR UPDATE")
                answers = []
                threads = [threading.Thread(target=lambda: answers.append(app.client().post("/pay/1").json))
                           for _ in range(2)]
                for thread in threads:
                    thread.start()
                assert database.until_blocked(2)
                holder.rollback()
                for thread in threads:
                    thread.join()
                assert sorted(answers) == [110, 120]
            """,
        )
    )


def test_statements_are_counted_by_the_server(sandbox: DockerSandbox) -> None:
    all_pass(
        bank(
            sandbox,
            """
            def test_counts(client, queries):
                client.get("/accounts")
                with queries() as one:
                    client.get("/accounts")
                with queries() as many:
                    client.get("/accounts/one-by-one")
                assert (len(one), len(many)) == (1, 4)
                assert one.matching("from account")

            def test_nothing_ran(client, queries):
                with queries() as none:
                    pass
                assert len(none) == 0
            """,
        )
    )


TRICKS = """
    import pytest

    TRICKS = [
        ("SELECT pg_stat_statements_reset()", "permission denied|does not exist"),
        ("SET pg_stat_statements.track = 'none'", "permission denied"),
        ("SET compute_query_id = off", "permission denied"),
        ("CREATE EXTENSION pg_stat_statements", "permission denied"),
        ("ALTER SYSTEM SET pg_stat_statements.track = 'none'", "permission denied"),
        ("COPY (SELECT 1) TO PROGRAM 'id'", "permission denied"),
        ("COPY account FROM '/etc/passwd'", "permission denied"),
        ("SELECT pg_read_file('/etc/passwd')", "permission denied"),
        ("SELECT lo_import('/etc/passwd')", "permission denied"),
        ("CREATE ROLE mine SUPERUSER", "permission denied"),
        ("ALTER ROLE app SUPERUSER", "permission denied"),
        ("SET ROLE database", "permission denied"),
        ("SET SESSION AUTHORIZATION database", "permission denied"),
        ("CREATE DATABASE mine", "permission denied"),
        ("ALTER DATABASE seeded ALLOW_CONNECTIONS true", "must be owner"),
        ("ALTER DATABASE app RENAME TO mine", "must be owner"),
        ("DROP DATABASE spare", "must be owner|does not exist"),
        ("CREATE TABLESPACE mine LOCATION '/tmp'", "permission denied"),
        ("LOAD 'auto_explain'", "access to library"),
        ("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'database'", "permission denied"),
    ]

    @pytest.mark.parametrize("sql, refusal", TRICKS)
    def test_refused(client, sql, refusal):
        import re
        answer = client.post("/sql", data=sql)
        assert answer.status_code == 500, answer.json
        assert re.search(refusal, answer.json["error"]), answer.json
"""


def test_the_app_is_an_ordinary_role(sandbox: DockerSandbox) -> None:
    all_pass(bank(sandbox, TRICKS))


def test_nobody_logs_in_as_another(sandbox: DockerSandbox) -> None:
    all_pass(
        bank(
            sandbox,
            """
            import pytest

            @pytest.mark.parametrize("whither", [
                "user=database dbname=postgres", "user=database dbname=app", "user=app dbname=postgres",
                "user=app dbname=seeded", "user=app dbname=spare",
            ])
            def test_refused(client, whither):
                answer = client.post("/connect", data=whither + " service=mendbox")
                assert answer.status_code == 500
                assert "pg_hba.conf" in answer.json["error"] or "Peer authentication" in answer.json["error"]

            def test_let_in(client):
                assert client.post("/connect", data="user=app dbname=app service=mendbox").json == ["app"]
            """,
        )
    )


COUNTING = """
    def test_copy(client, queries):
        client.post("/sql", data="SELECT 1")
        with queries() as seen:
            client.post("/sql", data="COPY (SELECT 1) TO STDOUT")
        assert len(seen) >= 1

    def test_a_block(client, queries):
        client.post("/sql", data="SELECT 1")
        with queries() as seen:
            client.post("/sql", data="DO $$ BEGIN FOR i IN 1..50 LOOP PERFORM * FROM account; END LOOP; END $$")
        assert len(seen) >= 50

    def test_a_text_that_looks_like_none(client, queries):
        client.post("/sql", data="SELECT 1")
        with queries() as seen:
            client.post("/sql", data="/* BEGIN */ SELECT balance FROM account")
        assert len(seen) == 1
"""


def test_no_way_of_asking_goes_uncounted(sandbox: DockerSandbox) -> None:
    all_pass(bank(sandbox, COUNTING))


def test_statements_that_the_server_had_to_forget_are_no_small_number(sandbox: DockerSandbox) -> None:
    report = bank(
        sandbox,
        '''
        MANY = """DO $$ BEGIN FOR i IN %d..%d LOOP
            EXECUTE 'SELECT ' || repeat('1,', i %% 80) || '1 WHERE ' || repeat('1=1 AND ', i / 80) || '1=1';
        END LOOP; END $$"""

        def test_forgotten(client, queries):
            with queries() as seen:
                for start in range(0, 6000, 500):
                    assert client.post("/sql", data=MANY % (start, start + 499)).status_code == 200
            assert len(seen) < 10
        ''',
        limits=Limits(test_s=60.0),
    )
    (test,) = report.tests
    assert test.status.value == "error"
    assert "different statements" in (test.message or "")


def test_what_a_test_leaves_behind_is_gone_in_the_next(sandbox: DockerSandbox) -> None:
    suite = """
        def test_first(client):
            client.post("/sql", data="CREATE TABLE left_over (note text)")
            client.post("/sql", data="ALTER ROLE app SET application_name = 'left over'")
            client.post("/sql", data="SELECT pg_advisory_lock(1)")
            assert client.post("/sql", data="SELECT to_regclass('left_over')").json == [["left_over"]]

        def test_second(client, database):
            assert client.post("/sql", data="SELECT to_regclass('left_over')").json == [["None"]]
            assert client.post("/sql", data="SHOW application_name").json == [[""]]
            assert database.value("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") == 0
    """
    for names in (("test_first", "test_second"), ("test_second", "test_first")):
        seed = in_order(Run(sandbox), *names).seed
        all_pass(bank(sandbox, suite, seed=seed))


def test_a_copy_that_could_not_be_made_is_made_when_it_is_needed(sandbox: DockerSandbox) -> None:
    suite = """
        import time
        import pytest

        @pytest.mark.parametrize("time_of_day", range(3))
        def test_it(client, database, time_of_day):
            assert client.get("/accounts").json == [[1, 100], [2, 100], [3, 100]]
            while not database.value("SELECT count(*) FROM pg_database WHERE datname = 'spare'"):
                time.sleep(0.02)
            database.execute("DROP DATABASE spare")
            client.post("/pay/1")
    """
    all_pass(bank(sandbox, suite))


def test_an_endless_statement_ends_with_its_test(sandbox: DockerSandbox) -> None:
    report = bank(
        sandbox,
        """
        import pytest

        @pytest.mark.parametrize("sql", ["SELECT pg_sleep(1000)", "DO $$ BEGIN LOOP END LOOP; END $$"])
        def test_endless(client, sql):
            client.post("/sql", data=sql)

        def test_as_ever(client, database):
            assert client.get("/accounts").status_code == 200
            assert database.value("SELECT 1") == 1
        """,
        limits=Limits(request_s=1.5, test_s=10.0),
    )
    ended = statuses(report)
    assert ended.pop("test_as_ever") == "passed"
    assert set(ended.values()) == {"error"}


def test_filling_the_disk_or_the_memory_ends_no_other_test(sandbox: DockerSandbox) -> None:
    report = bank(
        sandbox,
        """
        import pytest

        FULL = "CREATE TABLE full_up AS SELECT repeat(md5(n::text), 100) FROM generate_series(1, 1000000) n"

        @pytest.mark.parametrize("time", range(2))
        def test_full(client, time):
            answer = client.post("/sql", data=FULL)
            assert answer.status_code == 500

        @pytest.mark.parametrize("time", range(3))
        def test_as_ever(client, time):
            assert len(client.get("/accounts").json) == 3
        """,
        limits=Limits(request_s=10.0, test_s=15.0),
    )
    ended = statuses(report)
    assert {status for name, status in ended.items() if name.startswith("test_as_ever")} == {"passed"}, report


def test_a_suite_that_asks_for_a_database_that_the_manifest_does_not_name_is_told(sandbox: DockerSandbox) -> None:
    without = replace(
        work("def test_it(database):\n    database.execute('SELECT 1')\n"),
        services=(),
        tree={"bank.py": b"def create_app(config):\n    return lambda environ, start: start('200 OK', []) or []\n"},
        harness=b"def build(context):\n    return context.load()({})\n",
    )
    with pytest.raises(PackageInvalid, match="names no service `postgres`"):
        sandbox.run(without, lambda kind, data: None)


def test_a_pair_with_a_server_is_warm_where_one_is_expected(engine: Engine, settings: SandboxSettings) -> None:
    with started(engine, settings) as sandbox:
        sandbox.expect([("postgres",)])
        assert sandbox.wait_until_warm(60, ("postgres",))
        report = bank(sandbox, "def test_it(client):\n    assert client.get('/accounts').status_code == 200\n")
        assert report.warm
        all_pass(report)


def test_nothing_is_left_of_a_server(engine: Engine, settings: SandboxSettings) -> None:
    def servers() -> set[str]:
        return {each["Id"] for each in engine.pairs() if each["Labels"].get(LABEL) == "postgres"}

    before = servers()
    with started(engine, settings) as sandbox:
        bank(sandbox, "def test_it(client):\n    client.get('/accounts')\n")
        assert servers() - before
    assert servers() - before == set()
