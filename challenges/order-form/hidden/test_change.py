"""R5: an order that is changed."""

from __future__ import annotations

import pytest
from orderpage import BLANK, NEW, numbered, plain

from mendbox.testing import requirement


@pytest.fixture
def order(wardrobe):
    return wardrobe.order


@pytest.fixture
def kept(packing, order, wardrobe):
    """Gives the lines of the order after it was changed. Another one must be as it was."""

    def kept():
        assert packing(wardrobe.other.id) == wardrobe.other.packing()
        return packing(order.id)["lines"]

    return kept


def ids(lines):
    return [(line["id"], line["packed"]) for line in lines]


@requirement("R5", "When a line is taken out of an order, the ids or the ticks of the others change.")
def test_what_is_below_a_removed_line_stays_the_same(edit, post, order, kept, as_stored, rng):
    gone = order.lines[rng.randrange(len(order.lines) - 1)]
    rest = [line for line in order.lines if line is not gone]
    given = [line.sent() for line in rest]

    assert post(edit, given).status_code == 303

    found = kept()
    assert ids(found) == [(line.id, line.packed) for line in rest]
    assert plain({"lines": found}) == as_stored(given)


@requirement("R5", "When lines are moved, changed and added, the ids or the ticks of the others change.")
def test_lines_are_moved_changed_and_added(edit, post, order, kept, lines, as_stored, rng):
    moved = rng.sample(order.lines, len(order.lines))
    moved = moved[1:] if moved == order.lines else moved
    given = [line.sent() for line in moved]
    first, between = lines(2, count=str(rng.randrange(1, 10)))
    changed = next(line for line, row in zip(given, moved, strict=True) if row.packed)
    changed |= {"costume": first["costume"], "note": first["note"], "press": not changed["press"]}
    given = [first, *given[:2], between, *given[2:]]
    stood = {line.id for line in order.lines}

    assert post(edit, numbered(given, sorted(rng.sample(range(3, 30), len(given))))).status_code == 303

    found = kept()
    assert plain({"lines": found}) == as_stored(given)
    assert ids([*found[1:3], *found[4:]]) == [(line.id, line.packed) for line in moved]
    assert not stood & {found[0]["id"], found[3]["id"]}
    assert not found[0]["packed"]
    assert not found[3]["packed"]


@requirement("R5", "A line of a stored order whose fields were emptied stays in the order, or is refused.")
def test_a_line_that_comes_back_blank_is_gone(edit, post, order, kept, rng):
    place = rng.randrange(len(order.lines) - 1)
    given = [line.sent() for line in order.lines]
    given[place] = BLANK | {"id": given[place]["id"]}

    assert post(edit, given).status_code == 303

    rest = [line for line in order.lines if line is not order.lines[place]]
    assert ids(kept()) == [(line.id, line.packed) for line in rest]


@requirement("R5", "An id that the order doesn't have, or that comes twice, makes something else than a new line.")
def test_ids_that_are_not_of_this_order(edit, post, order, wardrobe, kept, lines, as_stored, word, rng):
    first, *more = (line.sent() for line in rng.sample(order.lines, 2))
    theirs = [str(line.id) for line in wardrobe.other.lines]
    strange = [*theirs[:2], word(), "0", "-1", "²", "1" * 30, first["id"]]
    new = lines(8, count=str(rng.randrange(1, 10)))
    given = [first, *(line | {"id": number} for line, number in zip(new, strange, strict=True)), *more]

    assert post(edit, given).status_code == 303

    found = kept()
    assert plain({"lines": found}) == as_stored(given)
    packed = {str(line.id): line.packed for line in order.lines}
    assert ids([found[0], found[-1]]) == [(int(line["id"]), packed[line["id"]]) for line in (first, *more)]
    assert [line["packed"] for line in found[1:-1]] == [False] * 8
    known = {line.id for each in wardrobe.orders for line in each.lines}
    assert not known & {line["id"] for line in found[1:-1]}


@requirement("R5", "An order of which no line was moved has other lines afterwards.")
def test_an_order_that_is_sent_as_it_stands(edit, post, order, wardrobe, kept, as_stored, lines):
    given = [line.sent() for line in order.lines]
    given[0]["note"] = lines(1)[0]["note"]

    assert post(edit, [*given, BLANK]).status_code == 303

    found = kept()
    assert ids(found) == [(line.id, line.packed) for line in order.lines]
    assert plain({"lines": found}) == as_stored(given)

    unknown = max(order.id for order in wardrobe.orders) + 1
    assert post(f"/orders/{unknown}/edit", given).status_code == 404


@requirement("R5", "A new order takes lines out of one that is stored.")
def test_a_new_order_takes_nothing_from_others(post, order, kept, stored, as_stored):
    given = [line.sent() for line in order.lines]

    new = stored(post(NEW, given))

    assert plain(new) == as_stored(given)
    assert not any(line["packed"] for line in new["lines"])
    assert kept() == order.packing()["lines"]
