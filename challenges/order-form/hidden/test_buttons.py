"""R4: the buttons that add and remove a line."""

from __future__ import annotations

import pytest
from orderpage import BLANK, NEW, numbered, page_of, plain, sent, typed

from mendbox.testing import requirement


@pytest.fixture
def unfinished(lines, word):
    """Six lines in the middle of the work: some are wrong, and one is blank."""
    given = lines(6)
    given[1] = BLANK
    given[2] = BLANK | {"note": word()}
    given[4]["costume"] = word(5).upper()
    return given


def shows(answer, given):
    """The answer is the form with these lines and without messages."""
    page = page_of(answer, 200)
    assert list(page.lines.values()) == typed(given)
    assert page.messages == {}
    return page


@requirement("R4", "The button for another line loses or moves what was typed.")
def test_another_line_stands_at_the_end(edit, post, unfinished, head, rng):
    numbers = sorted(rng.sample(range(2, 10), 3)) + sorted(rng.sample(range(10, 20), 3))

    page = shows(post(edit, numbered(unfinished, numbers), "add"), [*unfinished, BLANK])

    assert page.head == head


@requirement("R4", "What is typed into an added line is lost, or takes the place of another line.")
def test_an_added_line_is_a_line_like_others(client, post, lines, stored, as_stored, rng):
    *given, new, last = lines(7)
    numbers = sorted(rng.sample(range(3, 10), 3)) + sorted(rng.sample(range(10, 16), 2))
    page = shows(post(NEW, numbered(given, numbers), "add"), [*given, BLANK])
    page.lines[max(page.lines)] = new
    given.append(new)

    page = shows(client.post(NEW, data=sent(page.head, page.lines, "add")), [*given, BLANK])
    page.lines[max(page.lines)] = last

    assert plain(stored(client.post(NEW, data=sent(page.head, page.lines)))) == as_stored([*given, last])


@requirement("R4", "The button beside a line removes another line, or more than that line.")
def test_the_line_of_the_button_is_removed(post, unfinished, rng):
    numbers = sorted(rng.sample(range(2, 10), 4))
    numbers += [10 + number for number in sorted(rng.sample(numbers, 2))]
    for place in (rng.randrange(4), 4, 5):
        answer = post(NEW, numbered(unfinished, numbers), f"remove-{numbers[place]}")
        shows(answer, [*unfinished[:place], *unfinished[place + 1 :]])


@requirement("R4", "Removing a line that is not there removes one, or ends in an error.")
def test_a_line_that_is_not_there_is_not_removed(post, unfinished, word):
    numbers = [2, 3, 5, 7, 11, 13]
    for button in ("6", "0", "-1", "", "²", "1_1", word()):
        shows(post(NEW, numbered(unfinished, numbers), f"remove-{button}"), unfinished)


@requirement("R4", "A form grows beyond 40 lines by its button, or doesn't grow to 40.")
def test_no_more_lines_than_an_order_may_have(post, lines):
    given = lines(38)
    given.insert(3, BLANK)
    shows(post(NEW, given, "add"), [*given, BLANK])

    given = [*given, BLANK]
    for full in (given, [*given, BLANK]):
        page = page_of(post(NEW, full, "add"), 200)
        assert list(page.lines.values()) == typed(full)
        assert set(page.messages) <= {"lines"}


@requirement("R4", "After a button was pressed, the lines of a stored order are no longer the same lines.")
def test_lines_keep_their_ids_when_a_button_is_pressed(edit, client, post, wardrobe, packing, rng):
    order = wardrobe.order
    given = [line.sent() for line in order.lines]
    numbers = sorted(rng.sample(range(1, 20), len(given)))
    place = rng.randrange(1, len(given) - 1)

    answer = post(edit, numbered(given, numbers), "add")
    assert f"rder {order.id}" in answer.text
    page = shows(answer, [*given, BLANK])
    button = f"remove-{list(page.lines)[place]}"
    page = shows(
        client.post(edit, data=sent(page.head, page.lines, button)), [*given[:place], *given[place + 1 :], BLANK]
    )

    assert packing(order.id) == order.packing()
    assert client.post(edit, data=sent(page.head, page.lines)).status_code == 303
    rest = [(line.id, line.packed) for line in order.lines if line is not order.lines[place]]
    assert [(line["id"], line["packed"]) for line in packing(order.id)["lines"]] == rest


@requirement("R4", "In a short form without gaps, the buttons no longer add or remove a line, or store something.")
def test_buttons_in_a_short_form(edit, post, lines, accounts, wardrobe):
    given = lines(3)

    for path in (NEW, edit):
        shows(post(path, given, "add"), [*given, BLANK])
        shows(post(path, given, "remove-1"), [given[0], given[2]])

    assert accounts() == wardrobe.listed()
