"""How a passing is sent."""

from __future__ import annotations

import json

from regatta.models import Passing


def as_event(passing: Passing) -> str:
    data = json.dumps({"boat": passing.boat, "mark": passing.mark})
    return f"id: {passing.number}\nevent: passing\ndata: {data}\n\n"
