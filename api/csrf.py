"""What shows that a request comes from the session's own page and not from another site that the browser has open.

A browser sends the session's cookie with whatever any page makes it send, so a request that changes something and is
known by the cookie alone must also carry `X-CSRF-Token`, which only a page of ours can read, and must not come from
another site by the browser's own word. A token in `Authorization` is never sent by itself and needs neither.
"""

from __future__ import annotations

import hashlib
from urllib.parse import urlsplit

from flask import request
from itsdangerous import Signer

from api.context import Services
from api.problems import ApiProblem

HEADER = "X-CSRF-Token"
#: They change nothing (RFC 9110, 9.2.1).
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_SALT = "mendbox.csrf"


def csrf_token(services: Services, session: str) -> str:
    """The token that belongs to the session with this digest, and to no other. Raises NoSecretKey."""
    return _signer(services).get_signature(session).decode()


def check_csrf(services: Services, session: str) -> None:
    """Hold a request that changes something, known by its session, to all of this. Raises ApiProblem, NoSecretKey."""
    check_origin(services)
    sent = request.headers.get(HEADER, "")
    if not sent.isascii() or not _signer(services).verify_signature(session, sent):
        raise ApiProblem(
            "csrf-refused",
            f"the header {HEADER} is missing, or of another session",
            hint="send the csrf_token that GET /api/v1/session answers with",
        )


def check_origin(services: Services) -> None:
    """Refuse what a browser sends for another site. Raises ApiProblem. Other clients say nothing of it."""
    own = own_origin(services.settings.public_url)
    if not comes_from_us(request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site"), own):
        raise ApiProblem(
            "origin-refused",
            "a page of another site may not do this",
            hint="if this is your own page, set MENDBOX_PUBLIC_URL to the address that people see",
        )


def own_origin(public_url: str) -> str:
    """The origin that our pages have: that of the address that people see, where one of them is set."""
    # A server that listens everywhere is seen under none of the names for that.
    everywhere = urlsplit(public_url).hostname in ("0.0.0.0", "::")  # noqa: S104 -- what it is compared with
    return origin_of(request.host_url if everywhere or not public_url else public_url)


def comes_from_us(origin: str | None, fetch_site: str | None, own: str) -> bool:
    """Whether the two headers, which a page can't set, are those of a page of `own`, or of no browser."""
    if fetch_site is not None and fetch_site not in ("same-origin", "none"):
        return False
    return origin is None or origin == own


def origin_of(url: str) -> str:
    """Scheme, host and port of a URL as a browser writes them: lower case, without the scheme's own port."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    standard = {"http": 80, "https": 443}.get(parts.scheme)
    port = "" if parts.port in (None, standard) else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}"


def _signer(services: Services) -> Signer:
    return Signer(services.secret_key.get(), salt=_SALT, key_derivation="hmac", digest_method=hashlib.sha256)
