"""A challenge package made in memory, for tests of what is done with packages."""

from __future__ import annotations

from collections.abc import Mapping

from runner.packages.inventory import Inventory
from runner.packages.manifest import Manifest
from runner.packages.package import ChallengePackage


def small_package(
    *,
    points: Mapping[str, int] | None = None,
    inventory: Inventory | None = None,
    starter: Mapping[str, bytes] | None = None,
) -> ChallengePackage:
    """A package with the given requirements and inventory; its files say nothing."""
    manifest = Manifest.model_validate(
        {
            "format": 1,
            "title": "Small",
            "version": "1.0.0",
            "level": "junior",
            "area": "practical",
            "minutes": 30,
            "summary": "Small.",
            "editable": ["shop/**"],
            "app": {"entry": "shop:create_app"},
            "requirements": [
                {"id": name, "title": f"Title of {name}", "points": worth, "message": f"{name} is not met."}
                for name, worth in (points or {"R1": 100}).items()
            ],
        }
    )
    return ChallengePackage(
        slug="small",
        manifest=manifest,
        brief="R1",
        notes="",
        starter=dict(starter or {"shop/__init__.py": b""}),
        harness=b"",
        hidden={"test_a.py": b""},
        fixes={},
        mistakes={},
        inventory=inventory,
    )
