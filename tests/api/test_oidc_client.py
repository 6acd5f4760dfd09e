"""Asking a provider: what is kept, what is asked anew, and what is not believed."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import RSAKey
from requests import get

from api.oidc import client as client_module
from api.oidc.attempts import Attempt, begun
from api.oidc.client import KEPT_S, SPARED_S, CodeRefused, OpenIdClient, ProviderUnavailable, endpoints_of
from api.oidc.tokens import TokenRefused
from store.oidc import OpenIdProvider
from tests.support.openid import CLIENT, SECRET, OpenIdServer, parameters_of

ROOT = Path(__file__).resolve().parents[2]
BACK = "http://127.0.0.1:8080/sign-in/oidc/back"
KEY = b"k" * 32
NEXT = RSAKey.generate_key(2048, {"kid": "second"}, private=True)


class Clock:
    """Seconds that pass when told to."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def server() -> Iterator[OpenIdServer]:
    with OpenIdServer() as running:
        yield running


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def client(server: OpenIdServer, clock: Clock) -> OpenIdClient:
    return OpenIdClient(OpenIdProvider(server.issuer, CLIENT, SECRET), clock)


def _code(client: OpenIdClient, attempt: Attempt) -> str:
    """What the browser of somebody who signs in there brings back."""
    answer = get(client.address(attempt, BACK), allow_redirects=False, timeout=10)
    return parameters_of(answer.headers["Location"])["code"]


def _signed_in(client: OpenIdClient) -> Any:
    attempt = begun("/", KEY, again=False)
    return client.claims(attempt, _code(client, attempt), BACK)


def test_the_browser_is_sent_there_with_what_the_flow_asks_for(client: OpenIdClient, server: OpenIdServer) -> None:
    attempt = begun("/", KEY, again=False)
    sent = parameters_of(client.address(attempt, BACK))
    assert sent.pop("code_challenge") not in ("", attempt.verifier)
    assert sent == {
        "response_type": "code",
        "response_mode": "query",
        "client_id": CLIENT,
        "redirect_uri": BACK,
        "scope": "openid email profile",
        "state": attempt.state,
        "nonce": attempt.nonce,
        "code_challenge_method": "S256",
    }
    assert parameters_of(client.address(replace(attempt, again=True), BACK))["prompt"] == "login"
    assert len({attempt.state, attempt.nonce, attempt.verifier, attempt.key}) == 4
    assert begun("/", KEY, again=False).state != attempt.state
    assert replace(attempt, secret=b"another").state != attempt.state


def test_a_code_gives_claims_once_and_to_whoever_began(client: OpenIdClient) -> None:
    attempt, other = begun("/", KEY, again=False), begun("/", KEY, again=False)
    code = _code(client, attempt)
    with pytest.raises(CodeRefused):
        client.claims(other, code, BACK)
    code = _code(client, attempt)
    assert client.claims(attempt, code, BACK)["email"] == "ada@example.org"
    with pytest.raises(CodeRefused):
        client.claims(attempt, code, BACK)


def test_a_token_of_another_sign_in_is_refused(client: OpenIdClient, server: OpenIdServer) -> None:
    kept: list[str] = []

    def replay(provider: OpenIdServer, claims: dict[str, Any]) -> str:
        kept.append(provider.signed(claims))
        return kept[0]

    server.cheat = replay
    assert _signed_in(client)["sub"] == "ada-1"
    with pytest.raises(TokenRefused, match="nonce"):
        _signed_in(client)


def test_what_it_says_of_itself_is_asked_for_once_an_hour(
    client: OpenIdClient, server: OpenIdServer, clock: Clock
) -> None:
    for _ in range(3):
        _signed_in(client)
    asked = [path.rpartition("/")[2] for path in server.requests]
    assert (asked.count("openid-configuration"), asked.count("keys")) == (1, 1)
    clock.now += KEPT_S + 1
    _signed_in(client)
    asked = [path.rpartition("/")[2] for path in server.requests]
    assert (asked.count("openid-configuration"), asked.count("keys")) == (2, 2)


def test_a_key_that_is_new_is_found_and_an_unknown_one_is_not_asked_for_again_and_again(
    client: OpenIdClient, server: OpenIdServer, clock: Clock
) -> None:
    _signed_in(client)
    server.key = NEXT
    assert _signed_in(client)["sub"] == "ada-1"
    assert server.requests.count("/realms/here/keys") == 2
    clock.now += SPARED_S
    server.published, server.key = [NEXT], RSAKey.generate_key(2048, {"kid": "never"}, private=True)
    for _ in range(3):
        with pytest.raises(TokenRefused):
            _signed_in(client)
    assert server.requests.count("/realms/here/keys") == 3


