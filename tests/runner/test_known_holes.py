"""Versions become warnings, and only as versions: what a distribution mended can't be seen in them."""

from __future__ import annotations

import pytest

from runner.sandbox.known_holes import HOLES, is_open, parse, warnings_for
from runner.sandbox.versions import component_versions, runsc_path, summary

BY_NAME = {hole.name: hole for hole in HOLES}


@pytest.mark.parametrize(
    ("name", "reported", "expected"),
    [
        ("CVE-2024-21626", "1.1.5+ds1", True),
        ("CVE-2024-21626", "1.1.11", True),
        ("CVE-2024-21626", "1.1.12", False),
        ("CVE-2024-21626", "1.2.0", False),
        ("CVE-2019-5736", "1.0.0-rc6", True),
        ("CVE-2019-5736", "1.0.0-rc7", False),
        ("CVE-2021-30465", "1.0.0-rc94", True),
        ("CVE-2021-30465", "1.0.0-rc95", False),
        ("CVE-2021-30465", "1.0.0", False),
        ("CVE-2025-31133", "1.1.15", True),
        ("CVE-2025-31133", "1.2.7", True),
        ("CVE-2025-31133", "1.2.8", False),
        ("CVE-2025-31133", "1.3.2", True),
        ("CVE-2025-31133", "1.3.3", False),
        ("CVE-2025-31133", "1.4.0-rc.2", True),
        ("CVE-2025-31133", "1.4.0-rc.3", False),
        ("CVE-2025-31133", "1.5.0", False),
        ("CVE-2026-41579", "1.2.9", True),
        ("CVE-2026-41579", "1.5.0-rc.3", False),
        ("CVE-2020-15257", "1.4.2~ds1-1", True),
        ("CVE-2020-15257", "v1.4.3", False),
        ("CVE-2020-15257", "1.6.20~ds1", False),
        ("CVE-2022-36109", "20.10.17+dfsg1", True),
        ("CVE-2022-36109", "20.10.24+dfsg1", False),
        ("CVE-2024-41110", "24.0.9", True),
        ("CVE-2024-41110", "26.1.5", False),
        ("CVE-2024-41110", "28.2.2", False),
        ("CVE-2025-2713", "release-20221219.0", True),
        ("CVE-2025-2713", "0.0~20221219.0-1+b6", True),
        ("CVE-2025-2713", "release-20250512.0", False),
        ("CVE-2024-21626", "unknown", False),
    ],
)
def test_a_version_is_held_against_the_mending_of_its_own_branch(name: str, reported: str, expected: bool) -> None:
    assert is_open(BY_NAME[name], reported) is expected


def test_a_warning_says_what_is_reported_and_does_not_claim_more() -> None:
    (warning,) = [each for each in warnings_for({"runc": "1.1.5+ds1"}) if each.hole.name == "CVE-2024-21626"]
    said = str(warning)
    assert said.startswith(
        "runc reports 1.1.5+ds1, in which CVE-2024-21626 is open unless your distribution has mended it"
    )
    assert "1.1.12" in said
    assert "not exposed to it: the working folder is always `/`" in said


def test_a_current_machine_has_no_warning() -> None:
    versions = {"engine": "29.9.0", "containerd": "2.3.6", "runc": "1.5.2", "runsc": "release-20260727.0"}
    assert warnings_for(versions) == []


def test_components_that_are_not_there_have_no_holes() -> None:
    assert warnings_for({}) == []
    assert warnings_for({"runc": "something else"}) == []


def test_every_hole_is_told_whole() -> None:
    for hole in HOLES:
        assert hole.name.startswith("CVE-")
        assert hole.component in ("engine", "containerd", "runc", "runsc")
        assert all(parse(fix) for fix in hole.fixed)
        assert hole.allows
        assert hole.because


def test_versions_are_taken_from_what_the_engine_says() -> None:
    said = {
        "Components": [
            {"Name": "Engine", "Version": "20.10.24+dfsg1"},
            {"Name": "containerd", "Version": "1.6.20~ds1"},
            {"Name": "runc", "Version": "1.1.5+ds1"},
            {"Name": "docker-init", "Version": "0.19.0"},
        ]
    }
    found = component_versions(said, {})
    assert found == {"engine": "20.10.24+dfsg1", "containerd": "1.6.20~ds1", "runc": "1.1.5+ds1"}
    assert component_versions({}, {"ServerVersion": "24.0.1"}) == {"engine": "24.0.1"}


def test_gvisors_program_is_found_by_name_or_path() -> None:
    assert runsc_path({"Runtimes": {"runc": {"path": "runc"}, "runsc": {"path": "/usr/bin/runsc"}}}) == "/usr/bin/runsc"
    assert runsc_path({"Runtimes": {"safe": {"path": "/opt/runsc"}}}) == "/opt/runsc"
    assert runsc_path({"Runtimes": {"runc": {"path": "runc"}}}) is None


def test_the_summary_names_version_and_holes_in_one_line() -> None:
    said = summary(warnings_for({"runc": "1.1.5+ds1"}))
    assert said.startswith("runc 1.1.5+ds1 reports a version with CVE-2024-21626, CVE-2025-31133")
    assert "\n" not in said
