"""What an ID token must be to be believed, and who its user is by it. No I/O.

A token comes straight from the provider, over TLS, and is checked as if it did not: signature by a key of the
provider's and an algorithm that the list has, issuer, audience, authorized party, times, nonce, and the hash of the
access token where there is one (OpenID Connect Core 1.0, 3.1.3.7).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import ECKey, Key, KeySet, OKPKey, RSAKey, import_key
from joserfc.jws import JWSRegistry

from store.identities import MOST_OF_SUBJECT, Proven
from store.mail import MAX_ADDRESS
from store.oidc import OpenIdProvider

#: Signatures by a key that the provider alone has. With HMAC whoever knows a secret of ours could sign, and where a
#: public key is taken for one, anybody; `none` is no signature.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA")
#: Seconds by which the provider's clock may be off.
LEEWAY_S = 60
#: Keys that are looked at: a provider has two or three of them, more while it changes them.
_MOST_KEYS = 100
#: Values of a claim of roles that are looked at.
_MOST_ROLES = 1000
#: What stands in `amr` (RFC 8176) where more than one factor was asked for.
_MULTIPLE = "mfa"
_SUBJECT = re.compile(rf"[\x20-\x7e]{{1,{MOST_OF_SUBJECT}}}")


class TokenRefused(ValueError):
    """A token that is not to be believed, or keys that are none: why, for the log."""


class KeyUnknown(TokenRefused):
    """Signed by a key that is not among those that are known: the provider may have another by now."""


class NotLetIn(Exception):
    """A user of the provider's who is to be turned away here. `reason`: for the audit trail."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


WRONG_DOMAIN = "mail address of another domain"
UNVERIFIED = "mail address not verified"
NO_ROLE = "no role"
_GOOGLE = "https://accounts.google.com"


@dataclass(frozen=True, slots=True)
class Expected:
    """What a token must say. `algorithms`: those of the list that the provider names, all of it where it names none."""

    issuer: str
    client_id: str
    nonce: str
    algorithms: tuple[str, ...] = ALGORITHMS


def keys_of(document: Any) -> KeySet:
    """The public keys for signatures in a JWK Set (RFC 7517), without those of a kind that is not used here.

    Raises TokenRefused for one that has none.
    """
    listed = document.get("keys") if isinstance(document, dict) else None
    found: list[Key] = list(_usable(listed)) if isinstance(listed, list) else []
    if not found:
        raise TokenRefused("the provider has no key that can be used")
    return KeySet(found)


def _usable(listed: list[Any]) -> Iterator[Key]:
    for each in listed[:_MOST_KEYS]:
        if not isinstance(each, dict) or each.get("use", "sig") != "sig":
            continue
        try:
            key = import_key(each)
        except (JoseError, ValueError, TypeError):
            continue
        if isinstance(key, RSAKey | ECKey | OKPKey):
            yield key


def claims_of(token: Any, keys: KeySet, expected: Expected, access_token: Any, now: datetime) -> Mapping[str, Any]:
    """The claims of an ID token that holds. Raises TokenRefused, KeyUnknown."""
    if not isinstance(token, str) or not token.isascii():
        raise TokenRefused("there is no ID token")
    # A provider may put more into the header than the specification has; nothing of it is looked at.
    registry = JWSRegistry(algorithms=expected.algorithms, strict_check_header=False)
    try:
        decoded = jwt.decode(token, keys, registry=registry)
        claims = CodeIDToken(
            decoded.claims,
            decoded.header,
            {
                "iss": {"essential": True, "value": expected.issuer},
                "aud": {"essential": True, "value": expected.client_id},
            },
            {"nonce": expected.nonce, "client_id": expected.client_id, "access_token": access_token},
        )
        claims.validate(now=int(now.timestamp()), leeway=LEEWAY_S)
    except InvalidKeyIdError as error:
        raise KeyUnknown("the ID token is signed by an unknown key") from error
    except (JoseError, ValueError, TypeError) as error:
        raise TokenRefused(f"the ID token does not hold: {error}") from error
    if not _SUBJECT.fullmatch(str(claims["sub"])):
        raise TokenRefused("the ID token's subject is none")
    return dict(claims)


def proven_by(claims: Mapping[str, Any], provider: OpenIdProvider) -> Proven:
    """Who these claims are of. Raises NotLetIn."""
    email = _verified_email(claims)
    if provider.domains:
        if email is None:
            raise NotLetIn(UNVERIFIED)
        if email.rpartition("@")[2] not in provider.domains:
            raise NotLetIn(WRONG_DOMAIN)
        # Anybody can have an account there with an address of yours; this says that it is yours.
        if provider.issuer == _GOOGLE and claims.get("hd") not in provider.domains:
            raise NotLetIn(WRONG_DOMAIN)
    role = None
    if provider.role_claim:
        said = _values(claims, provider.role_claim)
        role = next((ours for word, ours in provider.roles.items() if word in said), provider.default)
        if role is None:
            raise NotLetIn(NO_ROLE)
    return Proven(str(claims["iss"]), str(claims["sub"]), email, role)


def has_two_factors(claims: Mapping[str, Any]) -> bool:
    """Whether the provider says that it asked for more than one factor."""
    amr = claims.get("amr")
    return isinstance(amr, list) and _MULTIPLE in amr


def _verified_email(claims: Mapping[str, Any]) -> str | None:
    email = claims.get("email")
    # Some providers write the truth in quotes.
    if claims.get("email_verified") not in (True, "true") or not isinstance(email, str):
        return None
    email = email.strip().lower()
    return email if email.isascii() and 0 < len(email) <= MAX_ADDRESS and email.count("@") == 1 else None


def _values(claims: Mapping[str, Any], name: str) -> frozenset[str]:
    """The words at a claim, which may be one of a claim that holds others: `realm_access.roles`."""
    found: Any = claims.get(name)
    if found is None:
        found = claims
        for part in name.split("."):
            found = found.get(part) if isinstance(found, dict) else None
    listed = found if isinstance(found, list) else [found]
    return frozenset(each for each in listed[:_MOST_ROLES] if isinstance(each, str))
