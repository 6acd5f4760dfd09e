"""The settings of a provider: what is taken, and what is not."""

from __future__ import annotations

import pytest

from store.oidc import OpenIdProvider
from store.outbound import Place, oidc_places
from store.records import Role
from store.secret_files import SettingsInvalid
from store.settings import Settings

GOOD = {
    "MENDBOX_OIDC_ISSUER": "https://id.example/realms/here",
    "MENDBOX_OIDC_CLIENT_ID": "mendbox",
    "MENDBOX_PUBLIC_URL": "https://mendbox.example",
}


def test_a_provider_is_read_with_all_that_counts() -> None:
    assert Settings.from_env({}).oidc is None
    given = GOOD | {
        "MENDBOX_OIDC_CLIENT_SECRET": "hush",
        "MENDBOX_OIDC_DOMAINS": "Example.org, @example.com",
        "MENDBOX_OIDC_HOSTS": "tokens.example,keys.example:8443",
        "MENDBOX_OIDC_CREATE": "recruiter",
        "MENDBOX_OIDC_ROLE_CLAIM": "groups",
        "MENDBOX_OIDC_ROLES": "boss=admin, the team = recruiter",
        "MENDBOX_OIDC_SECOND_FACTOR": "amr",
    }
    provider = Settings.from_env(given).oidc
    assert provider == OpenIdProvider(
        issuer="https://id.example/realms/here",
        client_id="mendbox",
        client_secret="hush",
        label="your organisation",
        domains=frozenset({"example.org", "example.com"}),
        hosts=("tokens.example", "keys.example:8443"),
        role_claim="groups",
        roles={"boss": Role.ADMIN, "the team": Role.RECRUITER},
        default=Role.RECRUITER,
        factor_at="amr",
    )
    assert "hush" not in repr(provider)
    assert oidc_places(provider) == [
        Place("id.example", 443),
        Place("tokens.example", 443),
        Place("keys.example", 8443),
    ]
    assert oidc_places(None) == []


@pytest.mark.parametrize("issuer", ["http://127.0.0.1:8000/x", "http://localhost", "http://[::1]:80", "https://id"])
def test_an_issuer_is_asked_over_tls_unless_it_is_here(issuer: str) -> None:
    assert Settings.from_env(GOOD | {"MENDBOX_OIDC_ISSUER": issuer}).oidc is not None


@pytest.mark.parametrize(
    "change",
    [
        {"MENDBOX_OIDC_ISSUER": "http://id.example"},
        {"MENDBOX_OIDC_ISSUER": "http://id.example", "MENDBOX_ALLOW_PLAINTEXT": "true"},
        {"MENDBOX_OIDC_ISSUER": "id.example"},
        {"MENDBOX_OIDC_ISSUER": "https://id.example/?a=b"},
        {"MENDBOX_OIDC_ISSUER": "https://id.example/#"},
        {"MENDBOX_OIDC_ISSUER": "https://me@id.example"},
        {"MENDBOX_OIDC_ISSUER": ""},
        {"MENDBOX_OIDC_CLIENT_ID": ""},
        {"MENDBOX_OIDC_CLIENT_ID": "a b"},
        {"MENDBOX_OIDC_CLIENT_SECRET": "hüsh"},
        {"MENDBOX_PUBLIC_URL": ""},
        {"MENDBOX_PUBLIC_URL": "http://mendbox.example"},
        {"MENDBOX_OIDC_DOMAINS": "exa mple.org"},
        {"MENDBOX_OIDC_HOSTS": "https://tokens.example"},
        {"MENDBOX_OIDC_CREATE": "recruiter"},
        {"MENDBOX_OIDC_CREATE": "admin", "MENDBOX_OIDC_DOMAINS": "example.org"},
        {"MENDBOX_OIDC_ROLES": "boss=admin"},
        {"MENDBOX_OIDC_ROLE_CLAIM": "groups"},
        {"MENDBOX_OIDC_ROLE_CLAIM": "groups", "MENDBOX_OIDC_ROLES": "boss=candidate"},
        {"MENDBOX_OIDC_ROLE_CLAIM": "groups", "MENDBOX_OIDC_ROLES": "=admin"},
        {"MENDBOX_OIDC_SECOND_FACTOR": "nowhere"},
    ],
)
def test_what_is_not_safe_or_can_not_be_read_is_refused(change: dict[str, str]) -> None:
    with pytest.raises(SettingsInvalid, match="MENDBOX_OIDC_") as caught:
        Settings.from_env(GOOD | change)
    assert "hüsh" not in caught.value.message


def test_passwords_are_turned_off_only_where_there_is_another_way() -> None:
    with pytest.raises(SettingsInvalid, match="MENDBOX_OIDC_ONLY"):
        Settings.from_env({"MENDBOX_OIDC_ONLY": "true"})
    assert Settings.from_env(GOOD | {"MENDBOX_OIDC_ONLY": "true"}).oidc_only
