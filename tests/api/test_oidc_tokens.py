"""Which ID tokens are believed, and who is let in by them. No provider is asked."""

from __future__ import annotations

import base64
import hmac
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey
from joserfc.jws import JWSRegistry

from api.oidc.tokens import (
    NO_ROLE,
    UNVERIFIED,
    WRONG_DOMAIN,
    Expected,
    KeyUnknown,
    NotLetIn,
    TokenRefused,
    claims_of,
    has_two_factors,
    keys_of,
    proven_by,
)
from store.identities import Proven
from store.oidc import OpenIdProvider
from store.records import Role

ISSUER, CLIENT, NONCE = "https://id.example", "mendbox-here", "n-0S6_WzA2Mj"
NOW = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
AT = int(NOW.timestamp())
KEY = RSAKey.generate_key(2048, {"kid": "a"}, private=True)
STRANGER = RSAKey.generate_key(2048, {"kid": "a"}, private=True)
CURVE = ECKey.generate_key("P-256", {"kid": "b"}, private=True)
GOOD = {"iss": ISSUER, "sub": "ada-1", "aud": CLIENT, "iat": AT, "exp": AT + 300, "nonce": NONCE}
EXPECTED = Expected(ISSUER, CLIENT, NONCE)
PROVIDER = OpenIdProvider(ISSUER, CLIENT)


def _keys(*keys: Any) -> KeySet:
    return keys_of({"keys": [key.as_dict(private=False) for key in keys or (KEY, CURVE)]})


def _signed(claims: dict[str, Any], key: Any = KEY, **header: Any) -> str:
    registry = JWSRegistry(algorithms=["RS256", "ES256", "HS256", "none"], strict_check_header=False)
    return jwt.encode({"alg": "RS256", "kid": "a", **header}, claims, key, registry=registry)


def _by_hand(header: dict[str, Any], claims: dict[str, Any], signature: str = "") -> str:
    parts = (base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in (header, claims))
    return ".".join([*parts, signature])


def _read(token: Any, *, keys: KeySet | None = None, expected: Expected = EXPECTED, access_token: str = "x") -> Any:
    return claims_of(token, keys or _keys(), expected, access_token, NOW)


def test_a_token_that_holds_is_read() -> None:
    assert _read(_signed(GOOD))["sub"] == "ada-1"
    assert _read(_signed(GOOD, CURVE, alg="ES256", kid="b"))["sub"] == "ada-1"
    assert _read(_signed(GOOD | {"aud": [CLIENT]}))["sub"] == "ada-1"
    assert _read(_signed(GOOD | {"aud": [CLIENT, "other"], "azp": CLIENT}))["sub"] == "ada-1"
    # A clock may be off by a minute.
    assert _read(_signed(GOOD | {"exp": AT - 59}))["sub"] == "ada-1"
    assert _read(_signed(GOOD | {"iat": AT + 59}))["sub"] == "ada-1"


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "https://id.example/"},
        {"iss": [ISSUER]},
        {"aud": "other"},
        {"aud": []},
        {"aud": ["other", "another"]},
        {"aud": [CLIENT, "other"]},
        {"aud": [CLIENT, "other"], "azp": "other"},
        {"azp": "other"},
        {"exp": AT - 61},
        {"exp": "tomorrow"},
        {"exp": None},
        {"nbf": AT + 61},
        {"iat": AT + 61},
        {"nonce": "another"},
        {"nonce": ""},
        {"nonce": [NONCE]},
        {"nonce": "another", "nonce_supported": False},
        {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
        {"sub": ""},
        {"sub": "x" * 256},
        {"sub": "a\nb"},
        {"sub": "ä"},
        {"sub": 7},
    ],
)
def test_a_claim_that_is_wrong_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(TokenRefused):
        _read(_signed(GOOD | change))


@pytest.mark.parametrize("missing", sorted(GOOD))
def test_a_claim_that_is_missing_is_refused(missing: str) -> None:
    with pytest.raises(TokenRefused):
        _read(_signed({name: value for name, value in GOOD.items() if name != missing}))


def test_a_signature_of_another_key_is_refused() -> None:
    with pytest.raises(TokenRefused):
        _read(_signed(GOOD, STRANGER))
    token = _signed(GOOD)
    head, _, tail = token.split(".")
    forged = _by_hand({}, GOOD | {"sub": "eve"}).split(".")[1]
    with pytest.raises(TokenRefused):
        _read(f"{head}.{forged}.{tail}")


def test_no_signature_is_none_whatever_the_header_says() -> None:
    for alg in ("none", "None", "NONE", "", "CUSTOM", None):
        with pytest.raises(TokenRefused):
            _read(_by_hand({"alg": alg, "kid": "a"}, GOOD))


def test_a_public_key_is_no_secret_to_sign_by() -> None:
    as_json = json.dumps(KEY.as_dict(private=False)).encode()
    for public in (KEY.as_pem(private=False), KEY.as_der(private=False), as_json):
        # By hand: the library makes no such key.
        unsigned = _by_hand({"alg": "HS256", "kid": "a"}, GOOD).rstrip(".")
        digest = hmac.digest(public, unsigned.encode(), "sha256")
        signature = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        with pytest.raises(TokenRefused):
            _read(f"{unsigned}.{signature}")


def test_the_key_in_a_tokens_own_header_counts_for_nothing() -> None:
    own = {"jwk": STRANGER.as_dict(private=False), "jku": "https://evil.example/keys"}
    with pytest.raises(TokenRefused):
        _read(_signed(GOOD, STRANGER, **own))


