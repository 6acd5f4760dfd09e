"""`scripts/audit`: what it has against dependencies, and that it never passes off silence as good news."""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from runner.sandbox.image import CHECKOUT
from runner.sandbox.lock import Artifact, LockedPackage, read_lock
from scripts.lib import advisories, locked
from scripts.lib.advisories import FOUND, NOT_AUDITED, NOTHING_KNOWN, Outcome, ask, read_outcome

INDEX = "https://index.invalid/simple"
WHEEL = Artifact("https://files.invalid/a-1-py3-none-any.whl", "0" * 64)
GOOD = LockedPackage("a", "1", ("registry", INDEX), (WHEEL,), None, frozenset())
PINNED = "probe==1.0\n"
HOLE = {
    "id": "PYSEC-0000-1",
    "modified": "2026-01-01T00:00:00Z",
    "summary": "a hole",
    "details": "a hole",
    "aliases": [],
    "affected": [
        {
            "package": {"ecosystem": "PyPI", "name": "probe"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.1"}]}],
            "versions": ["1.0"],
        }
    ],
}
Source = Callable[[dict[str, list[dict[str, object]]]], list[str]]


@pytest.fixture
def source() -> Iterator[Source]:
    """Starts an advisory service on this machine that knows these holes by package. Gives the options for it."""
    servers: list[ThreadingHTTPServer] = []

    def start(holes: dict[str, list[dict[str, object]]]) -> list[str]:
        class Service(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                query = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                body = json.dumps({"vulns": holes.get(query["package"]["name"], [])}).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
        servers.append(server)
        threading.Thread(target=server.serve_forever).start()
        return ["--vulnerability-service", "osv", "--osv-url", f"http://127.0.0.1:{server.server_port}/v1/query"]

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def test_a_hole_that_a_source_knows_is_told_with_the_version_that_mends_it(source: Source) -> None:
    assert ask(source({"probe": [HOLE]}), PINNED) == Outcome(
        ("probe",), (), ("probe 1.0: PYSEC-0000-1, mended in 1.1",)
    )
    assert ask(source({}), PINNED) == Outcome(("probe",), (), ())


def test_the_exit_code_tells_holes_from_none_and_from_no_audit(
    source: Source, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(advisories, "locked_requirements", lambda: PINNED)
    nowhere = ["--vulnerability-service", "osv", "--osv-url", "http://127.0.0.1:9/"]
    assert advisories.audit([nowhere, source({"probe": [HOLE]})]) == FOUND
    assert "probe 1.0: PYSEC-0000-1" in capsys.readouterr().out
    assert advisories.audit([nowhere, source({})]) == NOTHING_KNOWN
    assert "1 packages audited, 0 known holes" in capsys.readouterr().out
    assert advisories.audit([nowhere, nowhere]) == NOT_AUDITED
    assert capsys.readouterr().out == "no advisory source reachable, nothing was audited\n"


def test_a_package_that_the_source_does_not_know_is_no_good_news() -> None:
    # pip-audit says "No known vulnerabilities found" to this, and exits with 0.
    told = {"dependencies": [{"name": "a", "version": "1", "vulns": []}, {"name": "b", "skip_reason": "not found"}]}
    outcome = read_outcome(json.dumps(told))
    assert outcome == Outcome(("a",), ("b",), ())
    assert advisories._tell(outcome) == FOUND
    assert advisories._tell(Outcome((), ("a", "b"), ())) == NOT_AUDITED


@pytest.mark.parametrize("output", ["", "Traceback", "[]", "{}", '{"fixes": []}', "null"])
def test_what_a_failing_pip_audit_prints_is_no_audit(output: str) -> None:
    assert read_outcome(output) == Outcome((), (), ())


def test_the_project_is_audited_where_it_can_be() -> None:
    done = subprocess.run([CHECKOUT / "scripts" / "audit"], capture_output=True, text=True, check=False)
    if done.returncode == NOT_AUDITED:
        assert done.stdout == "no advisory source reachable, nothing was audited\n"
        # Asked again, and for another package, no usual source knows anything.
        for service in ("pypi", "osv"):
            assert ask(["--vulnerability-service", service], "flask==3.1.0\n").audited == ()
    else:
        assert done.returncode == NOTHING_KNOWN, done.stdout + done.stderr


def test_the_audit_asks_for_every_locked_package() -> None:
    named = {line.partition("==")[0] for line in advisories.locked_requirements().splitlines()}
    project = {package.name for package in read_lock(CHECKOUT / "uv.lock") if package.source[0] == "registry"}
    assert named == project
    assert {"flask", "pytest", "pip-audit", "atheris"} <= named


def test_this_checkouts_dependencies_are_in_order() -> None:
    assert locked.faults() == []


@pytest.mark.parametrize(
    ("package", "fault"),
    [
        (replace(GOOD, source=("registry", "https://mirror.invalid/simple")), "not the public index"),
        (replace(GOOD, source=("git", "https://git.invalid/a")), "not the public index"),
        (replace(GOOD, source=("editable", "../a")), "not the public index"),
        (replace(GOOD, wheels=()), "has no file"),
        (replace(GOOD, wheels=(replace(WHEEL, sha256=""),)), "has no SHA-256"),
        (replace(GOOD, sdist=replace(WHEEL, sha256="")), "has no SHA-256"),
        (replace(GOOD, wheels=(replace(WHEEL, url=WHEEL.url.replace("https", "http")),)), "not fetched over TLS"),
        (replace(GOOD, sdist=replace(WHEEL, url="https://elsewhere.invalid/a-1.tar.gz")), "several hosts"),
    ],
)
def test_a_source_that_is_not_as_it_must_be_is_a_fault(package: LockedPackage, fault: str) -> None:
    assert list(locked.faults_of_sources([GOOD, replace(GOOD, source=("editable", "."), wheels=())], INDEX)) == []
    (found, *_) = locked.faults_of_sources([package], INDEX)
    assert fault in found


@pytest.mark.parametrize(
    ("wheels", "missing"),
    [
        (["a-1-py3-none-any.whl"], []),
        (["a-1-cp313-cp313-manylinux_2_17_x86_64.whl", "a-1-cp313-cp313-manylinux_2_17_aarch64.whl"], []),
        (["a-1-cp313-cp313-manylinux_2_17_x86_64.whl"], ["a: no wheel for Linux on aarch64"]),
        (["a-1-cp313-cp313-win_amd64.whl"], [f"a: no wheel for Linux on {each}" for each in ("x86_64", "aarch64")]),
        ([], [f"a: no wheel for Linux on {each}" for each in ("x86_64", "aarch64")]),
    ],
)
def test_what_goes_into_an_image_needs_a_wheel_for_each_architecture(wheels: list[str], missing: list[str]) -> None:
    files = tuple(replace(WHEEL, url=f"https://files.invalid/{name}") for name in wheels)
    assert list(locked.faults_of_wheels([replace(GOOD, wheels=files)], {"a"})) == missing
    assert list(locked.faults_of_wheels([replace(GOOD, wheels=files)], {"b"})) == []


@pytest.mark.parametrize(
    ("licence", "good"),
    [
        ("MIT", True),
        ("MIT AND BSD-2-Clause", True),
        ("GPL-3.0-only OR MIT", True),
        ("MIT AND (GPL-3.0-only OR BSD-2-Clause)", True),
        ("GPL-3.0-only", False),
        ("MIT AND GPL-3.0-only", False),
        ("mit", False),
        ("", False),
    ],
)
def test_a_licence_must_be_on_the_list_in_every_part(licence: str, good: bool) -> None:
    faults = list(locked.faults_of_licences({"a": licence}, ["MIT", "BSD-2-Clause"], {}))
    assert (faults == []) == good
    assert list(locked.faults_of_licences({"a": licence}, ["MIT"], {"a": "MIT"})) == []


def test_an_exception_for_a_package_that_is_gone_is_a_fault() -> None:
    assert list(locked.faults_of_licences({}, ["MIT"], {"a": "MIT"})) == [
        "a: is on the list of licences and not installed"
    ]


def test_the_images_packages_are_looked_at() -> None:
    names = locked.names_in_images(CHECKOUT)
    assert {"flask", "time-machine", "gunicorn", "psycopg-binary"} <= names
    assert "ruff" not in names
