"""Every test names the requirement it shows, with the words that a candidate reads when it fails.

Write what a user sees, never the assertion or the remedy. Each requirement needs two kinds of tests, which the platform
tells apart by running them on the starter: those that fail there earn the points, those that pass there guard what
must stay. Let guards look at content: an app that answers everything with 200 must break them. Let tests that earn
points look at something that is drawn, so that answers from an earlier grading are wrong in this one.
"""

import pytest

from mendbox.testing import requirement


@requirement("R1", "A reader who is in time is charged.")
def test_the_due_day_is_in_time(costs):
    costs(0, cents=0)


# Ids of tests are the same in every grading: parameters are written down, what differs is drawn within the test.
@requirement("R1", "The fee does not follow the number of days late.")
@pytest.mark.parametrize(("days", "cents"), [(1, 25), (2, 50), (39, 975)])
def test_each_day_late_costs_the_same(costs, days, cents):
    costs(days, cents)


@requirement("R1", "The fee does not follow the number of days late.")
def test_a_random_day_costs_what_it_should(costs, rng):
    # `rng` is drawn from the grading's seed and this test's id. A regrade draws the same days again.
    days = rng.randint(3, 38)
    costs(days, 25 * days)


@requirement("R1", "A book that came back early is shown wrongly.")
def test_an_early_book_is_free_and_shown_whole(client, library, shown):
    assert client.get(f"/loans/{library.early['id']}").json == shown(library.early, 0)


@requirement("R2", "A very late book costs more than the highest fee.")
@pytest.mark.parametrize("days", [41, 365])
def test_a_return_is_capped(costs, days):
    costs(days, cents=1000)


@requirement("R2", "The list of loans shows a fee that is too high.")
def test_the_list_is_capped(client, library):
    fees = {loan["id"]: loan["fee_cents"] for loan in client.get("/loans").json["loans"]}
    assert fees[library.old["id"]] == 1000


@requirement("R2", "Loans whose books are still out are shown wrongly.")
def test_books_still_out_have_no_fee(client, library):
    loans = client.get("/loans").json["loans"]
    assert [loan["id"] for loan in loans] == [loan["id"] for loan in sorted(library.loans, key=lambda loan: loan["due"])]
    assert [loan["fee_cents"] for loan in loans[2:]] == [None, None]
