"""An ordinary pytest suite. What is special is who answers: `client` talks to the candidate's app in another container.

Fixtures that come with the platform: client, app, clock, queries, concurrently, rng. Write your own as anywhere.
"""

from datetime import date, timedelta

import pytest

DUE = date(2026, 3, 10)  # of loan 1, as harness.py seeds it


@pytest.fixture
def give_back(client):
    """Bring loan 1 back so many days after its due day; gives the loan as the app shows it."""

    def give(days_late):
        day = DUE + timedelta(days=days_late)
        answer = client.post("/loans/1/return", json={"on": day.isoformat()})
        assert answer.status_code == 200
        return answer.json

    return give
