"""Who a stranger is: the address that a request comes from, as far as it can be believed.

`X-Forwarded-For` is what its sender says. It counts only from as many proxies as `MENDBOX_TRUSTED_PROXIES` names; each
appends the address that it saw, so the last ones in the list are theirs.
"""

from __future__ import annotations

import ipaddress

from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix

UNKNOWN = "unknown"
#: Whoever has one IPv6 address has the 2^64 of its network (RFC 6177, RFC 7934).
_IPV6_NETWORK = 64


def believe_proxies(app: Flask, proxies: int) -> None:
    """Have `request` show the address and scheme that so many proxies report; with 0, those of the connection."""
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=0)  # type: ignore[method-assign]


def caller_address() -> str:
    """Whom to count a request without a token against: an IPv4 address, or the network of an IPv6 one."""
    return network_of(request.remote_addr)


def network_of(address: str | None) -> str:
    """The address itself, or its /64 for IPv6; `unknown` for what is none."""
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return UNKNOWN
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    # A zone (fe80::1%eth0) is the host's own word and belongs to no network's name.
    return str(ipaddress.ip_network((int(parsed), _IPV6_NETWORK), strict=False))
