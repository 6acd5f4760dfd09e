"""R1: chargers and sites as version 1 shows them."""

from __future__ import annotations

import pytest
from expected import STATUS, V1

from mendbox.testing import requirement


@requirement("R1", "The list of all chargers in version 1 is not what its page says.")
def test_all_chargers_are_listed_in_order(client, grid):
    answer = client.get("/v1/chargers")

    assert answer.status_code == 200
    assert answer.json == [V1(grid).charger(row) for row in grid.standing]


@requirement("R1", "The list of chargers in version 1 is not narrowed to a status as its page says.")
@pytest.mark.parametrize("status", ["free", "busy", "broken"])
def test_a_status_narrows_the_list(client, grid, status):
    shown = client.get("/v1/chargers", query_string={"status": status})

    wanted = [row for row in grid.standing if STATUS[row["state"]] == status]
    assert (shown.status_code, shown.json) == (200, [V1(grid).charger(row) for row in wanted])


@requirement("R1", "A status that version 1 does not have is not answered with an empty list, or a known one is.")
def test_a_status_that_is_none_narrows_to_nothing(client, grid, word):
    # What version 2 calls a state is none in version 1.
    for unknown in (word(), "available", "maintenance"):
        answer = client.get("/v1/chargers", query_string={"status": unknown})
        assert (answer.status_code, answer.json) == (200, []), unknown

    busy = [row["code"] for row in grid.standing if STATUS[row["state"]] == "busy"]
    shown = client.get("/v1/chargers", query_string={"status": "busy"}).json
    assert [each["id"] for each in shown] == busy


@requirement("R1", "A charger is not shown by version 1 as its page says.")
def test_a_charger_of_each_state_is_shown(client, grid):
    for row in grid.of_state.values():
        answer = client.get(f"/v1/chargers/{row['code']}")
        assert (answer.status_code, answer.json) == (200, V1(grid).charger(row)), row["state"]


@requirement("R1", "Sites are not shown by version 1 as its page says.")
def test_sites_are_shown(client, grid):
    by_name = sorted(grid.sites, key=lambda row: row["name"])

    assert client.get("/v1/sites").json == [V1(grid).site(row) for row in by_name]
    for row in by_name:
        answer = client.get(f"/v1/sites/{row['code']}")
        assert (answer.status_code, answer.json) == (200, V1(grid).site(row))


@requirement("R1", "A charger no longer names its site, or one that is not there is found.")
def test_a_charger_still_names_its_site(client, grid, word):
    row = grid.of_state["reserved"]
    answer = client.get(f"/v1/chargers/{row['code']}")
    assert answer.status_code == 200
    assert row["code"] in answer.text
    assert f'</v1/sites/{grid.site_of(row)["code"]}>; rel="up"' in ", ".join(answer.headers.getlist("Link"))

    gone = next(each["code"] for each in grid.chargers if each["taken_down"])
    for path in (f"chargers/{gone}", f"chargers/{word()}", f"sites/{word()}"):
        refused = client.get(f"/v1/{path}")
        assert refused.status_code == 404
        assert path.partition("/")[2] in refused.text
