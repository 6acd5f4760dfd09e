"""Which versions of engine, containerd, runc and gVisor a worker's containers go through."""

from __future__ import annotations

import logging
import os
import subprocess
from collections.abc import Mapping
from typing import Any

from runner.sandbox.engine import Engine
from runner.sandbox.known_holes import OpenHole, warnings_for

_NAMES = {"Engine": "engine", "containerd": "containerd", "runc": "runc"}
_ASK_S = 10


def component_versions(version: Mapping[str, Any], info: Mapping[str, Any]) -> dict[str, str]:
    """`engine`, `containerd` and `runc` as the engine tells them by `/version`, or at least itself by `/info`. Pure."""
    told = {
        _NAMES[str(component.get("Name"))]: str(component.get("Version"))
        for component in version.get("Components") or ()
        if component.get("Name") in _NAMES and component.get("Version")
    }
    if "engine" not in told and info.get("ServerVersion"):
        told["engine"] = str(info["ServerVersion"])
    return told


def runsc_path(info: Mapping[str, Any]) -> str | None:
    """The program of a gVisor runtime that the engine has, as it was configured. Pure."""
    for name, runtime in (info.get("Runtimes") or {}).items():
        program = str((runtime or {}).get("path") or "")
        if "runsc" in name or os.path.basename(program) == "runsc":
            return program or None
    return None


def read_versions(engine: Engine) -> dict[str, str]:
    """All versions that can be read. gVisor's is its program's word, on this machine. Raises SandboxUnavailable."""
    info = engine.info()
    versions = component_versions(engine.version(), info)
    program = runsc_path(info)
    if program and os.path.isabs(program) and os.access(program, os.X_OK):
        try:
            said = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=_ASK_S, check=False)
        except (OSError, subprocess.TimeoutExpired):
            return versions
        versions["runsc"] = said.stdout.partition("\n")[0].removeprefix("runsc version ").strip() or "unknown"
    return versions


def known_holes(engine: Engine) -> list[OpenHole]:
    """The known holes in what this engine reports. Raises SandboxUnavailable."""
    return warnings_for(read_versions(engine))


def log_known_holes(engine: Engine, log: logging.Logger) -> None:
    """One warning for each hole that our use is exposed to, one line for all others. Raises SandboxUnavailable."""
    found = known_holes(engine)
    for warning in found:
        if warning.hole.exposed:
            log.warning("%s", warning)
    others = [warning for warning in found if not warning.hole.exposed]
    if others:
        log.warning("%s", summary(others))


def summary(warnings: list[OpenHole]) -> str:
    """Holes that our use is not exposed to, in one line."""
    by_version: dict[str, list[str]] = {}
    for warning in warnings:
        by_version.setdefault(f"{warning.hole.component} {warning.reported}", []).append(warning.hole.name)
    said = "; ".join(f"{version} reports a version with {', '.join(names)}" for version, names in by_version.items())
    return f"{said}: open unless your distribution has mended them. Our use is not exposed; `mendbox doctor` tells why"
