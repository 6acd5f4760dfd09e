"""Asking the OpenID provider: what it says of itself, its keys, and a token for a code.

What it says of itself and its keys are kept for an hour. A provider that did not answer is not asked again for some
seconds: whoever comes meanwhile is told at once.
"""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

import requests
import structlog
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.discovery import get_well_known_url
from joserfc.jwk import KeySet
from requests.adapters import HTTPAdapter

from api.oidc.attempts import Attempt
from api.oidc.tokens import ALGORITHMS, Expected, KeyUnknown, claims_of, keys_of
from store.oidc import OpenIdProvider
from store.outbound import oidc_places, place_of

_log = structlog.get_logger("mendbox.api")
#: Seconds that what the provider says of itself, and its keys, are good for.
KEPT_S = 3600.0
#: Seconds for which a provider that did not answer is not asked again, nor for keys that it did not have.
SPARED_S = 5.0
#: How long one waits while another asks the provider.
_PATIENCE_S = 1.0
#: Seconds: for a connection, for a piece of an answer, for all of it.
_CONNECT_S, _PIECE_S, _TOTAL_S = 3.0, 5.0, 10.0
#: Bytes of an answer. A JWK Set with certificates in it has tens of thousands.
_MOST_BYTES = 1_000_000
_SCOPE = "openid email profile"
Found = TypeVar("Found")


class ProviderUnavailable(Exception):
    """The provider does not answer, or not as one: why, for the log."""


class CodeRefused(Exception):
    """The provider gives no token for this code: it was used, is too old, or is not ours."""


@dataclass(frozen=True, slots=True)
class Endpoints:
    """What the provider says of itself. `names_itself`: its answers in the browser have `iss` (RFC 9207)."""

    authorization: str
    token: str
    keys: str
    algorithms: tuple[str, ...]
    auth_method: str
    names_itself: bool


class _Bounded(HTTPAdapter):
    """Reads an answer to its end here, as far as it may be long and may take."""

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        options["stream"] = True
        response = super().send(request, *args, **options)
        until, body = time.monotonic() + _TOTAL_S, bytearray()
        with response.raw as raw:
            while piece := raw.read1(65536, decode_content=True):
                body += piece
                if len(body) > _MOST_BYTES or time.monotonic() > until:
                    raise requests.ConnectionError("the answer is too long, or takes too long")
        response.raw = io.BytesIO(bytes(body))
        return response