def test_an_algorithm_that_the_provider_does_not_name_is_refused() -> None:
    named = Expected(ISSUER, CLIENT, NONCE, ("RS256",))
    with pytest.raises(TokenRefused):
        _read(_signed(GOOD, CURVE, alg="ES256", kid="b"), expected=named)


def test_a_key_that_is_not_known_is_told_apart() -> None:
    with pytest.raises(KeyUnknown):
        _read(_signed(GOOD, STRANGER, kid="new"))


@pytest.mark.parametrize("token", [None, 7, "", "x", "a.b.c", "é.é.é", "." * 5, "A" * 200_000, {"a": 1}])
def test_what_is_no_token_is_refused(token: Any) -> None:
    with pytest.raises(TokenRefused):
        _read(token)


def test_of_a_set_of_keys_those_for_signatures_count() -> None:
    secret = OctKey.generate_key(256, {"kid": "s"}).as_dict(private=True)
    public = KEY.as_dict(private=False)
    listed = [
        secret,
        3,
        {"kty": "RSA", "n": "x", "e": "y"},
        {"kty": "new"},
        public | {"use": "enc", "kid": "e"},
        public,
    ]
    assert [key.kid for key in keys_of({"keys": listed})] == ["a"]
    for none in (None, [], {}, {"keys": 3}, {"keys": []}, {"keys": [secret]}):
        with pytest.raises(TokenRefused):
            keys_of(none)


def _claims(**more: Any) -> dict[str, Any]:
    return {**GOOD, "email": "Ada@Example.org", "email_verified": True, **more}


@pytest.mark.parametrize(
    "change",
    [
        {"email_verified": False},
        {"email_verified": "false"},
        {"email_verified": None},
        {"email_verified": [True]},
        {"email": None},
        {"email": 7},
        {"email": ""},
        {"email": "a@b@c"},
        {"email": "ä@example.org"},
        {"email": "a" * 250 + "@example.org"},
    ],
)
def test_an_address_counts_if_it_is_one_and_verified(change: dict[str, Any]) -> None:
    assert proven_by(_claims(), PROVIDER) == Proven(ISSUER, "ada-1", "ada@example.org")
    assert proven_by(_claims(email_verified="true"), PROVIDER).email == "ada@example.org"
    assert proven_by(_claims(**change), PROVIDER).email is None


def test_only_the_domains_that_are_named_are_let_in() -> None:
    here = OpenIdProvider(ISSUER, CLIENT, domains=frozenset({"example.org"}))
    assert proven_by(_claims(), here).email == "ada@example.org"
    for email in ("ada@evil.example", "ada@sub.example.org", "ada@example.org.evil.example"):
        with pytest.raises(NotLetIn) as caught:
            proven_by(_claims(email=email), here)
        assert caught.value.reason == WRONG_DOMAIN
    with pytest.raises(NotLetIn) as caught:
        proven_by(_claims(email_verified=False), here)
    assert caught.value.reason == UNVERIFIED


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("groups", {"groups": ["x", "team"]}),
        ("groups", {"groups": "team"}),
        ("realm_access.roles", {"realm_access": {"roles": ["team"]}}),
        ("https://example.org/roles", {"https://example.org/roles": ["team"]}),
    ],
)
def test_the_role_is_what_the_claim_says(claim: str, said: dict[str, Any]) -> None:
    roles = {"boss": Role.ADMIN, "team": Role.RECRUITER}
    by_claim = OpenIdProvider(ISSUER, CLIENT, role_claim=claim, roles=roles)
    assert proven_by(_claims(**said), by_claim).role is Role.RECRUITER
    for none in ({}, {claim: None}, {claim: 7}, {claim: ["other"]}, {claim: {"team": 1}}, {claim: [["team"]]}):
        with pytest.raises(NotLetIn) as caught:
            proven_by(_claims(**none), by_claim)
        assert caught.value.reason == NO_ROLE
    default = OpenIdProvider(ISSUER, CLIENT, role_claim=claim, roles=roles, default=Role.ENGINEER)
    assert proven_by(_claims(), default).role is Role.ENGINEER


def test_google_is_believed_for_a_domain_where_it_says_that_the_account_is_the_domains() -> None:
    google = OpenIdProvider("https://accounts.google.com", CLIENT, domains=frozenset({"example.org"}))
    assert proven_by(_claims(hd="example.org"), google).email == "ada@example.org"
    for said in ({}, {"hd": "evil.example"}):
        with pytest.raises(NotLetIn) as caught:
            proven_by(_claims(**said), google)
        assert caught.value.reason == WRONG_DOMAIN


def test_of_several_roles_the_first_that_is_named_counts() -> None:
    roles = {"boss": Role.ADMIN, "team": Role.RECRUITER}
    provider = OpenIdProvider(ISSUER, CLIENT, role_claim="groups", roles=roles)
    assert proven_by(_claims(groups=["team", "boss"]), provider).role is Role.ADMIN
    assert proven_by(_claims(), PROVIDER).role is None


def test_two_factors_are_what_the_provider_says_so_of() -> None:
    assert has_two_factors({"amr": ["pwd", "mfa"]})
    for amr in (None, "mfa", [], ["pwd"], ["pwd", "otp"], {"mfa": 1}):
        assert not has_two_factors({"amr": amr})
