"""R4: climbers' websites."""

from __future__ import annotations

import pytest
from browser import seen

from mendbox.testing import requirement

SCRIPTS = ("javascript:{0}()", "JavaScript:{0}()//http://", "javascript://{0}.example/%0a{1}()", "vbscript:{0}")
OTHERS = ("data:text/html,<{0}>", "//{0}.example/{1}", "{0}.example/{1}", "/{0}?next=https://{1}.example", "https:/{0}")


@pytest.fixture
def entries(show):
    """What the list and the page of a climber show: the whole page, and the part that is about the climber."""

    def entries(climber):
        listed, page = show("/climbers"), show(f"/climbers/{climber}")
        return [(listed, listed.one("li", "climber", data_id=climber)), (page, page.one("main"))]

    return entries


def leads_to(element):
    own = [link.get("href") for link in element.all("a") if "/boulders/" not in (link.get("href") or "")]
    return [address for address in own if not (address or "").startswith("/climbers/")]


@requirement("R4", "A website that is code is a link, or is not shown.")
def test_code_is_no_link(entries, join, word):
    for pattern in SCRIPTS:
        website = pattern.format(word(), word())

        for _, entry in entries(join(f"{word()} {word()}", website)):
            assert website in entry.text
            assert leads_to(entry) == []


@requirement("R4", "A website that does not begin with http:// or https:// is a link, or is not shown.")
def test_what_leads_elsewhere_is_no_link(entries, join, word):
    for pattern in OTHERS:
        website = pattern.format(word(), word())

        for _, entry in entries(join(f"{word()} {word()}", website)):
            assert website in entry.text
            assert leads_to(entry) == []


@requirement("R4", "A harmful website that has been in the database for long is still a link.")
def test_websites_that_were_stored_before_are_no_links_either(entries, hall):
    climber = hall.climbers[-1]

    for page, entry in entries(climber["id"]):
        assert seen(climber["website"]) in entry.text
        assert leads_to(entry) == []
        assert page.leaves_the_web() == []


@requirement("R4", "A website that begins with http:// or https:// is no longer a link to exactly that address.")
def test_websites_are_links(entries, join, hall, word):
    a, b = word(), word()
    websites = [f"http://{a}.example", f"HTTPS://{a}.example/{b}?x=1&y=\"{a}\"#'{b}'", f"Http://{b}.example/<{a}>"]
    climbers = {join(f"{word()} {word()}", website): website for website in websites}
    climbers |= {climber["id"]: climber["website"] for climber in hall.climbers[:-1] if climber["website"]}

    for climber, website in climbers.items():
        for _, entry in entries(climber):
            link = entry.one("a", "website")
            assert (link.get("href"), link.text) == (website, website)

    name = f"{word()} {a}"
    for _, entry in entries(join(name)):
        assert name in entry.text
        assert leads_to(entry) == []
