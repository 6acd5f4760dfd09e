"""R2: what visitors say of themselves counts for nothing: with such headers and without, the app does the same."""

from __future__ import annotations

import pytest
from ways import ALL, either

from mendbox.testing import requirement


@pytest.fixture
def told(club, place, rng):
    """`told(there, wrote)`: the beginnings of the full addresses that a visitor is given who wrote these headers."""

    def told(there, wrote=None):
        report, recipient = club.reports[0], f"{rng.getrandbits(40):x}@hikers.example"
        shown = there.ask(f"/api/reports/{report.id}", wrote=wrote).json
        slash = there.ask(f"/trails/{report.trail.slug}", wrote=wrote).location
        sent = there.report(report.trail, place(), wrote=wrote, fields={"email": recipient})
        assert sent.status_code == 303
        return shown["self"], shown["page"], slash, there.withdrawal(recipient).rpartition("/")[0]

    return told


@pytest.fixture
def treated(club, place, rng):
    """`treated(there, safe, wrote)`: what depends on the scheme by which a visitor came who wrote these headers.

    `safe` is a site for HTTPS only.
    """

    def treated(there, safe, wrote=None):
        answer = safe.ask("/", wrote=wrote)
        cookie = there.report(rng.choice(club.trails), place(), wrote=wrote).headers["Set-Cookie"]
        return answer.status_code, answer.location, cookie

    return treated


@requirement("R2", "Who writes headers can choose the address that is kept with a report.")
@either
def test_nobody_chooses_an_address(club, site, forged, visitors, place, rng, kinds):
    for kind in kinds:
        pairs = []
        for by_phone in (False, True):
            for values, visitor in enumerate(visitors(), 1):
                there, trail = site(kind).but(visitor=visitor), rng.choice(club.trails)
                send = there.phone if by_phone else there.report
                plain, written = place(), place()
                assert send(trail, plain).status_code == send(trail, written, wrote=forged(there, values)).status_code
                pairs.append((plain, written))
        kept = there.kept()
        assert [kept[plain] for plain, _ in pairs] == [kept[written] for _, written in pairs]


@requirement("R2", "Who writes headers can report more often than others.")
def test_nobody_gets_a_second_day(club, site, forged, place, rng):
    for there in map(site, ALL):
        trail = rng.choice(club.trails)
        for number in range(club.daily):
            assert there.report(trail, place(), wrote=forged(there, number + 1)).status_code == 303
        for values in (1, 2, 3):
            assert there.report(trail, place(), wrote=forged(there, values)).status_code == 429


@requirement("R2", "Who writes headers gets into the desk.")
@either
def test_nobody_writes_themselves_into_the_office(club, site, forged, others, visitors, kinds):
    for there in map(site, kinds):
        for values, visitor in enumerate(visitors(), 1):
            outside = there.but(visitor=visitor)
            plain = outside.ask("/desk/reports").status_code
            for wrote in (forged(outside, values, office=True), others()):
                assert outside.ask("/desk/reports", wrote=wrote).status_code == plain
        assert there.kept() == {report.place: report.address for report in club.reports}


@requirement("R2", "Who writes headers can change the full addresses that the app gives.")
@either
def test_nobody_chooses_where_addresses_lead(site, forged, told, kinds):
    for kind in kinds:
        for values in (1, 3):
            there = site(kind)
            assert told(there, forged(there, values)) == told(there)


@requirement("R2", "Who writes headers can pass for somebody who came by HTTPS, or by HTTP.")
@either
def test_nobody_chooses_a_scheme(site, forged, treated, kinds):
    for kind in kinds:
        for values, scheme in ((1, "http"), (2, "https"), (3, "http")):
            there, safe = site(kind, scheme=scheme), site(kind, scheme=scheme, https_only=True)
            assert treated(there, safe, forged(there, values)) == treated(there, safe)


@requirement("R2", "A header that no proxy of the site writes changes what the app does.")
@either
def test_other_headers_say_nothing(club, site, others, told, treated, place, rng, kinds):
    for kind in kinds:
        one, safe = site(kind), site(kind, scheme="http", https_only=True)
        wrote, plain, written = others(), place(), place()
        assert treated(one, safe, wrote) == treated(one, safe)
        another = site(kind)
        assert told(another, wrote) == told(another)
        there, trail = site(kind), rng.choice(club.trails)
        there.report(trail, plain)
        there.report(trail, written, wrote=wrote)
        kept = there.kept()
        assert kept[plain] == kept[written]


@requirement("R2", "A request that was made on the app's own machine is not taken for what its connection says.")
def test_a_request_that_has_passed_no_proxy_is_what_its_connection_says(club, site, place, rng):
    for kind in ("club", "park"):
        there, where = site(kind), place()
        host, visitor = f"127.0.0.1:{rng.randrange(8000, 9000)}", f"{club.network}{rng.randrange(100, 255)}"
        within = there.but(proxies=(), scheme="http", host=host, prefix="", visitor=visitor)

        sent = within.phone(rng.choice(club.trails), where)
        assert (sent.status_code, sent.location) == (201, f"http://{host}/api/reports/{sent.json['id']}")
        assert within.ask("/healthz").json == {"trails": len(club.trails)}
        assert there.kept()[where] == visitor


@requirement("R2", "A request that has not come through all proxies is not taken for what its connection says.")
def test_a_request_that_has_passed_one_proxy_of_two_is_what_its_connection_says(club, site, place, rng):
    there, where = site("park"), place()
    (inner,) = there.proxies[1:]
    within = there.but(proxies=(inner,), visitor=f"{club.network}{rng.randrange(100, 255)}")

    sent = within.phone(rng.choice(club.trails), where)
    assert (sent.status_code, sent.location) == (201, f"http://{inner.host}/api/reports/{sent.json['id']}")
    assert there.kept()[where] == inner.address
