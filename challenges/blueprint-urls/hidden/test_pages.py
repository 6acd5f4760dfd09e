"""R1: what is on pages leads where it says."""

from __future__ import annotations

from urllib.parse import urljoin

import pytest
from mendbox_harness import SECTIONS
from visiting import Page, loaded_by, numbers_on, shown

from mendbox.testing import requirement


def easy(bank, section):
    """Accessions that the app could always show: of the newer kind of numbers, in boxes without difficulties."""
    return [each for each in bank.of(section) if not each.old and each.box in bank.upper_boxes]


@requirement("R1", "The navigation of a page does not lead to the start page, the sections and the store.")
def test_the_navigation_leads_to_every_part(place, bank):
    start = place.page("/")
    assert start.heading == bank.name

    store = place.open(start.link("Store"))
    assert store.heading == "Store"
    for page, (slug, title) in zip((start, store), SECTIONS.items(), strict=True):
        section = place.open(page.link(title))
        assert section.heading == title
        assert numbers_on(section) == [each.number for each in bank.of(slug)]
    assert place.open(store.link("Start")).heading == bank.name


@requirement("R1", "A number in a section's list does not lead to that accession of that section.")
@pytest.mark.parametrize("section", SECTIONS)
def test_a_list_leads_to_its_own_accessions(below, bank, rng, section):
    page = below.page(f"{bank.paths[section]}/")
    twin = next(each for each in bank.twins[0] if each.section == section)

    for accession in (twin, rng.choice(easy(bank, section))):
        assert shown(below.open(page.link(accession.number)), accession)


@requirement("R1", "From an accession, a link does not lead to its box or its label, or a form is not about it.")
@pytest.mark.parametrize("section", SECTIONS)
def test_an_accession_leads_to_what_belongs_to_it(below, bank, section):
    accession = next(each for each in bank.twins[0] if each.section == section)
    page = below.page(bank.page_of(accession))
    assert shown(page, accession)

    box = below.open(page.link(f"Box {accession.box.code}"))
    assert box.heading == f"Box {accession.box.code}"
    assert accession.taxon in box.text
    label = below.follow(page.link("Label"))
    assert (label.status_code, label.mimetype) == (200, "text/plain")
    assert label.text.splitlines()[1:3] == [accession.number, accession.taxon]
    form = page.form("purpose")
    assert (form["method"], below.path_of(form["target"])) == ("POST", f"{bank.page_of(accession)}/withdrawals")


@requirement("R1", "The link at a place of origin does not lead to all accessions of that section from that place.")
def test_a_place_of_origin_leads_to_all_from_there(below, bank, rng):
    for place in (bank.places[0], *rng.sample(bank.places[1:], 2)):
        section = rng.choice(list(SECTIONS))
        there = [each for each in bank.of(section) if each.origin == place]
        accession = next(each for each in there if not each.old)

        page = below.open(below.page(bank.page_of(accession)).link(place))

        assert page.heading == SECTIONS[section]
        assert numbers_on(page) == [each.number for each in there]
        assert f"From {place}." in page.text
    assert numbers_on(below.open(page.link("Show all"))) == [each.number for each in bank.of(section)]


@requirement("R1", "Level by level and box by box, the pages of the store do not lead to what is in it.")
def test_the_store_leads_to_levels_boxes_and_accessions(below, bank):
    box = bank.twins[0][0].box

    level = below.open(below.page("/store/").link(f"Level {box.level}"))
    assert level.heading == f"Level {box.level}"
    page = below.open(level.link(f"Box {box.code}"))
    assert page.heading == f"Box {box.code}"
    for accession in bank.twins[0]:
        assert shown(below.open(page.link(accession.taxon)), accession)
    assert below.open(page.link(f"Level {box.level}")).heading == f"Level {box.level}"
    form = page.form("level")
    assert (form["method"], below.path_of(form["target"])) == ("POST", f"/store/boxes/{box.code}/moves")


