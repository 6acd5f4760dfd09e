"""What requests are made of, and how they can end badly."""

from __future__ import annotations

from typing import Any

from mendbox_harness import Person

#: Why a picture is not taken, and how that is answered.
FAULTS = {"part": 400, "camera": 502, "unforeseen": 500}


def spoken(path: str, person: Person | None = None, **more: Any) -> dict[str, Any]:
    """A request: `unit`, `request_id`, `method` and `json` may be added."""
    headers = {"Authorization": f"Bearer {person.token}"} if person else {}
    if more.get("request_id"):
        headers["X-Request-Id"] = more["request_id"]
    query = {"unit": more["unit"]} if "unit" in more else {}
    return {
        "path": path,
        "method": more.get("method", "POST" if "json" in more else "GET"),
        "query": query,
        "headers": headers,
        "json": more.get("json"),
    }
