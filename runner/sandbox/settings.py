"""How the sandbox is set, as a value handed in by an entry point."""

from __future__ import annotations

from dataclasses import dataclass

from runner.limits import Limits

#: Who owns files and processes in the containers: a number no host account has.
SANDBOX_UID = 65532
#: Who a challenge's own database server is, and its administrator with it.
DATABASE_UID = 65533
#: What such a server may use. A seeded database is there three times: the original, the test's, the next one.
DATABASE_LIMITS = Limits(memory_mb=384, tmpfs_mb=224)
LABEL = "org.mendbox.pair"


@dataclass(frozen=True, slots=True)
class SandboxSettings:
    """Which images and runtime pairs use, and how long the engine may take. Seconds.

    `postgres_image` is that of challenges' own PostgreSQL; empty: no challenge that needs one can be graded.
    """

    image: str = ""
    postgres_image: str = ""
    runtime: str = ""
    engine_timeout_s: float = 30.0
    pair_ready_s: float = 60.0
    warm_pairs: int = 1
    warm_max_age_s: float = 900.0
