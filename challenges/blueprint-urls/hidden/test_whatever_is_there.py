"""R3: numbers of both kinds, levels below ground, boxes with any code."""

from __future__ import annotations

import pytest
from mendbox_harness import SECTIONS
from visiting import shown

from mendbox.testing import requirement


@requirement("R3", "An accession with a number from before 1970 can't be opened at its address, with its label.")
@pytest.mark.parametrize("section", SECTIONS)
def test_numbers_of_the_older_kind_have_a_page_and_a_label(home, bank, rng, section):
    twin = next(each for each in bank.twins[1] if each.section == section)
    for accession in (twin, rng.choice([each for each in bank.of(section) if each.old])):
        assert shown(home.page(bank.page_of(accession)), accession)
        label = home.ask(f"{bank.page_of(accession)}/label")
        assert label.status_code == 200
        assert label.text.splitlines()[1:3] == [accession.number, accession.taxon]


@requirement("R3", "A level below ground can't be opened, or no box can be moved there.")
def test_levels_below_ground_can_be_opened(home, bank, rng):
    for box in bank.deep_boxes:
        level = home.page(f"/store/levels/{box.level}")
        assert level.heading == f"Level {box.level}"
        assert home.open(level.link(f"Box {box.code}")).heading == f"Box {box.code}"

    moved, target = rng.choice(bank.upper_boxes), rng.choice(bank.deep_boxes).level
    form = home.page(f"/store/boxes/{moved.code}").form("level")
    page = home.submit(form, {"level": str(target)})
    assert page.heading == f"Level {target}"
    assert f"Box {moved.code}" in page.text


@requirement("R3", "A box whose code begins with a zero can't be opened or moved, or has several addresses.")
def test_a_box_has_the_address_with_its_three_digits(home, bank, rng):
    for box in bank.zero_boxes:
        page = home.page(f"/store/boxes/{box.code}")
        assert page.heading == f"Box {box.code}"
        inside = [each.taxon for each in bank.accessions if each.box is box]
        assert all(taxon in page.text for taxon in inside)
        for other in (box.code.lstrip("0"), f"0{box.code}"):
            assert home.ask(f"/store/boxes/{other}").status_code == 404, other

    level = rng.choice([8, 9])
    assert f"Box {box.code}" in home.submit(page.form("level"), {"level": str(level)}).text
    assert home.page(f"/store/boxes/{box.code}").link(f"Level {level}").endswith(f"/store/levels/{level}")


@requirement("R3", "What could be opened no longer can, or what is not there is shown.")
def test_what_is_there_is_shown_and_what_is_not_is_404(home, bank, rng, word):
    accession = rng.choice(bank.twins[0])
    assert shown(home.page(bank.page_of(accession)), accession)
    for box in bank.upper_boxes:
        assert home.page(f"/store/boxes/{box.code}").heading == f"Box {box.code}"
        assert f"Box {box.code}" in home.page(f"/store/levels/{box.level}").text

    codes, numbers = {box.code for box in bank.boxes}, {each.number for each in bank.accessions}
    missing = [f"/store/boxes/{code}" for code in (f"{rng.randrange(100, 1000)}", "1000") if code not in codes]
    missing += [f"/store/levels/{level}" for level in (rng.randrange(8, 99), word())]
    section = bank.paths[rng.choice(list(SECTIONS))]
    unknown = (f"1969-{rng.randrange(10_000):04}", f"70/{rng.randrange(1, 999)}", accession.number[:-1])
    missing += [f"{section}/{number}" for number in unknown if number not in numbers]
    assert {path: home.ask(path).status_code for path in missing} == dict.fromkeys(missing, 404)
