"""R2: addresses in redirects, headers, JSON, labels and the sitemap."""

from __future__ import annotations

from urllib.parse import unquote, urljoin

import pytest
from mendbox_harness import PURPOSES, SECTIONS
from visiting import shown

from mendbox.testing import requirement


def as_json(accession):
    """An accession as the API shows it, but for addresses."""
    fields = ("id", "section", "number", "taxon", "origin", "grams")
    return {field: getattr(accession, field) for field in fields}


@requirement("R2", "Who has taken seeds out is not led back to the accession.")
@pytest.mark.parametrize("section", SECTIONS)
def test_taking_seeds_out_leads_back_to_the_accession(below, bank, rng, word, section):
    accession = next(each for each in bank.twins[0] if each.section == section)
    grams, purpose = rng.randrange(1, 40), f"{rng.choice(PURPOSES)} {word()}"
    asked = f"{bank.page_of(accession)}/withdrawals"

    answer = below.ask(asked, "POST", data={"grams": str(grams), "purpose": purpose})

    assert answer.status_code == 303
    page = below.sent_to(urljoin(below.base, asked[1:]), answer)
    assert shown(page, accession)
    assert f"{grams} g: {purpose}" in page.text
    assert f"{accession.grams - grams} g in Box" in page.text


@requirement("R2", "Who has chosen an order, or moved a box, is not led to the list or to the level.")
def test_choosing_an_order_and_moving_a_box_lead_on(below, bank, rng):
    for slug, title in SECTIONS.items():
        asked = f"{bank.paths[slug]}/order"
        answer = below.ask(asked, "POST", data={"order": "number"})
        page = below.sent_to(urljoin(below.base, asked[1:]), answer)
        assert page.heading == title
        assert bank.of(slug)[-1].taxon in page.text

    box, level = rng.choice(bank.upper_boxes), rng.choice([8, 9])
    asked = f"/store/boxes/{box.code}/moves"
    page = below.sent_to(urljoin(below.base, asked[1:]), below.ask(asked, "POST", data={"level": str(level)}))
    assert page.heading == f"Level {level}"
    assert f"Box {box.code}" in page.text


@requirement("R2", "An address of the older catalogue does not lead to where the accession is now.")
def test_an_old_address_leads_to_the_accession(below, bank):
    for path, accession in bank.old_addresses[:2]:
        answer = below.ask(f"/{path}")
        assert answer.status_code == 301
        assert shown(below.sent_to(urljoin(below.base, path), answer), accession)


@requirement("R2", "For a number from before 1970, a label, citation or withdrawal does not lead to the accession.")
def test_older_numbers_are_led_to_as_well(below, bank, rng, word):
    accession = rng.choice(bank.twins[1])
    label = below.ask(f"{bank.page_of(accession)}/label").text.splitlines()
    assert shown(below.open(label[-1]), accession)
    path = next(path for path, cited in bank.old_addresses if cited is accession)
    assert shown(below.sent_to(urljoin(below.base, path), below.ask(f"/{path}")), accession)

    grams, purpose = rng.randrange(1, 40), word()
    asked = f"{bank.page_of(accession)}/withdrawals"
    answer = below.ask(asked, "POST", data={"grams": str(grams), "purpose": purpose})
    page = below.sent_to(urljoin(below.base, asked[1:]), answer)
    assert shown(page, accession)
    assert f"{grams} g: {purpose}" in page.text
    assert f"{accession.grams - grams} g in Box" in page.text


@requirement("R2", "An address of the older catalogue no longer leads on, or one that is unknown does.")
def test_the_older_catalogue_is_still_known(home, bank, rng, word):
    path, accession = rng.choice(bank.old_addresses)
    answer = home.ask(f"/{path}")
    assert answer.status_code == 301
    assert urljoin(home.base, answer.headers["Location"]).endswith(accession.number)
    assert home.ask(f"/{path}", "HEAD").status_code == 301
    assert home.ask(f"/{path}{word()}").status_code == 404
    newer = rng.choice(bank.twins[0])
    assert shown(home.page(bank.page_of(newer)), newer)


