"""What the tests share: the club, the sites, and visitors who write headers."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

import pytest
from mendbox_harness import Club, word
from ways import Proxy, Site, names
from werkzeug.test import Client

PROXIES = {"hut": 0, "club": 1, "park": 2}


@pytest.fixture
def club(seed: int) -> Club:
    """The trails and reports of this grading."""
    return Club(seed)


@pytest.fixture
def place(rng: random.Random) -> Callable[[], str]:
    """Gives another place at each call, which no report has."""
    return lambda: f"{word(rng)} {rng.randrange(10**6)}"


@pytest.fixture
def octets(rng: random.Random) -> Iterator[int]:
    """Numbers of which no two are the same, so that no two visitors of a test are."""
    return iter(rng.sample(range(256), 256))


@pytest.fixture
def visitors(rng: random.Random, octets: Iterator[int]) -> Callable[[], list[str]]:
    """Gives three addresses at each call, none of the office's: a public one, a private one, and one of IPv6."""

    def visitors() -> list[str]:
        octet = next(octets)
        return [
            f"198.51.{octet}.{rng.randrange(1, 255)}",
            f"10.{rng.randrange(16, 240)}.{octet}.{rng.randrange(1, 255)}",
            f"2001:db8:{octet + 1:x}::{rng.randrange(1, 65_536):x}",
        ]

    return visitors


@pytest.fixture
def site(client: Client, club: Club, rng: random.Random, octets: Iterator[int]) -> Callable[..., Site]:
    """`site("park")`: a site by its usual scheme, of a drawn name and path, behind as many proxies as it has.

    The innermost proxy stands in the office's network, the one before it doesn't. The two of the park speak HTTP with
    each other where visitors use HTTPS, and the other way round.
    """

    def site(kind: str, *, scheme: str = "", https_only: bool = False) -> Site:
        count = PROXIES[kind]
        scheme = scheme or ("https" if count else "http")
        proxies = [Proxy(f"{club.network}{rng.randrange(2, 99)}", "http", f"127.0.0.1:{rng.randrange(8000, 9000)}", "")]
        inner = {"http": "https", "https": "http"}[scheme]
        address = f"203.0.{rng.randrange(256)}.{rng.randrange(1, 255)}"
        proxies.insert(0, Proxy(address, inner, f"origin.{word(rng)}.example", f"/{word(rng)}"))
        return Site(
            client=client,
            port=club.ports[count, https_only],
            proxies=tuple(proxies[2 - count :]),
            scheme=scheme,
            host=names(rng),
            prefix=f"/{word(rng)}/{word(rng)}" if count else "",
            comma=rng.choice((",", ", ")),
            visitor=f"198.51.{next(octets)}.{rng.randrange(1, 255)}",
            office=f"{club.network}{rng.randrange(100, 255)}",
        )

    return site


@pytest.fixture
def forged(club: Club, rng: random.Random) -> Callable[..., dict[str, str]]:
    """`forged(site, 3)`: the four headers with three values each, none of which is the site's own or its visitor's.

    The addresses are others' who are no more known to the site, or with `office=True` such of the office.
    """

    def forged(site: Site, values: int, *, office: bool = False) -> dict[str, str]:
        network = club.network if office else f"192.0.{rng.randrange(3, 256)}."
        made = {
            "For": [f"{network}{rng.randrange(100, 255)}" for _ in range(values)],
            "Proto": ["http" if site.scheme == "https" else "https"] * values,
            "Host": [names(rng) for _ in range(values)],
            "Prefix": [f"/{word(rng)}-{rng.randrange(99)}" for _ in range(values)],
        }
        return {f"X-Forwarded-{name}": rng.choice((",", ", ")).join(written) for name, written in made.items()}

    return forged


@pytest.fixture
def others(club: Club, rng: random.Random) -> Callable[[], dict[str, str]]:
    """Headers that no proxy here writes, and others elsewhere do."""

    def others() -> dict[str, str]:
        address, host = f"{club.network}{rng.randrange(100, 255)}", names(rng)
        return {
            "Forwarded": f"for={address};host={host};proto=https",
            "X-Real-IP": address,
            "X-Client-IP": address,
            "Client-IP": address,
            "True-Client-IP": address,
            "CF-Connecting-IP": address,
            "X-Forwarded-Port": str(rng.randrange(4000, 5000)),
            "X-Forwarded-Server": host,
            "X-Forwarded-Scheme": "https",
            "X-Forwarded-Ssl": "on",
            "X-Original-Host": host,
            "X-Host": host,
            "X-Scheme": "https",
            "X-Url-Scheme": "https",
            "Front-End-Https": "on",
            "X-Script-Name": f"/{word(rng)}",
            "Script-Name": f"/{word(rng)}",
        }

    return others