@requirement("R1", "A list, a box or a page does not lead to an accession from before 1970, or to what belongs to it.")
def test_older_numbers_can_be_reached(below, bank, rng):
    accession = rng.choice(bank.twins[1])
    listed = below.page(f"{bank.paths[accession.section]}/")
    assert shown(below.open(listed.link(accession.number)), accession)
    page = below.open(below.page(f"/store/boxes/{accession.box.code}").link(accession.taxon))
    assert shown(page, accession)
    assert below.follow(page.link("Label")).text.splitlines()[1:3] == [accession.number, accession.taxon]
    assert below.path_of(page.form("purpose")["target"]) == f"{bank.page_of(accession)}/withdrawals"


@requirement("R1", "A picture or a style sheet, or what a style sheet loads, does not come.")
def test_pictures_and_styles_are_loaded(below, bank, rng):
    page = below.page(bank.page_of(rng.choice(bank.twins[0])))
    assert len(page.loads) >= 2

    kinds = []
    for address in page.loads:
        answer = below.follow(address)
        assert answer.status_code == 200, address
        kinds.append(answer.mimetype)
        if answer.mimetype == "text/css":
            pictures = loaded_by(answer.text)
            assert pictures, "the style sheet has lost its picture"
            for picture in pictures:
                loaded = below.follow(urljoin(address, picture))
                assert (loaded.status_code, loaded.mimetype) == (200, "image/svg+xml"), picture
    assert {"text/css", "image/svg+xml"} <= set(kinds)


@requirement("R1", "A page that tells of an error does not come, or its navigation leads nowhere.")
def test_pages_of_errors_have_the_navigation_too(below, bank, rng, word):
    accession = rng.choice(bank.twins[0])
    faults = [
        (404, "Not Found", "GET", f"/{word()}", {}),
        (404, "Not Found", "GET", f"{bank.paths[accession.section]}/1969-{rng.randrange(1000, 9999)}", {}),
        (405, "Method Not Allowed", "DELETE", bank.page_of(accession), {}),
        (400, "Bad Request", "POST", f"{bank.page_of(accession)}/withdrawals", {"grams": "0", "purpose": word()}),
    ]
    for status, heading, method, path, data in faults:
        answer = below.ask(path, method, data=data)
        page = Page(urljoin(below.base, path.lstrip("/")), answer)

        assert (answer.status_code, page.heading) == (status, heading), path
        for slug, title in SECTIONS.items():
            assert below.path_of(page.link(title)).rstrip("/") == bank.paths[slug]
        assert below.path_of(page.link("Store")).rstrip("/") == "/store"
    assert numbers_on(below.open(page.link(title))) == [each.number for each in bank.of(slug)]


@requirement("R1", "A page no longer shows what it showed.")
def test_pages_show_what_they_showed(home, bank, rng):
    start = home.page("/").text
    assert all(f"{title}: {len(bank.of(slug))}" in start for slug, title in SECTIONS.items())
    newest = sorted(bank.accessions, key=lambda each: -each.id)[:5]
    assert [text for text, _ in home.page("/").links if text in {each.taxon for each in bank.accessions}] == [
        each.taxon for each in newest
    ]
    section = rng.choice(list(SECTIONS))
    rows = home.page(f"{bank.paths[section]}/").text
    assert all(f"{each.number} {each.taxon} {each.grams} g" in rows for each in bank.of(section))
    accession = rng.choice(bank.twins[0])
    page = home.page(bank.page_of(accession))
    assert shown(page, accession)
    assert f"From {accession.origin}, {accession.grams} g in Box {accession.box.code}. Label" in page.text
    box = home.page(f"/store/boxes/{accession.box.code}")
    inside = sorted(
        (each for each in bank.accessions if each.box is accession.box), key=lambda e: (e.section, e.number)
    )
    assert " ".join(each.taxon for each in inside) in box.text
