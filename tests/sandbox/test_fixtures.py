"""What authors are promised: the fixtures, a pristine app for every test, ordinary pytest."""

from __future__ import annotations

from tests.support.sandboxes import Run, by_name, statuses


def assert_all_passed(report: object) -> None:
    failing = {test.id: (test.message, test.detail) for test in report.tests if test.status.value != "passed"}  # type: ignore[attr-defined]
    assert not failing
    assert report.tests  # type: ignore[attr-defined]


def test_the_client_is_a_test_client_with_cookies_headers_and_json(run: Run) -> None:
    assert_all_passed(
        run("""
        def test_json(client):
            assert client.get("/users/3").json == {"name": "user 3"}
            assert client.get("/users/99").status_code == 404
            assert client.post("/users", json={"name": "new"}).json == {"count": 11}

        def test_cookies(app):
            one, other = app.client(), app.client()
            assert [one.get("/visits").json["mine"] for _ in range(3)] == [1, 2, 3]
            assert other.get("/visits").json["mine"] == 1

        def test_environ(client):
            answer = client.get("/address", environ_base={"REMOTE_ADDR": "203.0.113.9"}, headers={"User-Agent": "x"})
            assert answer.json == {"address": "203.0.113.9", "agent": "x", "host": client.visitor.host}

        def test_an_exception_is_a_500(client, app):
            assert client.get("/raise").status_code == 500
            assert "a bug" in app.logs()
        """)
    )


def test_no_state_passes_from_one_test_to_the_next(run: Run) -> None:
    assert_all_passed(
        run("""
        import pytest

        @pytest.mark.parametrize("again", range(3))
        def test_state(client, again):
            assert client.post("/users", json={"name": "new"}).json == {"count": 11}
            assert client.get("/visits").json == {"mine": 1, "module": 1}
            assert client.get("/notes").json == {"lines": ["seeded"]}
            assert client.post("/notes", data="mine").status_code == 204
            assert client.get("/notes").json == {"lines": ["seeded", "mine"]}
        """)
    )


def test_the_clock_moves_every_clock_of_the_app_and_none_sleeps(run: Run) -> None:
    assert_all_passed(
        run("""
        import time

        def moved(before, after):
            return {key: (after[key] - before[key]) / (1e9 if key == "perf_ns" else 1) for key in before}

        def test_advance(client, clock):
            mine = time.time()
            before = client.get("/time").json
            clock.advance(seconds=3600)
            assert all(3600 <= by < 7200 for by in moved(before, client.get("/time").json).values())
            assert time.time() - mine < 60

        def test_freeze(client, clock):
            clock.freeze(at=1_700_000_000)
            before = client.get("/time").json
            assert before["time"] == before["now"] == 1_700_000_000
            assert client.get("/time").json == before
            clock.advance(0.5)
            assert all(abs(by - 0.5) < 1e-3 for by in moved(before, client.get("/time").json).values())

        def test_the_next_test_has_real_time(client):
            assert abs(client.get("/time").json["time"] - time.time()) < 60

        def test_a_second_process_has_the_same_time(app, clock):
            clock.advance(10)
            clock.freeze(at=1_800_000_000)
            clock.advance(7)
            assert app.instance().client().get("/time").json["time"] == 1_800_000_007
        """)
    )


def test_queries_counts_what_the_database_ran_however_it_was_asked(run: Run) -> None:
    assert_all_passed(
        run("""
        def test_orm(client, queries):
            with queries() as q:
                client.get("/users/1")
            assert len(q) == 1 and "FROM user" in q.statements[0]

        def test_raw_connections_count_too(client, queries):
            with queries() as q:
                client.get("/raw-users")
            assert len(q) == 3 and len(q.matching("from USER")) == 3

        def test_nothing_outside_the_block(client, queries):
            client.get("/users/1")
            with queries() as q:
                pass
            client.get("/users/1")
            assert len(q) == 0
        """)
    )


def test_requests_can_be_in_flight_together_and_in_two_processes(run: Run) -> None:
    assert_all_passed(
        run("""
        import time

        def test_concurrently(client, concurrently):
            started = time.perf_counter()
            answers = concurrently([lambda n=n: client.get(f"/users/{n}") for n in range(1, 11)])
            assert [answer.json["name"] for answer in answers] == [f"user {n}" for n in range(1, 11)]
            slow = concurrently([lambda: client.get("/slow")] * 16)
            assert len({answer.json["pid"] for answer in slow}) == 1

        def test_an_error_in_one_is_raised(concurrently):
            def fails():
                raise KeyError("mine")
            try:
                concurrently([fails, int])
            except KeyError:
                return
            raise AssertionError

        def test_a_second_process_shares_files_and_nothing_else(app, client):
            other = app.instance().client()
            assert other.get("/slow").json["pid"] != client.get("/slow").json["pid"]
            client.post("/notes", data="shared")
            client.post("/users", json={"name": "mine"})
            assert other.get("/notes").json == {"lines": ["seeded", "shared"]}
            assert other.post("/users", json={"name": "theirs"}).json == {"count": 12}
            assert [client.get("/visits").json["module"], other.get("/visits").json["module"]] == [1, 1]
        """)
    )


