"""Every test names the requirement it shows, with the words that a candidate reads when it fails.

Write what a user sees, never the assertion or the remedy. Each requirement needs two kinds of tests, which the platform
tells apart by running them on the starter: those that fail there earn the points, those that pass there guard what
must stay. Let guards look at content: an app that answers everything with 200 must break them.
"""

import pytest

from mendbox.testing import requirement


@requirement("R1", "A reader who is in time is charged.")
def test_the_due_day_is_in_time(give_back):
    assert give_back(0)["fee_cents"] == 0


@requirement("R1", "The fee does not follow the number of days late.")
@pytest.mark.parametrize(("days", "cents"), [(1, 25), (2, 50), (39, 975)])
def test_each_day_late_costs_the_same(give_back, days, cents):
    assert give_back(days)["fee_cents"] == cents


@requirement("R1", "The fee does not follow the number of days late.")
def test_a_random_day_costs_what_it_should(give_back, rng):
    # Numbers that change from grading to grading can't be answered from a table. A regrade draws the same ones again.
    days = rng.randint(3, 38)
    assert give_back(days)["fee_cents"] == 25 * days


@requirement("R1", "A book that came back early is shown wrongly.")
def test_an_early_book_is_free_and_shown_whole(client):
    assert client.get("/loans/4").json == {
        "id": 4,
        "title": "Beloved",
        "reader": "Mira",
        "due": "2026-02-20",
        "returned": "2026-02-11",
        "fee_cents": 0,
    }


@requirement("R2", "A very late book costs more than the highest fee.")
@pytest.mark.parametrize("days", [41, 365])
def test_a_return_is_capped(give_back, days):
    assert give_back(days)["fee_cents"] == 1000


@requirement("R2", "The list of loans shows a fee that is too high.")
def test_the_list_is_capped(client):
    fees = {loan["title"]: loan["fee_cents"] for loan in client.get("/loans").json["loans"]}
    assert fees["Invisible Cities"] == 1000


@requirement("R2", "Loans whose books are still out are shown wrongly.")
def test_books_still_out_have_no_fee(client):
    loans = client.get("/loans").json["loans"]
    assert [loan["id"] for loan in loans] == [3, 4, 1, 2]
    assert [loan["fee_cents"] for loan in loans[2:]] == [None, None]
