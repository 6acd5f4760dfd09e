"""R5: the order of a list."""

from __future__ import annotations

from mendbox_harness import SECTIONS
from visiting import Place, numbers_on

from mendbox.testing import requirement


def numbers(place, bank, section):
    return numbers_on(place.page(f"{bank.paths[section]}/"))


def in_order(bank, section, order):
    return [each.number for each in sorted(bank.of(section), key=lambda each: getattr(each, order))]


@requirement("R5", "The order that was chosen for a section is not that of its list, or is that of the other's, too.")
def test_the_order_is_remembered_for_its_section(place, bank, rng):
    one, other = rng.sample(list(SECTIONS), 2)
    place.submit(place.page(f"{bank.paths[one]}/").form("order"), {"order": "taxon"})
    assert numbers(place, bank, one) == in_order(bank, one, "taxon")
    assert numbers(place, bank, other) == in_order(bank, other, "number")

    place.ask(f"{bank.paths[other]}/order", "POST", data={"order": "taxon"})
    place.ask(f"{bank.paths[one]}/order", "POST", data={"order": "number"})
    assert numbers(place, bank, one) == in_order(bank, one, "number")
    assert numbers(place, bank, other) == in_order(bank, other, "taxon")


@requirement("R5", "One visitor's order is another's, too, or an order that makes no sense is accepted.")
def test_a_list_is_in_the_order_of_numbers_unless_chosen(app, home, bank, rng, word):
    section = rng.choice(list(SECTIONS))
    assert home.ask(f"{bank.paths[section]}/order", "POST", data={"order": word()}).status_code == 400
    assert numbers(home, bank, section) == in_order(bank, section, "number")

    home.ask(f"{bank.paths[section]}/order", "POST", data={"order": "taxon"})
    assert numbers(Place(app.client(), ""), bank, section) == in_order(bank, section, "number")