def test_call_runs_a_function_of_the_app_with_json_values(run: Run) -> None:
    assert_all_passed(
        run("""
        import pytest

        def test_values(app):
            assert app.call("shop:add", 2) == 3
            assert app.call("shop:add", 2, other=5) == 7
            assert app.call("shop:count_users") == 10

        @pytest.mark.parametrize(("target", "error"), [
            ("shop:fail", "ValueError: not like this"),
            ("shop:nowhere", "AttributeError"),
            ("nowhere:f", "ModuleNotFoundError"),
            ("shop:unsayable", "TypeError"),
        ])
        def test_errors(app, target, error):
            with pytest.raises(Exception, match=error):
                app.call(target)
        """)
    )


def test_logs_hold_what_the_app_printed_capped(run: Run) -> None:
    report = run("""
        def test_logs(app, client):
            client.get("/say/hello")
            logs = app.logs()
            assert "said hello" in logs and "cried hello" in logs and "logged hello" in logs

        def test_flood(app, client):
            assert client.get("/flood").text == "flooded"
            assert len(app.logs()) < 70_000 and "dropped" in app.logs()
        """)
    assert_all_passed(report)
    assert "said hello" in (by_name(report)["test_logs"].app_output or "")
    assert "said hello" not in (by_name(report)["test_flood"].app_output or "")


def test_ordinary_pytest_works_in_hidden_suites(run: Run) -> None:
    report = run.files(
        {
            "conftest.py": """
                import pytest
                from helpers import MADE

                @pytest.fixture
                def third(client):
                    return client.get("/users/3").json["name"]

                @pytest.fixture(scope="module")
                def once():
                    MADE.append(1)
                    return MADE
            """,
            "helpers.py": "EXPECTED = 'user 3'\nMADE = []\n",
            "deeper/test_deeper.py": """
                from mendbox.testing import requirement

                @requirement("R3", message="deeper")
                def test_deeper(third):
                    assert third == "user 3"
            """,
            "test_features.py": """
                import os
                import unittest
                import pytest
                from helpers import EXPECTED
                from mendbox.testing import requirement

                pytestmark = requirement("R1")

                class TestClass:
                    @requirement("R2", "the author's words")
                    def test_method(self, third):
                        assert third == EXPECTED

                    @pytest.mark.parametrize("number", [1, 2])
                    def test_parametrized(self, client, number, tmp_path, monkeypatch):
                        monkeypatch.setenv("X", "1")
                        (tmp_path / "file").write_text("x")
                        assert client.get(f"/users/{number}").status_code == 200

                def test_module_scope(once):
                    assert once == [1]

                def test_module_scope_again(once, capsys):
                    print("seen")
                    assert once == [1] and capsys.readouterr().out == "seen\\n"

                @pytest.mark.skip
                def test_skipped():
                    pass

                @pytest.mark.parametrize("again", range(2))
                def test_random_data_is_the_same_on_a_regrade(rng, again):
                    test = os.environ["PYTEST_CURRENT_TEST"].split(" ")[0]
                    assert rng.random() == rng.__class__(f"7:{test}").random()

                class TestOld(unittest.TestCase):
                    def test_unittest(self):
                        self.assertTrue(True)
            """,
        }
    )
    ended = statuses(report)
    assert ended.pop("test_skipped") == "not_run"
    assert set(ended.values()) == {"passed"}
    assert report.collected["deeper/test_deeper.py::test_deeper"] == "R3"
    assert report.collected["test_features.py::TestClass::test_method"] == "R2"
    assert report.collected["test_features.py::test_module_scope"] == "R1"


def test_messages_are_the_authors_and_details_are_kept_apart(run: Run) -> None:
    report = run("""
        import pytest
        from mendbox.testing import requirement

        @requirement("R1", "Users have names.")
        def test_wrong(client):
            assert client.get("/users/1").json["name"] == "secret expectation"

        @requirement("R1")
        def test_without_words(client):
            assert False

        @pytest.fixture
        def broken():
            raise LookupError

        @requirement("R1", "Set-up matters.")
        def test_setup(broken):
            pass
        """)
    tests = by_name(report)
    assert tests["test_wrong"].status.value == "failed"
    assert tests["test_wrong"].message == "Users have names."
    assert "secret expectation" in (tests["test_wrong"].detail or "")
    assert tests["test_without_words"].message is None
    assert tests["test_setup"].status.value == "error"


def test_each_test_is_told_as_it_ends(run: Run) -> None:
    told: list[tuple[str, object]] = []
    run(
        """
        def test_one(client): assert client.get("/users/1").status_code == 200
        def test_two(): assert False
        """,
        observe=lambda kind, data: told.append((kind, data.get("tests") or data.get("status"))),
    )
    assert told[0] == ("collected", 2)
    assert sorted(told[1:]) == [("test", "failed"), ("test", "passed")]
