"""A text that only the hidden suite has: wherever else it shows up, the suite has leaked."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace

from runner.packages.package import ChallengePackage


def new_canary() -> str:
    """A text that nobody can have written by chance."""
    return f"CANARY-{secrets.token_hex(12)}"


def with_canary(package: ChallengePackage, canary: str) -> ChallengePackage:
    """The same package with the canary in each module of its hidden suite and in a file of its own."""
    hidden: Mapping[str, bytes] = {
        path: data + f"\nCANARY = {canary!r}\n".encode() if path.endswith(".py") else data
        for path, data in package.hidden.items()
    }
    return replace(package, hidden={**hidden, "canary.txt": canary.encode()})
