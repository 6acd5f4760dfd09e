"""R3: what goes wrong in the long run, or when there are many."""

from __future__ import annotations

import pytest
from faults import IN_THE_LONG_RUN

from mendbox.testing import requirement


@requirement("R3", "One of the things that go wrong when there are many, or after a while, is not in the review.")
@pytest.mark.parametrize("number", range(1, 6))
def test_in_the_long_run(review, number):
    assert any(IN_THE_LONG_RUN[number - 1].is_meant_by(finding) for finding in review.findings)


@requirement("R3", "More than five findings are about nothing that counts.")
def test_in_the_long_run_without_much_else(review):
    assert review.is_to_the_point()
