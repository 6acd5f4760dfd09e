"""R5: the board and the tickets."""

from __future__ import annotations

import html
import re
from urllib.parse import quote

from mendbox.testing import requirement


def squeezed(text):
    """Without the white space between things, and beside tags."""
    return re.sub(r" ?(<[^>]*>) ?", r"\1", " ".join(text.split()))


def rows(evening):
    """The board's lines."""
    for item in evening.items:
        if item["state"] == "given up":
            continue
        visitor = evening.visitor(item["visitor_id"])
        fault = "<br>".join(html.escape(line) for line in item["fault"].splitlines())
        if item["state"] == "waiting":
            fault = f"<b>{fault}</b>"
        estimate = "not known yet" if item["estimate"] is None else f"{item['estimate']:.2f} €"
        way = ""
        if visitor["street"]:
            address = html.escape("https://map.example/?q=" + quote(visitor["street"], safe="/:"))
            way = f' (<a href="{address}">way</a>)'
        name = html.escape(visitor["name"])
        yield f'<li id="item-{item["id"]}">{name}: {item["kind"]}, {fault}, {estimate}{way}</li>'


def unified(text):
    """The ways in which a quotation mark can be written in HTML made one."""
    return text.replace("&#34;", "&quot;").replace("&#39;", "&#x27;")


@requirement("R5", "The board is not what it was, or what people have written is more than text.")
def test_the_board(client, evening):
    answer = client.get("/board")
    assert answer.status_code == 200
    assert answer.mimetype == "text/html"
    found = squeezed(unified(answer.text))
    for row in rows(evening):
        assert squeezed(unified(row)) in found
    assert found.count("<li") == sum(item["state"] != "given up" for item in evening.items)


@requirement("R5", "The ways on the board don't lead where they did.")
def test_the_ways(client, evening):
    found = client.get("/board").text
    streets = {
        evening.visitor(item["visitor_id"])["street"] for item in evening.items if item["state"] != "given up"
    } - {""}
    for street in streets:
        assert f'href="https://map.example/?q={quote(street, safe="/:")}"' in found


@requirement("R5", "A ticket is not what it was.")
def test_a_ticket(client, evening, rng):
    for item in rng.sample(evening.items, 3):
        answer = client.get(f"/tickets/{item['id']}")
        estimate = "not known yet" if item["estimate"] is None else f"{item['estimate']:.2f} €"
        name = evening.visitor(item["visitor_id"])["name"]
        assert answer.get_data().decode("utf-8") == (
            f"Repair café, ticket {item['id']}\n\n{name}: {item['kind']}\n{item['fault']}\nEstimate: {estimate}\n"
        )
        # A type without its charset leaves the machine to guess what letters these are.
        assert answer.headers["Content-Type"].lower().replace(" ", "") == "text/plain;charset=utf-8"
        disposition = answer.headers["Content-Disposition"].replace('"', "")
        assert disposition == f"attachment; filename=ticket-{item['id']}.txt"


@requirement("R5", "A ticket for what there is not is not answered as it was.")
def test_a_ticket_that_there_is_not(client, evening, rng):
    answer = client.get(f"/tickets/{rng.randrange(2_000, 9_000)}")
    assert (answer.status_code, answer.json) == (404, {"error": "nothing there"})
    assert client.get(f"/tickets/{evening.items[0]['id']}").status_code == 200
