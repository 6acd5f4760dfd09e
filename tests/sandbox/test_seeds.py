"""What a grading's seed decides: the order of tests, who sends their requests, and what both sides draw."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import replace
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from runner.grading.report import RunReport
from tests.support.sandboxes import ENTRY, SAMPLE, Run, statuses

ORDERED = {
    "test_one.py": """
        import pytest

        made = []

        @pytest.fixture(scope="module")
        def once():
            made.append(1)
            yield len(made)

        class TestFirst:
            @pytest.fixture(scope="class", autouse=True)
            def in_class(self):
                made.append("class")
                yield
                made.remove("class")

            def test_a(self, once): assert made.count("class") == 1
            def test_b(self, once): assert made.count("class") == 1
            def test_c(self): assert made.count("class") == 1

        class TestSecond:
            def test_a(self, once): assert "class" not in made
            def test_b(self): assert "class" not in made

        @pytest.mark.parametrize("n", range(4))
        def test_n(n, once): assert once == 1
    """,
    "test_two.py": """
        import pytest

        held = []

        @pytest.fixture(scope="module", params=["x", "y"])
        def wide(request):
            held.append(request.param)
            return request.param

        def test_1(wide): assert len(held) == len(set(held))
        def test_2(wide): assert len(held) == len(set(held))
        def test_3(): pass
        def test_4(): pass
    """,
    "deeper/test_three.py": """
        import mendbox_harness

        def test_1(): assert callable(mendbox_harness.build)
        def test_2(): pass
        def test_3(): pass
    """,
}


TOLD = """
import json

def app(environ, start_response):
    start_response("200 OK", [])
    return [json.dumps([[key, value] for key, value in environ.items() if isinstance(value, str)]).encode()]
"""


def told(run: Run, hidden: Mapping[str, str], seed: int) -> tuple[RunReport, list[str]]:
    """The report, and the ids in the order in which they ran."""
    order: list[str] = []

    def observe(kind: str, data: Mapping[str, Any]) -> None:
        if kind == "test":
            order.append(data["id"])

    report = replace(run, seed=seed).files(hidden, observe=observe)
    failing = {test.id: (test.message, test.detail) for test in report.tests if test.status.value != "passed"}
    assert failing == {}
    return report, order


def together(order: list[str], depth: int) -> bool:
    """Whether what has the same first parts of its id lies together."""
    heads = ["::".join(identity.split("::")[:depth]) for identity in order]
    return len([head for at, head in enumerate(heads) if at == 0 or heads[at - 1] != head]) == len(set(heads))


def test_the_order_is_the_seeds_and_modules_and_classes_stay_together(run: Run) -> None:
    runs = {seed: told(run, ORDERED, seed) for seed in (1, 2, 3)}
    orders = [order for _, order in runs.values()]
    assert len({tuple(order) for order in orders}) == 3
    assert len({tuple(dict.fromkeys(each.split("::")[0] for each in order)) for order in orders}) > 1
    assert told(run, ORDERED, 2)[1] == orders[1]
    for order in orders:
        assert together(order, 1)
        in_classes = [identity for identity in order if identity.count("::") == 2]
        assert together(in_classes, 2)
    # What the host is told first is the order of the files, whatever the seed.
    assert len({tuple(report.collected) for report, _ in runs.values()}) == 1
    assert list(runs[1][0].collected)[-4:] != orders[0][-4:]


def test_the_order_is_the_same_in_one_process_by_another_python(run: Run, tmp_path: Path) -> None:
    hidden = {path: text for path, text in ORDERED.items() if not path.startswith("deeper")}
    for path, text in hidden.items():
        (tmp_path / path).write_text(textwrap.dedent(text))
    command = [sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", "-p", "runner.inside.inprocess"]
    done = subprocess.run(
        [*command, "-c", "/dev/null", f"--rootdir={tmp_path}", str(tmp_path)],
        env={
            **os.environ,
            "MENDBOX_APP": str(SAMPLE),
            "MENDBOX_HARNESS": str(SAMPLE / "harness.py"),
            "MENDBOX_ENTRY": ENTRY,
            "MENDBOX_SEED": "5",
        },
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    here = [line.split()[0] for line in done.stdout.splitlines() if " PASSED" in line]
    assert here == told(run, hidden, 5)[1]
    assert len(here) > 10


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[list[str]]]:
    """What gunicorn makes of a request: the environ's strings in their order."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "told.py").write_text(TOLD)
    command = [sys.executable, "-m", "gunicorn", "--no-control-socket", "-b", "127.0.0.1:0", "told:app"]
    gunicorn = subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True)
    try:
        assert gunicorn.stderr is not None
        port = next(int(match[1]) for line in gunicorn.stderr if (match := re.search(r"Listening at: .*:(\d+)", line)))
        connection = HTTPConnection("127.0.0.1", port)
        headers = {"Host": "a.example", "User-Agent": "b", "Accept": "*/*", "Content-Type": "application/json"}
        # No header of http.client's own.
        connection.putrequest("POST", "/environ?x=1", skip_host=True, skip_accept_encoding=True)
        for name, value in {**headers, "Content-Length": "2"}.items():
            connection.putheader(name, value)
        connection.endheaders(b"{}")
        yield json.loads(connection.getresponse().read())
    finally:
        gunicorn.terminate()
        gunicorn.wait(30)
        if gunicorn.stderr is not None:
            gunicorn.stderr.close()


