"""Known holes in what stands between a container and its host, by version: pure, asked nothing of any network.

A hole's numbers are those of its advisory. Whether Mendbox's own way of use is exposed stands with each: nothing is
ever executed in a running container, copied in or out, or mounted; image and working folder are its own and fixed; no
terminal, no network; nobody but a worker reaches the engine. The list is short, of holes that matter to some sandbox;
that a version is not in it does not make it safe. Distributions mend holes without changing the version: a warning
says what a version reports, not what a machine is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_VERSION = re.compile(r"(\d+)\.(\d+)(?:\.(\d+))?(?:-rc\.?(\d+))?")
_DATE = re.compile(r"(?<!\d)(20\d{6})(?!\d)")
#: Later than any release candidate: the release itself.
_RELEASED = 10**6
Version = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Hole:
    """One hole. `fixed`: the first version of each branch that has it mended; branches before it never had.

    `component` as in `component_versions`. `exposed`: whether our way of use is, and why.
    """

    name: str
    component: str
    fixed: tuple[str, ...]
    allows: str
    exposed: bool
    because: str


HOLES = (
    Hole(
        "CVE-2019-5736",
        "runc",
        ("1.0.0-rc.7",),
        "root in a container overwrites the host's runc by /proc/self/exe",
        False,
        "nothing is executed in a running container, no process in it is root, the image is our own",
    ),
    Hole(
        "CVE-2021-30465",
        "runc",
        ("1.0.0-rc.95",),
        "a symlink exchanged during the start mounts a folder of the host",
        False,
        "containers share no volume, so nobody can exchange a path while another one starts",
    ),
    Hole(
        "CVE-2024-21626",
        "runc",
        ("1.1.12",),
        "a working folder below /proc/self/fd leads to the host's file system",
        False,
        "the working folder is always `/`, the image is our own, and nothing is executed in a running container",
    ),
    Hole(
        "CVE-2025-31133",
        "runc",
        ("1.2.8", "1.3.3", "1.4.0-rc.3"),
        "an exchanged /dev/null lets a masked file of /proc be written to: a way out to the host",
        False,
        "it takes a hostile image or mount at the start; the candidate's code comes when the start is over",
    ),
    Hole(
        "CVE-2025-52565",
        "runc",
        ("1.2.8", "1.3.3", "1.4.0-rc.3"),
        "an exchanged /dev/pts entry is mounted over /dev/console: a way out to the host",
        False,
        "no container has a terminal, and it takes a hostile image or mount at the start",
    ),
    Hole(
        "CVE-2025-52881",
        "runc",
        ("1.2.8", "1.3.3", "1.4.0-rc.3"),
        "what runc writes to /proc at the start is led elsewhere: security labels lost, the host written to",
        False,
        "it takes containers that share a mount while one of them starts; ours share nothing",
    ),
    Hole(
        "CVE-2026-41579",
        "runc",
        ("1.3.6", "1.4.3", "1.5.0-rc.3"),
        "a hostile image with a symlink as /dev has some files of the host written to",
        False,
        "the image is our own, and Docker puts a layer over such a link",
    ),
    Hole(
        "CVE-2020-15257",
        "containerd",
        ("1.3.9", "1.4.3"),
        "root in the host's network namespace reaches the shim's socket and with it the host",
        False,
        "no container has the host's network, no process in one is root",
    ),
    Hole(
        "CVE-2022-36109",
        "engine",
        ("20.10.18",),
        "supplementary groups of a container's user are set wrong: files of a group may be reached",
        False,
        "user and group are given by number, and no file in the image belongs to a group of its own",
    ),
    Hole(
        "CVE-2022-24769",
        "engine",
        ("20.10.14",),
        "containers start with inheritable capabilities that an executed file may turn into real ones",
        False,
        "every capability is dropped and no new privilege can be gained",
    ),
    Hole(
        "CVE-2024-41110",
        "engine",
        ("23.0.15", "25.0.6", "26.1.5", "27.1.1"),
        "a request without a body passes authorization plugins unseen",
        False,
        "only workers reach the engine's socket; exposed is who shares the engine with others by such a plugin",
    ),
    Hole(
        "CVE-2026-34040",
        "engine",
        ("29.3.1",),
        "a request with an oversized body passes authorization plugins unseen",
        False,
        "as for CVE-2024-41110",
    ),
    Hole(
        "CVE-2026-41567, CVE-2026-41568, CVE-2026-42306",
        "engine",
        ("29.5.1",),
        "`docker cp` with a hostile container runs its programs as the host's root, or writes to the host's files",
        False,
        "nothing is ever copied into or out of a container; don't do it by hand either",
    ),
    Hole(
        "CVE-2025-2713",
        "runsc",
        ("20250331",),  # the advisory of 28 March 2025 names a commit and no release: the first one after it
        "a sandbox's first process reads files as root would until it forks",
        False,
        "the first process runs our own code until the candidate's is forked, and the image holds no secret",
    ),
)


@dataclass(frozen=True, slots=True)
class OpenHole:
    """A hole that the reported version has by its number."""

    hole: Hole
    reported: str

    def __str__(self) -> str:
        fixed = ", ".join(self.hole.fixed)
        ours = "Mendbox's use may be exposed" if self.hole.exposed else "Mendbox's use is not exposed to it"
        return (
            f"{self.hole.component} reports {self.reported}, in which {self.hole.name} is open unless your "
            f"distribution has mended it: {self.hole.allows}. Mended in {fixed}. {ours}: {self.hole.because}"
        )


def warnings_for(versions: Mapping[str, str]) -> list[OpenHole]:
    """The holes that the reported versions have; a component that is not there, or not understood, has none."""
    return [
        OpenHole(hole, versions[hole.component])
        for hole in HOLES
        if hole.component in versions and is_open(hole, versions[hole.component])
    ]


def is_open(hole: Hole, reported: str) -> bool:
    """Whether a version is before the hole's mending in its own branch, or of a branch older than all mended ones."""
    found = parse(reported)
    if found is None:
        return False
    fixes = sorted(fix for fix in map(parse, hole.fixed) if fix is not None)
    of_branch = [fix for fix in fixes if fix[:2] == found[:2]]
    if len(found) == 1:
        return found < fixes[0]
    return found < of_branch[0] if of_branch else found[:2] < fixes[-1][:2]


def parse(reported: str) -> Version | None:
    """A version as numbers that compare: `1.1.5+ds1` → (1, 1, 5, …), a gVisor release by its date. None: not one."""
    date = _DATE.search(reported)
    if date:
        return (int(date[1]),)
    match = _VERSION.search(reported)
    if match is None:
        return None
    major, minor, patch, candidate = match.groups()
    return int(major), int(minor), int(patch or 0), int(candidate) if candidate else _RELEASED
