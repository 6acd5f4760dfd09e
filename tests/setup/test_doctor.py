from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from mendbox.doctor import Check, all_required_ok, run_checks, to_json
from mendbox.embedded_redis import EmbeddedRedis
from runner.sandbox.build import ImageRef
from store.settings import Settings


def check_named(name: str, *, environ: dict[str, str] | None = None) -> Check:
    merged = {**os.environ, **(environ or {})}
    checks = {check.name: check for check in run_checks(Settings.from_env(merged), merged)}
    return checks[name]


def test_a_machine_that_was_set_up_passes_every_required_check(image: ImageRef) -> None:
    checks = run_checks(Settings.from_env({}), os.environ)
    assert [check for check in checks if check.required and not check.ok] == []
    assert all_required_ok(checks)
    detail = next(check.detail for check in checks if check.name == "sandbox image")
    assert image.tag in detail
    assert image.python in detail


def test_the_engines_version_cgroups_and_runtimes_are_told() -> None:
    detail = check_named("container engine").detail
    assert "cgroup v" in detail
    assert "runc" in detail


def test_an_engine_that_does_not_answer_fails_with_set_up_as_the_way_to_mend(no_engine: str) -> None:
    checks = run_checks(Settings.from_env({}), os.environ)
    failed = {check.name: check for check in checks if not check.ok and check.required}
    assert set(failed) == {"container engine", "sandbox image"}
    assert no_engine in failed["container engine"].detail
    assert failed["container engine"].mend == "scripts/setup"
    assert not all_required_ok(checks)


@pytest.mark.parametrize(
    ("name", "environ", "detail", "mend"),
    [
        ("container engine", {"MENDBOX_RUNTIME": "warp"}, "warp is not among them", "MENDBOX_RUNTIME"),
        ("sandbox image", {"MENDBOX_IMAGE": "mendbox.invalid/none:1"}, "mendbox.invalid/none:1", "docker pull"),
        ("queue server", {"MENDBOX_REDIS_URL": "unix:///nonexistent/redis.sock"}, "does not answer", "start it"),
        ("queue server", {"MENDBOX_REDIS_URL": "redis://127.0.0.1:1"}, "does not answer", "MENDBOX_REDIS_URL"),
        ("database", {"MENDBOX_DATABASE_URL": "sqlite:////nonexistent/a.db"}, "does not answer", "start it"),
        ("database", {"MENDBOX_DATABASE_URL": "oracle-of-delphi://"}, "does not answer", "MENDBOX_DATABASE_URL"),
    ],
)
def test_a_setting_that_leads_nowhere_is_named_with_the_way_to_mend_it(
    name: str, environ: dict[str, str], detail: str, mend: str
) -> None:
    check = check_named(name, environ=environ)
    assert not check.ok
    assert detail in check.detail
    assert mend in check.mend


def test_a_password_in_an_address_is_not_shown() -> None:
    for variable, url in [
        ("MENDBOX_REDIS_URL", "redis://:hunter2@127.0.0.1:1/0"),
        ("MENDBOX_DATABASE_URL", "postgresql+psycopg://ada:hunter2@127.0.0.1:1/x"),
    ]:
        checks = run_checks(Settings.from_env({variable: url}), os.environ)
        assert "hunter2" not in json.dumps(to_json(checks))


def test_a_queue_server_that_answers_is_told_with_its_version(tmp_path: Path) -> None:
    server = EmbeddedRedis(tmp_path)
    server.start()
    try:
        check = check_named("queue server", environ={"MENDBOX_REDIS_URL": server.url})
    finally:
        server.stop()
    assert check.ok
    assert "version" in check.detail


def test_a_failing_check_has_a_way_to_mend_it_and_a_passing_one_has_none() -> None:
    checks = run_checks(Settings.from_env({}), os.environ)
    assert all(bool(check.mend) != check.ok for check in checks)


def test_what_is_optional_does_not_fail_the_whole() -> None:
    optional = Check("gVisor runtime", False, "none", "install it", required=False)
    needed = Check("python", True, "3.13")
    assert all_required_ok([optional, needed])
    assert not all_required_ok([Check("python", False, "3.9", "install 3.11")])


def test_the_document_holds_every_field() -> None:
    document = to_json([Check("python", False, "3.9", "install Python 3.11")])
    assert json.loads(json.dumps(document)) == {
        "ok": False,
        "checks": [{"name": "python", "ok": False, "detail": "3.9", "mend": "install Python 3.11", "required": True}],
    }