def test_a_request_has_what_gunicorn_would_give_it_and_nothing_of_a_test_client(
    run: Run, served: list[list[str]]
) -> None:
    suite = f"""
        SERVED = {served!r}

        def test_environ(client):
            got = client.post("/environ", query_string="x=1", data=b"{{}}", content_type="application/json").json
            assert [key for key, _ in got["strings"]] == [key for key, _ in SERVED]
            ours, theirs = dict(got["strings"]), dict(SERVED)
            same = [name for name in ours if not name.startswith(("REMOTE_", "SERVER_N", "SERVER_PO", "HTTP_"))]
            assert [ours[name] for name in same] == [theirs[name] for name in same]

        def test_no_trace(client, app):
            redirected = client.get("/away", follow_redirects=True)
            for answer in (client.get("/environ"), app.client().post("/environ"), redirected):
                strings = dict(answer.json["strings"])
                assert "werkzeug" not in str(strings).lower() and "localhost" not in str(strings)
                assert strings.get("CONTENT_LENGTH") == ("0" if strings["REQUEST_METHOD"] == "POST" else None)
                assert strings["REMOTE_ADDR"].startswith("10.") and strings["HTTP_HOST"].endswith(".example")
    """
    assert set(statuses(replace(run, seed=3)(suite)).values()) == {"passed"}


def test_what_an_author_sets_is_what_the_app_gets(run: Run) -> None:
    suite = """
        def address(answer):
            return tuple(answer.json[name] for name in ("address", "agent", "host"))

        def test_set(client):
            answer = client.get("/address", environ_base={"REMOTE_ADDR": "203.0.113.9"}, headers={"User-Agent": "a"})
            assert address(answer) == ("203.0.113.9", "a", client.visitor.host)
            assert client.get("/address", base_url="https://b.example:444").json["host"] == "b.example:444"
            assert client.get("/address", headers={"Host": "c.example"}).json["host"] == "c.example"
            over = client.get("/address", environ_overrides={"REMOTE_ADDR": "192.0.2.1", "HTTP_USER_AGENT": "d"})
            assert address(over)[:2] == ("192.0.2.1", "d")

        def test_cookies(client):
            client.set_cookie("mine", "1")
            assert dict(client.get("/environ").json["strings"])["HTTP_COOKIE"] == "mine=1"
            assert client.get_cookie("mine").value == "1"
            client.delete_cookie("mine")
            assert "HTTP_COOKIE" not in dict(client.get("/environ").json["strings"])

        def test_absolute_addresses(client):
            assert client.get("/away").location == client.base_url + "environ"
    """
    assert set(statuses(run(suite)).values()) == {"passed"}


VISITORS = """
    from zlib import crc32

    def visitor(client):
        answer = client.get("/address").json
        return answer["address"], answer["agent"], answer["host"]

    def test_first(app, client, seed, rng):
        assert visitor(client) == visitor(app.client()) == visitor(app.instance().client())
        client.get(f"/say/{crc32(repr(visitor(client)).encode())}-{rng.random()}-{seed}")

    def test_second(client, rng):
        client.get(f"/say/{crc32(repr(visitor(client)).encode())}-{rng.random()}")
"""


def test_visitors_and_draws_are_the_seeds_and_the_tests(run: Run) -> None:
    def said(seed: int) -> dict[str, str]:
        report = replace(run, seed=seed)(VISITORS)
        assert set(statuses(report).values()) == {"passed"}
        printed = {test.id.split("::")[1]: test.app_output or "" for test in report.tests}
        return {name: text.split("said ")[1].split()[0] for name, text in printed.items()}

    one, other = said(1), said(2)
    assert one == said(1)
    assert one["test_first"].endswith("-1")
    assert other["test_first"].endswith("-2")
    for part in (0, 1):
        assert len({text.split("-")[part] for text in (*one.values(), *other.values())}) == 4


def test_the_harness_and_the_suite_draw_the_same(run: Run) -> None:
    suite = """
        import random

        from mendbox_harness import drawn

        AT_IMPORT = random.random()

        def test_random(seed):
            assert AT_IMPORT == random.Random(f"{seed}").random()
            assert random.random() == random.Random(f"{seed}:test_suite.py::test_random").random()

        def test_same(app, seed):
            assert app.call("mendbox_harness:seeded") == drawn(seed)
            assert app.instance().call("mendbox_harness:seeded") == drawn(seed)
    """
    assert statuses(replace(run, seed=4)(suite)) == {"test_same": "passed", "test_random": "passed"}