class OpenIdClient:
    """The provider. Safe to share between threads; connects at first use."""

    def __init__(self, provider: OpenIdProvider, clock: Callable[[], float] = time.monotonic) -> None:
        self.provider = provider
        self._clock = clock
        self._lock = threading.Lock()
        self._endpoints: tuple[float, Endpoints] | None = None
        self._keys: tuple[float, KeySet] | None = None
        self._ask_again = self._keys_again = clock() - 1

    def address(self, attempt: Attempt, back: str) -> str:
        """Where to send the browser. `back`: our address that the provider leads it to. Raises ProviderUnavailable."""
        there = self.endpoints().authorization
        with self._session() as session:
            url, _ = session.create_authorization_url(
                there,
                state=attempt.state,
                code_verifier=attempt.verifier,
                nonce=attempt.nonce,
                redirect_uri=back,
                response_mode="query",
                **({"prompt": "login"} if attempt.again else {}),
            )
        return str(url)

    def claims(self, attempt: Attempt, code: str, back: str) -> Mapping[str, Any]:
        """Who came back with this code. Raises ProviderUnavailable, CodeRefused, TokenRefused."""
        endpoints = self.endpoints()
        token = self._token(endpoints, attempt, code, back)
        expected = Expected(self.provider.issuer, self.provider.client_id, attempt.nonce, endpoints.algorithms)
        now = datetime.now(UTC)
        try:
            return claims_of(token.get("id_token"), self._known_keys(), expected, token.get("access_token"), now)
        except KeyUnknown:
            return claims_of(token.get("id_token"), self._newer_keys(), expected, token.get("access_token"), now)

    def endpoints(self) -> Endpoints:
        """What the provider says of itself. Raises ProviderUnavailable."""
        with self._alone():
            if self._endpoints is None or self._clock() - self._endpoints[0] > KEPT_S:
                where = get_well_known_url(self.provider.issuer, external=True)
                self._endpoints = self._clock(), self._get(where, lambda found: endpoints_of(found, self.provider))
            return self._endpoints[1]

    def _known_keys(self) -> KeySet:
        where = self.endpoints().keys
        with self._alone():
            if self._keys is None or self._clock() - self._keys[0] > KEPT_S:
                self._keys = self._clock(), self._get(where, keys_of)
            return self._keys[1]

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One asks the provider. Who waits for that is not kept for long: all of the API's threads could be."""
        if not self._lock.acquire(timeout=_PATIENCE_S):
            raise ProviderUnavailable("the provider is being asked, and does not answer yet")
        try:
            yield
        finally:
            self._lock.release()

    def _newer_keys(self) -> KeySet:
        """Raises ProviderUnavailable. Those that are known, where it was asked a moment ago."""
        with self._alone():
            if self._clock() >= self._keys_again:
                self._keys_again = self._clock() + SPARED_S
                self._keys = None
        return self._known_keys()

    def _token(self, endpoints: Endpoints, attempt: Attempt, code: str, back: str) -> Mapping[str, Any]:
        try:
            with self._session(endpoints.auth_method) as session:
                token = session.fetch_token(
                    endpoints.token,
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=attempt.verifier,
                    redirect_uri=back,
                    allow_redirects=False,
                )
        except OAuthError as error:
            _log.warning("the OpenID provider gave no token", error=str(error.error)[:100])
            raise CodeRefused("the provider refused the code") from error
        except (OSError, ValueError) as error:
            raise self._failed(error) from error
        return dict(token)

    def _get(self, url: str, read: Callable[[Any], Found]) -> Found:
        """Raises ProviderUnavailable, also where what it answers can't be read: a ValueError."""
        if self._clock() < self._ask_again:
            raise ProviderUnavailable("it did not answer a moment ago")
        try:
            with self._session() as session:
                answer = session.get(url, withhold_token=True, allow_redirects=False)
                if answer.status_code != 200:
                    raise ValueError(f"it answered {answer.status_code}")
                return read(answer.json())
        except (OSError, ValueError, RecursionError) as error:
            self._ask_again = self._clock() + SPARED_S
            raise self._failed(error) from error

    def _failed(self, error: Exception) -> ProviderUnavailable:
        _log.warning("the OpenID provider does not answer", reason=f"{type(error).__name__}: {error}"[:300])
        return ProviderUnavailable(str(error))

    def _session(self, auth_method: str | None = None) -> OAuth2Session:
        provider = self.provider
        session = OAuth2Session(
            provider.client_id,
            provider.client_secret or None,
            token_endpoint_auth_method=auth_method,
            scope=_SCOPE,
            code_challenge_method="S256",
            default_timeout=(_CONNECT_S, _PIECE_S),
        )
        # Neither a proxy nor a password is taken from the surroundings.
        session.trust_env = False
        session.verify = provider.ca or True
        for scheme in ("https://", "http://"):
            session.mount(scheme, _Bounded())
        return session


def endpoints_of(document: Any, provider: OpenIdProvider) -> Endpoints:
    """What a discovery document says, if it is this provider's and leads nowhere else. Pure. Raises ValueError."""
    if not isinstance(document, dict) or document.get("issuer") != provider.issuer:
        raise ValueError("it says that it is another issuer")
    named = document.get("id_token_signing_alg_values_supported")
    algorithms = tuple(each for each in ALGORITHMS if not isinstance(named, list) or each in named)
    if not algorithms:
        raise ValueError("it signs by no algorithm that is taken")
    methods = document.get("token_endpoint_auth_methods_supported")
    by_form = isinstance(methods, list) and "client_secret_post" in methods
    return Endpoints(
        authorization=_address(document, "authorization_endpoint", provider, is_for_browsers=True),
        token=_address(document, "token_endpoint", provider),
        keys=_address(document, "jwks_uri", provider),
        algorithms=algorithms,
        # In a form a secret stands as it is; in a header providers disagree on how it is encoded.
        auth_method=("client_secret_post" if by_form else "client_secret_basic") if provider.client_secret else "none",
        names_itself=document.get("authorization_response_iss_parameter_supported") is True,
    )


def _address(document: Mapping[str, Any], name: str, provider: OpenIdProvider, *, is_for_browsers: bool = False) -> str:
    url = document.get(name)
    scheme = urlsplit(provider.issuer).scheme
    if not isinstance(url, str) or not url.startswith(f"{scheme}://") or not url.isascii():
        raise ValueError(f"its {name} is no address of {scheme}")
    if "#" in url or any(character <= " " for character in url):
        raise ValueError(f"its {name} is no address")
    if not is_for_browsers and place_of(url) not in oidc_places(provider):
        raise ValueError(f"its {name} is at {place_of(url)}: name that host in MENDBOX_OIDC_HOSTS")
    return url
