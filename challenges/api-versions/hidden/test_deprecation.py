"""R4: what every answer of version 1 says about the version."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime

from expected import V2

from mendbox.testing import requirement

HEADERS = ("Deprecation", "Sunset", "Link")


def links(answer):
    return [link.strip() for value in answer.headers.getlist("Link") for link in value.split(",")]


def check(answer, grid):
    """Each header once, with this grading's values; other links beside it do no harm."""
    begun, ends = (datetime(day.year, day.month, day.day, tzinfo=UTC) for day in (grid.deprecated_on, grid.sunset_on))
    assert answer.headers.getlist("Deprecation") == [f"@{int(begun.timestamp())}"]
    assert answer.headers.getlist("Sunset") == [format_datetime(ends, usegmt=True)]
    assert links(answer).count(f'<{grid.guide_url}>; rel="deprecation"') == 1


@requirement("R4", "An answer of version 1 that shows something does not say that the version will go.")
def test_what_shows_something_says_it(client, grid):
    charger, site = grid.of_state["faulted"], grid.sites[0]
    session = grid.sessions_of(grid.regular)[0]
    for path in (
        "chargers",
        "chargers?status=broken",
        f"chargers/{charger['code']}",
        "sites",
        f"sites/{site['code']}",
        f"sessions?card={grid.rare}",
        f"sessions/{session['id']}",
    ):
        answer = client.get(f"/v1/{path}")
        assert answer.status_code == 200
        check(answer, grid)


@requirement("R4", "An answer of version 1 that changes something does not say that the version will go.")
def test_what_changes_something_says_it(client, grid, word):
    begun = client.post("/v1/sessions", json={"charger": grid.of_state["available"]["code"], "card": word()})
    ended = client.post(f"/v1/sessions/{grid.sessions_of(grid.rare)[-1]['id']}/stop", json={"kwh": 1.25})

    assert (begun.status_code, ended.status_code) == (201, 200)
    for answer in (begun, ended):
        check(answer, grid)


@requirement("R4", "A refusal of version 1 does not say that the version will go.")
def test_refusals_say_it(client, grid, word, nobodys):
    busy = grid.of_state["occupied"]["code"]
    for status, answer in (
        (404, client.get(f"/v1/chargers/{word()}")),
        (404, client.get(f"/v1/sessions/{nobodys}")),
        (400, client.get("/v1/sessions")),
        (400, client.post("/v1/sessions", json={"card": word()})),
        (400, client.post("/v1/sessions", data=word())),
        (409, client.post("/v1/sessions", json={"charger": busy, "card": word()})),
    ):
        assert answer.status_code == status
        check(answer, grid)


@requirement("R4", "Addresses and methods that version 1 does not have do not say that the version will go.")
def test_unknown_addresses_and_methods_say_it(client, grid, word):
    for status, answer in (
        (404, client.get(f"/v1/{word()}")),
        (404, client.get(f"/v1/sites/{grid.sites[0]['code']}/{word()}")),
        (405, client.delete(f"/v1/sites/{grid.sites[1]['code']}")),
        (405, client.put("/v1/sessions", json={"card": word()})),
        (200, client.options(f"/v1/chargers/{word()}")),
    ):
        assert answer.status_code == status
        check(answer, grid)


@requirement("R4", "The link from a charger to its site is lost, or there is no other.")
def test_the_link_to_the_site_stays(client, grid):
    row = grid.of_state["maintenance"]

    answer = client.get(f"/v1/chargers/{row['code']}")

    check(answer, grid)
    assert links(answer).count(f'</v1/sites/{grid.site_of(row)["code"]}>; rel="up"') == 1


@requirement("R4", "What is not version 1 says that it will go.")
def test_nothing_else_says_it(client, grid, word):
    row = grid.of_state["faulted"]
    shown = client.get(f"/v2/chargers/{row['code']}")
    assert shown.json == V2(grid).charger(row)

    others = [
        client.get(path) for path in ("/health", "/v1", "/v1-status", "/v10/chargers", "/v2/v1/chargers", f"/{word()}")
    ]
    for answer in (shown, client.get(f"/v2/sites/{word()}"), *others):
        assert [name for name in HEADERS if name in answer.headers] == []
    assert [answer.status_code for answer in others] == [200, 404, 404, 404, 404, 404]
