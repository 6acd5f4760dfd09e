"""R1: what others could do."""

from __future__ import annotations

import pytest
from faults import BY_OTHERS

from mendbox.testing import requirement


@requirement("R1", "One of the things that others could do is not in the review.")
@pytest.mark.parametrize("number", range(1, 6))
def test_by_others(review, number):
    assert any(BY_OTHERS[number - 1].is_meant_by(finding) for finding in review.findings)


@requirement("R1", "More than five findings are about nothing that counts.")
def test_by_others_without_much_else(review):
    assert review.is_to_the_point()