@requirement(
    "R2", "The API's addresses do not lead from one accession to its page, or from the first ones to the next."
)
def test_the_api_leads_to_accessions_pages_and_the_next_ones(below, bank):
    asked, seen = urljoin(below.base, "api/accessions"), []
    while asked:
        answer = below.follow(asked)
        assert answer.status_code == 200
        assert len(answer.json["accessions"]) <= 10
        seen += [(asked, each) for each in answer.json["accessions"]]
        asked = answer.json["next"] and urljoin(asked, answer.json["next"])
    assert [each["id"] for _, each in seen] == [each.id for each in bank.accessions]

    for accession in bank.twins[0]:
        address, given = next((at, each) for at, each in seen if each["id"] == accession.id)
        assert given | as_json(accession) == given
        assert below.follow(urljoin(address, given["self"])).json == given
        assert shown(below.open(urljoin(address, given["page"])), accession)


@requirement("R2", "The API's lists of a section do not lead to the next accessions of that section.")
@pytest.mark.parametrize("section", SECTIONS)
def test_the_next_ones_are_of_the_same_section(below, bank, section):
    first = below.ask("/api/accessions", query_string={"section": section})
    ids = [each.id for each in bank.accessions if each.section == section]
    assert [each["id"] for each in first.json["accessions"]] == ids[:10]

    following = below.follow(urljoin(below.base + "api/accessions", first.json["next"])).json

    assert [each["id"] for each in following["accessions"]] == ids[10:]
    assert following["next"] is None


@requirement("R2", "What was stored by the API is not at the address in Location, or not at that of its page.")
def test_a_new_accession_is_where_the_answer_says(below, bank, rng, word):
    section, box = rng.choice(list(SECTIONS)), rng.choice(bank.upper_boxes)
    new = {"section": section, "number": f"2026-{rng.randrange(10_000):04}", "taxon": word(), "origin": word()}
    new["grams"] = rng.randrange(1, 500)

    answer = below.ask("/api/accessions", "POST", json=new | {"box": box.code})

    assert answer.status_code == 201
    asked = urljoin(below.base, "api/accessions")
    stored = below.follow(urljoin(asked, answer.headers["Location"]))
    assert stored.json == answer.json == answer.json | new
    page = below.open(urljoin(asked, answer.json["page"]))
    assert (page.heading, new["taxon"] in page.text) == (new["number"], True)


@requirement("R2", "A label does not end with the full address of the accession's page.")
def test_a_label_has_the_full_address_of_its_page(below, bank):
    for accession in bank.twins[0]:
        lines = below.ask(f"{bank.page_of(accession)}/label").text.splitlines()

        assert lines[:3] == [bank.name.upper(), accession.number, accession.taxon]
        assert len(lines) == 4
        assert shown(below.open(lines[3]), accession)


@requirement("R2", "The sitemap does not hold the full addresses of the start page, the sections and all accessions.")
def test_the_sitemap_has_the_full_address_of_every_page(below, bank, rng):
    answer = below.ask("/sitemap.txt")
    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    start, wild, crops, *accessions = answer.text.splitlines()

    assert below.open(start).heading == bank.name
    assert below.open(wild).heading == SECTIONS["wild"]
    assert below.open(crops).heading == SECTIONS["crops"]
    assert [unquote(below.path_of(line)) for line in accessions] == [bank.page_of(each) for each in bank.accessions]
    chosen = rng.choice([each for each in bank.accessions if not each.old])
    assert shown(below.open(accessions[bank.accessions.index(chosen)]), chosen)


@requirement("R2", "What was refused before is no longer refused, or is half done.")
def test_refusals_change_nothing(home, bank, rng, word):
    accession = rng.choice(bank.twins[0])
    for grams, purpose in ((accession.grams + 1, word()), (0, word()), (word(), word()), (3, " ")):
        data = {"grams": str(grams), "purpose": purpose}
        answer = home.ask(f"{bank.page_of(accession)}/withdrawals", "POST", data=data)
        assert answer.status_code == 400
    assert f"{accession.grams} g in Box" in home.page(bank.page_of(accession)).text

    shown_as = as_json(accession)
    again = shown_as | {"box": accession.box.code}
    assert home.ask("/api/accessions", "POST", json=again).status_code == 409
    for wrong in ({"number": word()}, {"grams": 0}, {"box": "9" * 4}, {"section": word()}):
        assert home.ask("/api/accessions", "POST", json=again | wrong).status_code == 400
    stored = home.ask(f"/api/accessions/{accession.id}").json
    assert stored | shown_as == stored
    assert set(stored) == {*shown_as, "self", "page"}
