"""The review as the desk reads it."""

from __future__ import annotations

from typing import Any

import pytest
from faults import ALL, BESIDE
from mendbox_harness import review_name

#: So many findings may be about nothing that counts.
MOST_MISSES = 5


class Review:
    """What the candidate has found; a review that can't be read has found nothing."""

    def __init__(self, client: Any, name: str) -> None:
        answer = client.get(f"/reviews/{name}")
        assert answer.json["review"] == name
        self.problems = answer.json.get("problems", [])
        self.findings: list[dict[str, Any]] = [] if self.problems else answer.json["findings"]
        self.misses = sum(not any(fault.is_meant_by(finding) for fault in (*ALL, *BESIDE)) for finding in self.findings)
        self.hits = sum(any(fault.is_meant_by(finding) for finding in self.findings) for fault in ALL)

    def is_to_the_point(self) -> bool:
        """Whether few enough miss; nobody can say so of a review that can't be read."""
        return self.misses <= MOST_MISSES


@pytest.fixture
def review(client: Any, seed: int) -> Review:
    return Review(client, review_name(seed))
