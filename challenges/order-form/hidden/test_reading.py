"""R1: which lines a form has, and in which order."""

from __future__ import annotations

from orderpage import BLANK, NEW, numbered, plain

from mendbox.testing import requirement


@requirement("R1", "Where numbers are left out, lines are missing in the order.")
def test_gaps_in_the_numbers_lose_no_line(post, lines, stored, as_stored, rng):
    given = lines(5)
    numbers = sorted(rng.sample(range(1, 9), 5))

    order = stored(post(NEW, numbered(given, numbers)))

    assert plain(order) == as_stored(given)


@requirement("R1", "In a long form, or one with large numbers, lines are missing or stand in another order.")
def test_lines_stand_by_their_numbers(path, post, lines, stored, as_stored, rng):
    given = lines(14)
    numbers = [*rng.sample(range(2, 10), 3), *rng.sample(range(10, 100), 5), *rng.sample(range(100, 2000), 3)]
    numbers = [*sorted(numbers), rng.randrange(20_000, 100_000), rng.randrange(100_000, 200_000), 10**9 - 1]

    order = stored(post(path, numbered(given, numbers)))

    assert plain(order) == as_stored(given)


@requirement("R1", "Names that are no line's make lines, stop others from being read, or end in an error.")
def test_names_that_are_no_lines(edit, post, lines, stored, as_stored, wardrobe, rng):
    given = lines(3)
    code, other = rng.choice(wardrobe.costumes).code, rng.choice(wardrobe.costumes).code
    strange = {
        "lines-x-costume": code,
        "lines-x-count": "1",
        "lines--1-costume": other,
        "lines--1-count": "1",
        "lines-1234567890-costume": code,
        "lines-1234567890-count": "2",
        f"lines-{'9' * 5000}-costume": code,
        "lines-²-costume": other,
        "lines-²-count": "1",
        "lines-٣-costume": code,
        "lines-1_0-count": "3",
        "lines-3-colour": code,
        "lines-4-count-2": "7",
        "lines-5": other,
        "lines-": code,
        "lines": code,
        "xlines-6-count": "1",
    }

    for path in (NEW, edit):
        assert plain(stored(post(path, numbered(given, [2, 7, 11]), more=strange))) == as_stored(given)


@requirement("R1", "An order of a few lines without gaps, some of them blank, is no longer stored as it was sent.")
def test_a_short_order_is_stored_as_it_was_sent(edit, post, lines, head, stored, as_stored, word):
    given = lines(4)
    given[0]["costume"] = f" {given[0]['costume'].lower()} "
    given[1]["note"] = f"  {word(200)} "
    given[2]["note"] = ""
    given[3]["count"] = f" {given[3]['count']} "
    spaces = {"costume": "  ", "count": " ", "note": "   ", "press": False}
    head["company"] = word(80)

    for path in (NEW, edit):
        order = stored(post(path, [BLANK, given[0], spaces, BLANK, *given[1:], BLANK]))
        assert plain(order) == as_stored(given)
        assert (order["company"], order["days"]) == (head["company"], int(head["days"]))
