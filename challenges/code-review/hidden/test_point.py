"""R4: to the point."""

from __future__ import annotations

from mendbox.testing import requirement


@requirement("R4", "Fewer than nine of the faults that count are in the review.")
def test_nine_that_count(review):
    assert review.hits >= 9


@requirement("R4", "More than five findings are about nothing that counts, or the review can't be read.")
def test_little_that_does_not(review):
    assert review.problems == []
    assert review.is_to_the_point()


@requirement("R4", "The desk does not know which review is meant.")
def test_another_review(client, rng):
    assert client.get(f"/reviews/other-{rng.randrange(10**9)}").status_code == 404