def test_a_provider_that_is_down_is_spared_for_a_moment_and_found_again(
    client: OpenIdClient, server: OpenIdServer, clock: Clock
) -> None:
    server.is_down = True
    for _ in range(3):
        with pytest.raises(ProviderUnavailable):
            client.endpoints()
    assert len(server.requests) == 1
    server.is_down = False
    with pytest.raises(ProviderUnavailable):
        client.endpoints()
    clock.now += SPARED_S
    assert client.endpoints().token.endswith("/token")


def test_a_provider_that_goes_down_meanwhile_is_no_refusal(client: OpenIdClient, server: OpenIdServer) -> None:
    attempt = begun("/", KEY, again=False)
    code = _code(client, attempt)
    server.is_down = True
    with pytest.raises(ProviderUnavailable):
        client.claims(attempt, code, BACK)


def test_nobody_at_its_address_is_a_provider_that_is_down() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(ProviderUnavailable):
        OpenIdClient(OpenIdProvider(f"http://127.0.0.1:{port}", CLIENT)).endpoints()


def test_an_answer_without_an_end_is_not_read_to_it(
    client: OpenIdClient, server: OpenIdServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module, "_MOST_BYTES", 10_000)
    server.discovery = {"more": "x" * 20_000}
    with pytest.raises(ProviderUnavailable, match="too long"):
        client.endpoints()


def test_a_client_that_shows_another_secret_gets_nothing(server: OpenIdServer) -> None:
    other = OpenIdClient(OpenIdProvider(server.issuer, CLIENT, "another"))
    with pytest.raises(CodeRefused):
        _signed_in(other)


def test_asking_connects_to_what_is_on_the_list_and_looks_nothing_else_up(server: OpenIdServer) -> None:
    code = (
        "import sys\n"
        "from api.oidc.client import OpenIdClient, ProviderUnavailable\n"
        "from store.oidc import OpenIdProvider\n"
        "from store.outbound import Outbound, hold_to, oidc_places\n"
        "provider = OpenIdProvider(sys.argv[1], 'x')\n"
        "hold_to(Outbound(oidc_places(provider)))\n"
        "print(OpenIdClient(provider).endpoints().token)\n"
        "try:\n"
        "    OpenIdClient(OpenIdProvider('http://localhost:1', 'x')).endpoints()\n"
        "except ProviderUnavailable as error:\n"
        "    print('not on the list' in str(error))\n"
    )
    command = [sys.executable, "-c", code, server.issuer]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert f"{server.issuer}/token" in done.stdout, done.stderr
    assert done.stdout.endswith("True\n"), done.stdout


DOCUMENT = {
    "issuer": "https://id.example/x",
    "authorization_endpoint": "https://login.elsewhere.example/authorize",
    "token_endpoint": "https://id.example/x/token",
    "jwks_uri": "https://id.example/x/keys",
}
PROVIDER = OpenIdProvider("https://id.example/x", CLIENT, SECRET)


def test_browsers_may_be_sent_to_another_host_and_this_process_connects_to_none() -> None:
    assert endpoints_of(DOCUMENT, PROVIDER).authorization == DOCUMENT["authorization_endpoint"]
    split = DOCUMENT | {"token_endpoint": "https://tokens.example/token"}
    with pytest.raises(ValueError, match=r"tokens\.example:443: name that host in MENDBOX_OIDC_HOSTS"):
        endpoints_of(split, PROVIDER)
    assert endpoints_of(split, replace(PROVIDER, hosts=("tokens.example",))).token == "https://tokens.example/token"


@pytest.mark.parametrize(
    "change",
    [
        {"issuer": "https://id.example/x/"},
        {"issuer": None},
        {"token_endpoint": "http://id.example/x/token"},
        {"token_endpoint": None},
        {"token_endpoint": "https://id.example:x/token"},
        {"token_endpoint": "https://id.example:8443/x/token"},
        {"jwks_uri": "file:///etc/passwd"},
        {"jwks_uri": "https://id.example/x/keys#a"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": "https://id.example/a\r\nSet-Cookie: x=y"},
        {"authorization_endpoint": "https://id.exämple/a"},
        {"id_token_signing_alg_values_supported": ["HS256", "none"]},
    ],
)
def test_a_document_of_another_or_that_leads_elsewhere_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        endpoints_of(DOCUMENT | change, PROVIDER)


def test_the_secret_is_shown_as_the_provider_takes_it() -> None:
    by_form = DOCUMENT | {"token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"]}
    assert endpoints_of(DOCUMENT, PROVIDER).auth_method == "client_secret_basic"
    assert endpoints_of(by_form, PROVIDER).auth_method == "client_secret_post"
    assert endpoints_of(by_form, replace(PROVIDER, client_secret="")).auth_method == "none"
