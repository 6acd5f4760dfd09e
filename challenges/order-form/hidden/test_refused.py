"""R2: a form that is refused."""

from __future__ import annotations

import pytest
from orderpage import BLANK, NEW, numbered, page_of, plain, refused, sent

from mendbox.testing import requirement


@pytest.fixture
def mixed(lines, word):
    """Nine lines, of which two are blank, and what is wrong with them, by their places."""
    given = lines(9)
    given[1] = given[5] = BLANK
    given[2]["costume"] = word(5).upper()
    given[4] |= {"costume": "", "count": word(3)}
    given[6] |= {"costume": word(6).upper(), "count": "100"}
    given[7]["note"] = word(201)
    return given, {2: {"costume"}, 4: {"costume", "count"}, 6: {"costume", "count"}, 7: {"note"}}


@requirement("R2", "Messages stand at the wrong lines, or lines are lost.")
def test_messages_stand_at_their_lines(path, post, mixed, head, accounts, wardrobe, rng):
    given, wrong = mixed
    numbers = sorted([*rng.sample(range(1, 9), 3), *rng.sample(range(11, 99), 5), rng.randrange(10**6, 10**9)])

    page = refused(post(path, numbered(given, numbers)), given, wrong)

    assert page.head == head
    assert accounts() == wardrobe.listed()


@requirement("R2", "A line in which only one thing was filled in is not refused, or does not come back.")
def test_a_line_with_one_thing_in_it(edit, post, lines, word):
    (one,) = lines(1)
    given = [BLANK | {"note": word()}, one, BLANK | {"press": True}, BLANK, BLANK | {"count": one["count"]}]
    given[1] = {"costume": None, **{key: one[key] for key in ("count", "note", "press")}}
    without = {"costume": one["costume"], "count": None, "note": None, "press": False}

    refused(
        post(edit, [*given, without]),
        [*given, without],
        {0: {"costume", "count"}, 1: {"costume"}, 2: {"costume", "count"}, 4: {"costume"}, 5: {"count"}},
    )


@requirement("R2", "A refused form that is mended in the page and sent again is not stored as it stands there.")
def test_the_page_is_sent_again(client, post, lines, head, stored, as_stored, rng):
    given = lines(12)
    good = given[8]["costume"]
    given[3], given[8]["costume"] = BLANK, "?"
    numbers = sorted(rng.sample(range(5, 40), 12))
    page = refused(post(NEW, numbered(given, numbers)), given, {8: {"costume"}})

    again = dict(page.lines)
    again[list(again)[8]]["costume"] = good
    order = stored(client.post(NEW, data=sent(page.head, again)))

    given[8]["costume"] = good
    assert plain(order) == as_stored([*given[:3], *given[4:]])


@requirement("R2", "The form of a stored order comes back without the ids of its lines, or the order is changed.")
def test_ids_come_back(post, wardrobe, packing, rng, word):
    order = wardrobe.order
    given = [line.sent() for line in order.lines]
    given.insert(2, BLANK)
    given[3]["costume"] = word(6).upper()
    numbers = sorted(rng.sample(range(8, 13), 3)) + sorted(rng.sample(range(100, 999), len(given) - 3))

    refused(post(f"/orders/{order.id}/edit", numbered(given, numbers)), given, {3: {"costume"}})

    assert packing(order.id) == order.packing()


@requirement("R2", "A form with one fault, or with all that can be wrong, no longer comes back as it was sent.")
def test_single_faults(edit, client, post, lines, head, accounts, wardrobe, word):
    given = lines(3)
    for field, value in {"costume": word(6).upper(), "count": "0", "note": word(201)}.items():
        wrong = [given[0], given[1] | {field: value}, given[2]]
        refused(post(NEW, wrong), wrong, {1: {field}})

    for path, bad in ((NEW, {"company": word(81), "days": "29"}), (edit, {"company": "", "days": word(2)})):
        page = page_of(client.post(path, data=sent(bad, numbered(given))), 422)
        assert page.wrong() == ([set(), set(), set()], {"company", "days"})
        assert page.head == bad
    assert accounts() == wardrobe.listed()


@requirement("R2", "The forms are not as they were before anything is sent.")
def test_the_forms_before_anything_is_sent(client, wardrobe):
    answer = client.get(NEW)
    assert [costume.code for costume in wardrobe.costumes if costume.code not in answer.text] == []
    page = page_of(answer, 200)
    assert (page.head, list(page.lines.values())) == ({"company": "", "days": "1"}, [BLANK] * 3)
    assert page.messages == {}

    order = wardrobe.order
    answer = client.get(f"/orders/{order.id}/edit")
    assert f"rder {order.id}" in answer.text
    page = page_of(answer, 200)
    assert page.head == {"company": order.company, "days": str(order.days)}
    assert list(page.lines.values()) == [*(line.sent() for line in order.lines), BLANK]
    assert page.messages == {}
