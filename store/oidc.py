"""The OpenID provider by which people sign in, as the settings name it: read, and held to what is safe. No I/O."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from store.records import Role
from store.transport import stays_here

#: Where a second factor is asked for: here, as after a password; nowhere here; here unless `amr` says `mfa`.
FactorAt = Literal["here", "amr", "provider"]
_DOMAIN = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?")
_HOST = re.compile(r"[A-Za-z0-9.-]+(?::\d{1,5})?")
#: Roles that a provider may give.
GIVEN = {role.value: role for role in Role if role is not Role.CANDIDATE}


@dataclass(frozen=True, slots=True)
class OpenIdProvider:
    """A provider and what its word counts for.

    `domains`: of mail addresses that are let in; empty for any. `role_claim`: where a token says what its user is;
    empty where it does not. `roles`: ours by the claim's values, the first that is met counts. `default`: the role of
    accounts that are made for whoever comes, and of those with no value of `roles`; None: nobody's. `ca`: file with the
    certificates that vouch for it; empty: those that browsers know.
    """

    issuer: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    label: str = ""
    domains: frozenset[str] = frozenset()
    hosts: tuple[str, ...] = ()
    role_claim: str = ""
    roles: Mapping[str, Role] = field(default_factory=dict)
    default: Role | None = None
    factor_at: FactorAt = "here"
    ca: str = ""


def issuer_of(text: str) -> str:
    """The issuer as the setting names it. Raises ValueError for what would not be asked over TLS, or is no issuer."""
    parts = urlsplit(text)
    is_here = parts.scheme == "http" and stays_here(parts.hostname)
    if not parts.hostname or (parts.scheme != "https" and not is_here):
        raise ValueError("an issuer is https://…; http:// will do for this machine alone")
    if parts.query or parts.fragment or parts.username is not None or "?" in text or "#" in text:
        raise ValueError("an issuer has no user, no query and no fragment")
    return text


def domains_of(text: str) -> frozenset[str]:
    """Domains of mail addresses, as `example.org,example.com` names them. Raises ValueError."""
    found = frozenset(part.strip().lower().removeprefix("@") for part in text.split(",") if part.strip())
    for domain in found:
        if not _DOMAIN.fullmatch(domain):
            raise ValueError(f"{domain!r} is no domain")
    return found


def hosts_of(text: str) -> tuple[str, ...]:
    """Hosts, with ports where they are not 443, as `a.example,b.example:8443` names them. Raises ValueError."""
    found = tuple(part.strip() for part in text.split(",") if part.strip())
    for host in found:
        if not _HOST.fullmatch(host):
            raise ValueError(f"{host!r} is no host")
    return found


def roles_of(text: str) -> dict[str, Role]:
    """Our roles by a provider's words, as `word=role,other=role` names them. Raises ValueError."""
    found: dict[str, Role] = {}
    for part in text.split(","):
        word, _, role = (side.strip() for side in part.rpartition("="))
        if not part.strip():
            continue
        if not word or role not in GIVEN:
            raise ValueError(f"{part.strip()!r} is no word=role, with one of: {', '.join(GIVEN)}")
        found[word] = GIVEN[role]
    return found


def lacking(provider: OpenIdProvider, *, has_public_url: bool) -> tuple[str, str] | None:
    """What a provider's settings lack to be safe, and what to do; None where they lack nothing.

    `has_public_url`: whether it is set where people are led back to, with TLS unless it is on this machine.
    """
    if not has_public_url:
        return (
            "MENDBOX_OIDC_ISSUER needs MENDBOX_PUBLIC_URL: the provider leads people back there",
            "set it to the address that people open, https://…",
        )
    if provider.default is not None and not provider.domains:
        return (
            "MENDBOX_OIDC_CREATE needs MENDBOX_OIDC_DOMAINS: else whoever the provider knows has an account here",
            "name the domains of your people's addresses",
        )
    if bool(provider.role_claim) is not bool(provider.roles):
        return (
            "MENDBOX_OIDC_ROLE_CLAIM and MENDBOX_OIDC_ROLES need each other",
            "set both, or unset both",
        )
    return None
