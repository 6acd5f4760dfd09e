"""An ordinary pytest suite. What is special is who answers: `client` talks to the candidate's app in another container.

Fixtures that come with the platform: client, app, clock, queries, concurrently, seed, rng. Write your own as anywhere.
"""

from datetime import timedelta

import pytest
from mendbox_harness import Library  # harness.py, which runs beside the app, is importable here as well


@pytest.fixture
def library(seed):
    """The loans that harness.py stored for this grading: both sides draw them from the grading's seed."""
    return Library(seed)


@pytest.fixture
def shown():
    """`shown(loan, fee)`: how the API shows a loan that costs so many cents."""

    def show(loan, fee_cents, **changes):
        days = {name: loan[name] and loan[name].isoformat() for name in ("due", "returned")}
        return {**loan, **days, "fee_cents": fee_cents, **changes}

    return show


@pytest.fixture
def costs(client, library, shown):
    """`costs(3, 75)` brings a loan back three days after its due day, and looks at all that the app says of it.

    The fee alone would be the same in every grading. What is compared holds something drawn, too.
    """

    def check(days_late, cents):
        loan = library.out
        day = (loan["due"] + timedelta(days=days_late)).isoformat()
        answer = client.post(f"/loans/{loan['id']}/return", json={"on": day})
        assert answer.status_code == 200
        assert answer.json == shown(loan, cents, returned=day)

    return check
