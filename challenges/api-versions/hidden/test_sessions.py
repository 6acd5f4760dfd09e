"""R2: sessions as version 1 shows them."""

from __future__ import annotations

from expected import V1

from mendbox.testing import requirement


@requirement("R2", "A card's sessions are not listed by version 1 as its page says.")
def test_a_cards_sessions_are_all_listed_from_the_first(client, grid):
    for card in (grid.regular, grid.rare):
        answer = client.get("/v1/sessions", query_string={"card": card})

        assert answer.status_code == 200
        assert answer.json == [V1(grid).session(row) for row in grid.sessions_of(card)]


@requirement("R2", "A session that has ended is not shown by version 1 as its page says.")
def test_an_ended_session_is_shown(client, grid):
    # The first two have a price below ten cents, and one that ends with a nought.
    for row in grid.sessions_of(grid.regular)[:3]:
        answer = client.get(f"/v1/sessions/{row['id']}")
        assert (answer.status_code, answer.json) == (200, V1(grid).session(row))


@requirement("R2", "A session that goes on is not shown by version 1 as its page says.")
def test_a_session_that_goes_on_is_shown(client, grid):
    row = grid.sessions_of(grid.rare)[-1]
    assert row["ended_at"] is None

    answer = client.get(f"/v1/sessions/{row['id']}")

    assert (answer.status_code, answer.json) == (200, V1(grid).session(row))


@requirement("R2", "Version 1 does not ask for a card as its page says.")
def test_a_list_needs_a_card(client, grid):
    refused = client.get("/v1/sessions", query_string={"card_id": grid.rare})
    assert refused.status_code == 400
    assert set(refused.json) == {"error"}
    assert isinstance(refused.json["error"], str)

    empty = client.get("/v1/sessions", query_string={"card": grid.unused})
    assert (empty.status_code, empty.json) == (200, [])
    both = client.get("/v1/sessions", query_string={"card": grid.rare, "card_id": grid.regular}).json
    assert [each["id"] for each in both] == [row["id"] for row in grid.sessions_of(grid.rare)]


@requirement("R2", "A session is no longer found by its id, or one that is not there is.")
def test_sessions_are_found_by_id(client, grid, nobodys):
    for row in grid.sessions_of(grid.regular)[-3:]:
        answer = client.get(f"/v1/sessions/{row['id']}")
        assert answer.status_code == 200
        assert answer.json["id"] == row["id"]
        assert grid.charger_of(row)["code"] in answer.text

    unknown = client.get(f"/v1/sessions/{nobodys}")
    assert unknown.status_code == 404
    assert str(nobodys) in unknown.text
