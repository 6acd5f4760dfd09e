"""R4: full addresses are those under which the site was asked for."""

from __future__ import annotations

from itertools import product
from xml.etree import ElementTree

import pytest
from ways import ALL, PROXIED, either

from mendbox.testing import requirement

ATOM = "{http://www.w3.org/2005/Atom}"


def feed_of(there):
    """The addresses in the feed: its own and the site's, then those of reports."""
    root = ElementTree.fromstring(there.ask("/feed.atom").text)
    own = [link.get("href") for link in root.findall(f"{ATOM}link")]
    return own + [entry.find(f"{ATOM}link").get("href") for entry in root.iter(f"{ATOM}entry")]


@requirement("R4", "The feed has addresses that do not lead to where it came from.")
@pytest.mark.parametrize(
    ("kinds", "schemes"),
    [(("hut",), ("http",)), (("hut",), ("https",)), (PROXIED, ("http", "https"))],
    ids=["direct", "direct-by-https", "proxied"],
)
def test_the_feed_leads_to_the_site(club, site, kinds, schemes):
    newest = [report.id for report in reversed(club.reports) if report.open]
    for kind, scheme in product(kinds, schemes):
        there = site(kind, scheme=scheme)
        assert feed_of(there) == [
            f"{there.base}/feed.atom",
            f"{there.base}/",
            *(f"{there.base}/reports/{number}" for number in newest),
        ]


@requirement("R4", "A mail has an address that does not lead to the withdrawal.")
def test_a_mail_leads_to_the_site(club, site, place, rng):
    for there in map(site, PROXIED):
        where, recipient = place(), f"{rng.getrandbits(40):x}@hikers.example"
        assert there.report(rng.choice(club.trails), where, fields={"email": recipient}).status_code == 303
        page = there.page(there.path_of(there.withdrawal(recipient)))
        assert page.heading.startswith("Withdraw report ")
        assert f"landslip, {where}" in page.text


@requirement("R4", "The API gives addresses that do not lead to the report.")
@either
def test_the_api_leads_to_the_report(club, site, place, rng, kinds):
    for there in map(site, kinds):
        where = place()
        sent = there.phone(rng.choice(club.trails), where)
        shown = sent.json
        assert sent.location == shown["self"] == f"{there.base}/api/reports/{shown['id']}"
        assert shown["page"] == f"{there.base}/reports/{shown['id']}"
        assert there.follow(sent.location).json == shown
        assert where in there.page(there.path_of(shown["page"])).text


@requirement("R4", "Who leaves out the last slash is sent elsewhere.")
def test_a_missing_slash_is_added(club, site, rng):
    for kind in PROXIED:
        for scheme in ("http", "https"):
            there, trail = site(kind, scheme=scheme), rng.choice(club.trails)
            answer = there.ask(f"/trails/{trail.slug}?all=1")
            assert (answer.status_code, answer.location) == (308, f"{there.base}/trails/{trail.slug}/?all=1")
            assert there.page(there.path_of(answer.location)).heading == trail.name


@requirement("R4", "Full addresses have lost the port by which the site was asked for.")
def test_a_port_is_part_of_the_address(club, site, rng):
    for kind in ALL:
        there = site(kind)
        there = there.but(host=f"{there.host}:{rng.randrange(4000, 5000)}")
        assert feed_of(there)[:2] == [f"{there.base}/feed.atom", f"{there.base}/"]
        slug = rng.choice(club.trails).slug
        assert there.ask(f"/trails/{slug}").location == f"{there.base}/trails/{slug}/"


@requirement("R4", "A site that has several names and paths gives addresses of another one than it was asked by.")
def test_a_site_may_have_several_names(site):
    for kind in ALL:
        ways = [site(kind), site(kind), site(kind)]
        for there in (*ways, ways[0]):
            assert feed_of(there)[:2] == [f"{there.base}/feed.atom", f"{there.base}/"]
