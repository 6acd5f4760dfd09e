"""How the sandbox is set, as a value handed in by an entry point."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

#: Who owns files and processes in the containers: a number no host account has.
SANDBOX_UID = 65532
LABEL = "org.mendbox.pair"


@dataclass(frozen=True, slots=True)
class SandboxSettings:
    """Which images and runtime pairs use, and how long the engine may take. Seconds.

    `server_images` are those of challenges' own servers, by service; no challenge that needs another can be graded.
    """

    image: str = ""
    server_images: Mapping[str, str] = field(default_factory=dict)
    runtime: str = ""
    engine_timeout_s: float = 30.0
    pair_ready_s: float = 60.0
    warm_pairs: int = 1
    warm_max_age_s: float = 900.0
