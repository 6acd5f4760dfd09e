"""R3: what holds for the lines together."""

from __future__ import annotations

from orderpage import BLANK, NEW, numbered, plain, refused

from mendbox.testing import requirement


@requirement("R3", "An order of more than 40 lines is not refused, or some of its lines do not come back.")
def test_41_lines_are_refused_and_come_back(path, post, lines, accounts, wardrobe):
    given = lines(41)
    given.insert(7, BLANK)

    refused(post(path, given), given, {}, "lines")

    assert accounts() == wardrobe.listed()


@requirement("R3", "An order of 40 lines is refused, or is not stored as it was sent.")
def test_40_lines_and_blank_ones_are_an_order(post, lines, stored, as_stored):
    given = lines(40)

    order = stored(post(NEW, [*given[:20], BLANK, *given[20:], BLANK]))

    by_note = [sorted(found, key=lambda line: line["note"]) for found in (plain(order), as_stored(given))]
    assert by_note[0] == by_note[1]


@requirement("R3", "A form of more than 200 lines is not answered with 413, or one of 200 is.")
def test_201_lines_are_too_many(edit, post, lines, stored, as_stored, packing, wardrobe, rng):
    one, other = lines(2)
    numbers = sorted(rng.sample(range(10**9), 201))
    too_many = numbered([*[BLANK] * 100, one, *[BLANK] * 99, other], numbers)
    for path, action in ((NEW, "save"), (NEW, "add"), (edit, "save"), (edit, f"remove-{numbers[0]}")):
        assert post(path, too_many, action).status_code == 413
    assert packing(wardrobe.order.id) == wardrobe.order.packing()

    del too_many[numbers[0]]
    assert plain(stored(post(edit, too_many))) == as_stored([one, other])


@requirement("R3", "Several lines together get more pieces of a costume than there are, or not each of them is told.")
def test_pieces_of_several_lines_count_together(edit, post, lines, accounts, wardrobe, word):
    given = lines(7)
    costume, other = (
        next(each for each in wardrobe.costumes if each.code == line["costume"]) for line in (given[1], given[2])
    )
    given[1]["count"] = str(costume.pieces // 2)
    given[4] |= {"costume": costume.code.lower(), "count": "1"}
    given[6] |= {"costume": costume.code, "count": str(costume.pieces - costume.pieces // 2)}
    given[0] |= {"costume": other.code, "count": str(other.pieces)}
    given[2]["count"] = word(3)

    refused(post(edit, given), given, {1: {"count"}, 2: {"count"}, 4: {"count"}, 6: {"count"}})

    assert accounts() == wardrobe.listed()


@requirement("R3", "All pieces of a costume can't be had together, or one more than there are can.")
def test_all_pieces_of_a_costume(post, lines, stored, as_stored, wardrobe, rng):
    given = lines(3)
    costume = next(each for each in wardrobe.costumes if each.code == given[0]["costume"])
    first = rng.randrange(1, costume.pieces)
    given[0]["count"], given[2]["costume"] = str(first), costume.code
    given[2]["count"] = str(costume.pieces - first)
    assert plain(stored(post(NEW, given))) == as_stored(given)

    single = [given[0] | {"count": str(costume.pieces + 1)}, given[1]]
    refused(post(NEW, single), single, {0: {"count"}})


@requirement("R3", "An order without any line is stored, or its message is somewhere else.")
def test_an_order_has_a_line(edit, post, accounts, wardrobe, head):
    for path in (NEW, edit):
        page = refused(post(path, [BLANK, BLANK]), [BLANK, BLANK], {}, "lines")
        assert page.head == head
    refused(post(NEW, []), [], {}, "lines")
    assert accounts() == wardrobe.listed()
