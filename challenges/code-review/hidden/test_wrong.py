"""R2: what comes out wrong."""

from __future__ import annotations

import pytest
from faults import WRONG

from mendbox.testing import requirement


@requirement("R2", "One of the things that come out wrong is not in the review.")
@pytest.mark.parametrize("number", range(1, 4))
def test_wrong(review, number):
    assert any(WRONG[number - 1].is_meant_by(finding) for finding in review.findings)


@requirement("R2", "More than five findings are about nothing that counts.")
def test_wrong_without_much_else(review):
    assert review.is_to_the_point()
