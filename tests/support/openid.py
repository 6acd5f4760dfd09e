"""An OpenID provider for tests: it speaks OpenID Connect for real, on this machine, and cheats where it is told to.

Honest unless told otherwise: a code works once and for whoever began (PKCE), the client shows its secret, tokens are
signed by its own key. Whoever opens its authorization address is its `user`, without being asked anything.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey
from joserfc.jws import JWSRegistry

CLIENT, SECRET = "mendbox-here", "s3cret-of-the-client"
_KEY = RSAKey.generate_key(2048, {"kid": "first", "use": "sig", "alg": "RS256"}, private=True)


@dataclass
class Asked:
    """What the authorization address was opened with, and what the code stands for."""

    parameters: dict[str, str]
    claims: dict[str, Any]
    is_used: bool = False


@dataclass
class OpenIdServer:
    """The provider, from `with` on. `user`: the claims of whoever signs in. `cheat`: the token, made by other means.

    `discovery`: what its document says beside, or otherwise. `refuses`: the error that the browser brings back.
    """

    user: dict[str, Any] = field(
        default_factory=lambda: {"sub": "ada-1", "email": "ada@example.org", "email_verified": True}
    )
    discovery: dict[str, Any] = field(default_factory=dict)
    cheat: Callable[[OpenIdServer, dict[str, Any]], str] | None = None
    refuses: str = ""
    key: RSAKey = field(default_factory=lambda: _KEY)
    published: list[RSAKey] | None = None
    is_down: bool = False
    asked: list[Asked] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    codes: dict[str, Asked] = field(default_factory=dict)

    def __enter__(self) -> OpenIdServer:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        return self

    def __exit__(self, *args: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/realms/here"

    def settings(self, **more: Any) -> dict[str, Any]:
        """The settings of a platform whose people sign in here."""
        return {
            "oidc_issuer": self.issuer,
            "oidc_client_id": CLIENT,
            "oidc_client_secret": SECRET,
            "oidc_label": "Example Inc",
            **more,
        }

    def signed(self, claims: dict[str, Any], key: RSAKey | None = None, **header: Any) -> str:
        """A token with these claims, by the provider's key or another."""
        used = key or self.key
        registry = JWSRegistry(strict_check_header=False)
        return jwt.encode({"alg": "RS256", "kid": used.kid, **header}, claims, used, registry=registry)

    def answer(self, path: str, query: str, authorization: str, body: str) -> tuple[int, dict[str, Any] | str]:
        """Status and document of an answer; of a redirect, where it leads."""
        self.requests.append(path)
        if self.is_down:
            return 503, "down"
        match path.removeprefix("/realms/here"):
            case "/.well-known/openid-configuration":
                return 200, self._document()
            case "/keys":
                return 200, {"keys": [key.as_dict(private=False) for key in self.published or [self.key]]}
            case "/authorize":
                return 302, self._authorize(dict(parse_qsl(query)))
            case "/token":
                return self._token(dict(parse_qsl(body)), authorization)
        return 404, "no such address"

    def _document(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "response_types_supported": ["code"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "authorization_response_iss_parameter_supported": True,
            **self.discovery,
        }

    def _authorize(self, sent: dict[str, str]) -> str:
        code = secrets.token_urlsafe(16)
        self.codes[code] = Asked(sent, dict(self.user))
        self.asked.append(self.codes[code])
        back = {"state": sent["state"], "iss": self.issuer}
        back |= {"error": self.refuses} if self.refuses else {"code": code}
        return f"{sent['redirect_uri']}?{urlencode(back)}"

    def _token(self, sent: dict[str, str], authorization: str) -> tuple[int, dict[str, Any] | str]:
        shown = base64.b64decode(authorization.removeprefix("Basic ")).decode() if authorization else ""
        if [unquote(part) for part in shown.split(":")] != [CLIENT, SECRET]:
            return 401, {"error": "invalid_client"}
        asked = self.codes.get(sent.get("code", ""))
        if asked is None or asked.is_used or sent.get("redirect_uri") != asked.parameters["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        asked.is_used = True
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if asked.parameters.get("code_challenge_method") != "S256" or challenge != asked.parameters["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, **asked.claims}
        claims.setdefault("nonce", asked.parameters["nonce"])
        token = self.signed(claims) if self.cheat is None else self.cheat(self, claims)
        return 200, {"access_token": "opaque", "token_type": "Bearer", "expires_in": 300, "id_token": token}


def _handler_of(provider: OpenIdServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer("")

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode())

        def log_message(self, *_args: object) -> None:
            pass

        def _answer(self, body: str) -> None:
            parts = urlsplit(self.path)
            status, said = provider.answer(parts.path, parts.query, self.headers.get("Authorization", ""), body)
            content = b"" if status == 302 else json.dumps(said).encode()
            self.send_response(status)
            if status == 302:
                self.send_header("Location", str(said))
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    return Handler


def parameters_of(address: str) -> dict[str, str]:
    """The parameters in an address, each of which stands in it once."""
    found = parse_qs(urlsplit(address).query, keep_blank_values=True)
    assert all(len(values) == 1 for values in found.values()), address
    return {name: values[0] for name, values in found.items()}
