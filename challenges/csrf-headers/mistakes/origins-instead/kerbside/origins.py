"""Where a request comes from, as browsers tell it.

`Sec-Fetch-Site` is what new browsers send, `Origin` what most of them do, and `Referer` what is left. A request that has
none of the three is none of a browser: it has no cookies of anybody's to abuse.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Request

OUR_SITES = frozenset({"same-origin", "none"})
PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Origin:
    """A scheme, a host and a port."""

    scheme: str
    host: str
    port: int | None

    @classmethod
    def of(cls, address: str) -> "Origin | None":
        """That of an address, None where it is none."""
        try:
            parts = urlsplit(address)
            port = parts.port
        except ValueError:
            return None
        if parts.scheme not in PORTS or not parts.hostname:
            return None
        return cls(parts.scheme, parts.hostname, port or PORTS[parts.scheme])


def _by_site(request: Request) -> bool | None:
    told = request.headers.get("Sec-Fetch-Site")
    return None if told is None else told.strip().lower() in OUR_SITES


def _by_address(request: Request, header: str) -> bool | None:
    told = request.headers.get(header)
    if told is None:
        return None
    return Origin.of(told) == Origin.of(request.host_url)


def is_ours(request: Request) -> bool:
    """Whether a page of this site sent the request, as far as can be told."""
    for answer in (_by_site(request), _by_address(request, "Origin"), _by_address(request, "Referer")):
        if answer is not None:
            return answer
    return True
