"""Where a process of ours may connect to: a list, made of the settings, and held to by the interpreter itself.

Nothing of what API and workers do takes another address, so whatever makes them try one, a URL that somebody slipped in
or a library that calls home, is refused: by an audit hook (PEP 578), which nothing takes away again while the process
lives. It sees what Python's `socket` does. The database's client library, which is C, opens its connections itself, to
the host of MENDBOX_DATABASE_URL and no other; its Python part looks that name up, so it is on the list, too.
"""

from __future__ import annotations

import logging
import os
import socket
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from store.mail import mail_server
from store.oidc import OpenIdProvider

_log = logging.getLogger(__name__)
_DEFAULT_PORTS = {"redis": 6379, "rediss": 6379, "tcp": 2375, "http": 80, "https": 443, "ssh": 22}
_POSTGRES_PORT = 5432
#: Where an engine is unless DOCKER_HOST says otherwise.
ENGINE_SOCKET = "/var/run/docker.sock"
_CONNECTS = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
_RESOLVES = frozenset({"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"})


@dataclass(frozen=True, slots=True)
class Place:
    """A Unix socket's path, or a host, by name or address, and a port."""

    host: str
    port: int = 0

    def __str__(self) -> str:
        return f"{self.host}:{self.port}" if self.port else self.host


class NotOnTheList(PermissionError):
    """Something tried to connect to where this process may not."""


def place_of(url: str) -> Place:
    """Where a `unix:`, `redis:`, `rediss:`, `tcp:`, `http:`, `https:` or `ssh:` URL leads: pure."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return Place(unquote(f"{parts.netloc}{parts.path}"))
    return Place((parts.hostname or "localhost").lower(), parts.port or _DEFAULT_PORTS.get(parts.scheme, 0))


def database_places(url: str, default_host: str = "") -> list[Place]:
    """Where a database is, by its URL: several hosts where it names several, none for SQLite. Pure.

    `default_host`: the value of PGHOST, which the client library takes where the URL names no host.
    """
    parts = urlsplit(url)
    if not parts.scheme.startswith("postgres"):
        return []
    query = parse_qs(parts.query)
    ports = [*query.get("port", []), *([str(parts.port)] if parts.port else [])]
    port = int(ports[0].partition(",")[0]) if ports and ports[0].partition(",")[0].isdigit() else _POSTGRES_PORT
    hosts = [host for value in query.get("host", []) for host in value.split(",")] or [parts.hostname or default_host]
    return [_database_place(unquote(host), port) for host in hosts if host]


def _database_place(host: str, port: int) -> Place:
    return Place(f"{host}/.s.PGSQL.{port}") if host.startswith("/") else Place(host.lower(), port)


def mail_places(url: str) -> list[Place]:
    """Where mail is handed in, by the value of MENDBOX_SMTP_URL: pure. Empty without one."""
    if not url:
        return []
    server = mail_server(url)
    return [Place(server.host, server.port)]


def webhook_places(url: str) -> list[Place]:
    """Where webhooks are sent, by the value of MENDBOX_WEBHOOK_URL: pure. Empty without one."""
    return [place_of(url)] if url else []


def oidc_places(provider: OpenIdProvider | None) -> list[Place]:
    """Where the OpenID provider is: its issuer's host, and those that were named beside it. Pure. Empty without one."""
    if provider is None:
        return []
    return [place_of(provider.issuer), *(place_of(f"https://{host}") for host in provider.hosts)]


def engine_place(docker_host: str) -> Place:
    """Where the container engine is, by the value of DOCKER_HOST: pure."""
    return place_of(docker_host) if docker_host else Place(ENGINE_SOCKET)


def addresses_of(host: str) -> frozenset[str]:
    """What a name stands for now; empty where nothing can tell."""
    try:
        return frozenset(str(found[4][0]) for found in socket.getaddrinfo(host, None))
    except OSError:
        return frozenset()


class Outbound:
    """The list. `resolve`: from a host's name to its addresses."""

    def __init__(self, places: Iterable[Place], resolve: Callable[[str], frozenset[str]] = addresses_of) -> None:
        self._places = frozenset(places)
        self._hosts = frozenset(place.host for place in self._places if place.port)
        self._resolve = resolve
        self._known: set[Place] = set(self._places)

    def check(self, event: str, args: tuple[Any, ...]) -> None:
        """Raise NotOnTheList for an event of the interpreter by which a process would get elsewhere."""
        if event in _CONNECTS:
            self._check_address(args[1])
        elif event in _RESOLVES:
            self._check_name(args[0])

    def _check_address(self, address: Any) -> None:
        if address is None:  # of a socket that is connected already
            return
        if isinstance(address, str | bytes):
            place = Place(os.fsdecode(address))
        else:
            place = Place(str(address[0]).lower(), int(address[1]))
        if place not in self._known and not self._stands_for_a_listed_one(place):
            self._refuse(f"a connection to {place}")

    def _stands_for_a_listed_one(self, place: Place) -> bool:
        # Clients resolve a name and connect to its address. A name may stand for others tomorrow, so an address that is
        # new is looked for among those that the names have now.
        for listed in self._places:
            if place.port and listed.port == place.port:
                # A new set: another thread may be looking through the one before.
                self._known = self._known | {Place(address, listed.port) for address in self._resolve(listed.host)}
        return place in self._known

    def _check_name(self, host: Any) -> None:
        name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
        # None and "" mean this host itself, to listen on.
        if name and str(name).lower() not in self._hosts | {known.host for known in self._known}:
            self._refuse(f"looking up {name!r}")

    def _refuse(self, what: str) -> None:
        _log.error("%s was refused: this process may not connect there", what)
        raise NotOnTheList(f"{what} is not on the list: {', '.join(sorted(map(str, self._places)))}")


def hold_to(outbound: Outbound) -> None:
    """Have this process, and those that it forks, connect to nothing that is not on the list. For good."""
    sys.addaudithook(outbound.check)
