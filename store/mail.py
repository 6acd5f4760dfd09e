"""Where mail is handed in and whose name it bears, as settings have them; and what an address of a person is. Pure.

Addresses are those that any server takes: ASCII on both sides, no quotes, no comments (a part of RFC 5321, 4.1.2). A
domain in other letters is written as DNS has it, `xn--…`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from email.utils import getaddresses
from enum import StrEnum
from urllib.parse import parse_qs, unquote, urlsplit

from store.text import is_one_line

#: Characters of an address (RFC 5321, 4.5.3.1), and of what is before its `@`.
MAX_ADDRESS = 254
_MAX_LOCAL = 64
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_{|}~-]+"
_ADDRESS = re.compile(rf"({_ATOM}(?:\.{_ATOM})*)@({_LABEL}(?:\.{_LABEL})+)")
_MAX_NAME = 100


class Tls(StrEnum):
    """When a connection to the mail server becomes TLS."""

    AT_ONCE = "at once"
    STARTTLS = "starttls"
    NONE = "none"


_USUAL_PORTS = {Tls.AT_ONCE: 465, Tls.STARTTLS: 587, Tls.NONE: 25}


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in. `user`, `password`: empty where it asks for none. `authority`: a file with the
    certificates that its own must lead to (PEM); empty: those that this machine trusts."""

    host: str
    port: int
    tls: Tls
    user: str = ""
    password: str = field(default="", repr=False)
    authority: str = ""


@dataclass(frozen=True, slots=True)
class Sender:
    """Whom mail is from. `name` may be empty."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        """What is behind the address's `@`."""
        return self.address.rpartition("@")[2]


def is_address(text: str) -> bool:
    """Whether mail can be sent to it: one address and nothing else, of a host with a full name."""
    found = _ADDRESS.fullmatch(text)
    return found is not None and len(text) <= MAX_ADDRESS and len(found[1]) <= _MAX_LOCAL


def mail_server(url: str) -> MailServer:
    """`smtps://user:password@host:465`, or `smtp://…:587`, which becomes TLS by STARTTLS or is given up.

    `?ca=FILE` names the authority; `smtp://…?tls=none` speaks plain text. What has a meaning in URLs is quoted in a
    user's name and password, as `%40`. Raises ValueError, which never holds the URL: it has a password.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        # Its own words quote the URL.
        raise ValueError("can't be read as a URL; quote what has a meaning in one, [ and ] too") from None
    if parts.scheme not in ("smtp", "smtps"):
        raise ValueError("begins with smtps:// or smtp://")
    try:
        port, host = parts.port, parts.hostname or ""
    except ValueError:
        raise ValueError("the port is no port") from None
    query = parse_qs(parts.query, keep_blank_values=True)
    if not host or parts.path.strip("/") or parts.fragment:
        raise ValueError("is smtps://user:password@host:port and nothing behind it but ?…; quote / # ? in a password")
    if not set(query) <= {"tls", "ca"} or any(len(values) > 1 or not values[0] for values in query.values()):
        raise ValueError("may have ?ca=FILE and, with smtp://, ?tls=none, each once")
    plain = query.get("tls")
    if plain is not None and (plain != ["none"] or parts.scheme == "smtps" or "ca" in query):
        raise ValueError("tls may be none, with smtp:// and without ca")
    if (parts.username is None) is not (parts.password is None):
        raise ValueError("has a user and a password, or neither")
    tls = Tls.NONE if plain else Tls.AT_ONCE if parts.scheme == "smtps" else Tls.STARTTLS
    return MailServer(
        host.lower(),
        port or _USUAL_PORTS[tls],
        tls,
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        query.get("ca", [""])[0],
    )


def sender(text: str) -> Sender:
    """`address`, or `Name <address>`. Raises ValueError."""
    found = getaddresses([text])
    name, address = found[0] if len(found) == 1 else ("", "")
    if not is_address(address) or not is_one_line(text) or len(name) > _MAX_NAME:
        raise ValueError("is an address, or a name and an address: Mendbox <no-reply@example.org>")
    return Sender(name, address)
