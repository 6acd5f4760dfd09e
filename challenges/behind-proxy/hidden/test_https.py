"""R5: HTTPS is what the visitor uses."""

from __future__ import annotations

from ways import ALL, PROXIED, either

from mendbox.testing import requirement


@requirement("R5", "Where there is only HTTPS, who comes by it is not answered.")
def test_who_comes_by_https_is_answered(club, site, place, rng):
    for kind in PROXIED:
        there, trail, where = site(kind, scheme="https", https_only=True), rng.choice(club.trails), place()
        assert there.page(f"/trails/{trail.slug}/").heading == trail.name
        sent = there.phone(trail, where)
        assert (sent.status_code, sent.json["place"]) == (201, where)


@requirement("R5", "Where there is only HTTPS, who comes by HTTP is not sent to the same address by HTTPS.")
@either
def test_who_comes_by_http_is_sent_to_https(club, site, place, rng, kinds):
    for kind in kinds:
        there, trail = site(kind, scheme="http", https_only=True), rng.choice(club.trails)
        asked = f"/trails/{trail.slug}/?all=1&from={rng.randrange(10**6)}"
        answer = there.ask(asked)
        assert (answer.status_code, answer.location) == (308, f"https://{there.host}{there.prefix}{asked}")
        assert there.phone(trail, place()).status_code == 308


@requirement("R5", "The cookie is not Secure for somebody who came by HTTPS, or it is for somebody who did not.")
@either
def test_the_cookie_is_as_secure_as_the_visit(club, site, place, rng, kinds):
    for kind in kinds:
        for scheme, https_only in (("https", False), ("http", False), ("https", True)):
            there, name = site(kind, scheme=scheme, https_only=https_only), f"Ada{rng.randrange(10**6)}"
            sent = there.report(rng.choice(club.trails), place(), fields={"name": name})
            cookie = sent.headers["Set-Cookie"]
            assert cookie.startswith(f"name={name};")
            assert ("Secure" in cookie) == (scheme == "https")


@requirement("R5", "The health of a site for HTTPS only can't be asked for on its own machine.")
def test_the_machine_itself_asks_by_http(club, site):
    for kind in ALL:
        there = site(kind, scheme="http", https_only=True).but(proxies=(), prefix="")
        assert there.ask("/healthz").json == {"trails": len(club.trails)}
