"""How the API shows things, from what the harness stored of them."""

from __future__ import annotations

from typing import Any

from mendbox_harness import depth, found_by, lab_names


def summary(archive: Any, core: Any, unit: str = "m") -> dict[str, Any]:
    return {
        "id": core.id,
        "hole": core.hole,
        "field": core.field,
        "owner": archive.owner_of(core),
        "bottom": depth(core.bottom_mm, unit),
    }


def detail(archive: Any, core: Any, unit: str = "m") -> dict[str, Any]:
    intervals = [
        {"top": depth(top, unit), "bottom": depth(bottom, unit), "rock": rock} for top, bottom, rock in core.intervals
    ]
    return summary(archive, core, unit) | {"intervals": intervals}


def me(person: Any, unit: str = "m") -> dict[str, Any]:
    return {"name": person.name, "company": person.company, "unit": unit}


def about(archive: Any) -> dict[str, Any]:
    return {"cores": len(archive.cores), "length": depth(sum(core.bottom_mm for core in archive.cores), "m")}


def assays(archive: Any, seed: int, core: Any, person: Any, unit: str) -> dict[str, Any]:
    """The answer to somebody who asks for a core's assays."""
    return {
        "hole": core.hole,
        "bottom": depth(core.bottom_mm, unit),
        "for": person.name,
        "assays": [
            {
                "lab": lab,
                "element": found["element"],
                "ppm": found["ppm"],
                "depth": depth(found["depth_mm"], unit),
            }
            for lab in lab_names(seed)
            for found in found_by(lab, core.hole)
        ],
        "neighbours": [other.hole for other in archive.seen_by(person) if other is not core],
    }


def export(core: Any, person: Any, unit: str, request_id: str) -> str:
    lines = [f"hole,top,bottom,rock ({person.company})"]
    lines += [f"{core.hole},{depth(top, unit)},{depth(bottom, unit)},{rock}" for top, bottom, rock in core.intervals]
    lines.append(f"{len(core.intervals)} intervals for {person.name}, request {request_id}")
    return "".join(f"{line}\n" for line in lines)
