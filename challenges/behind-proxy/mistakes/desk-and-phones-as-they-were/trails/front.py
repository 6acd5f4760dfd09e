"""The address by which a visitor asked, where the connection has another."""

from __future__ import annotations

from functools import partial
from typing import Any


def value_of(environ: dict[str, Any], name: str, hops: int) -> str:
    """What the first of our proxies wrote into a header; nothing if it did not pass all of them."""
    written = environ.get("HTTP_X_FORWARDED_" + name, "").rsplit(",", hops)
    if hops < 1 or len(written) < hops:
        return ""
    return written[len(written) - hops].strip()


def ask(inner: Any, hops: int, environ: dict[str, Any], start_response: Any) -> Any:
    url = {"wsgi.url_scheme": "PROTO", "HTTP_HOST": "HOST", "SCRIPT_NAME": "PREFIX"}
    for variable, header in url.items():
        environ[variable] = value_of(environ, header, hops) or environ.get(variable, "")
    return inner(environ, start_response)


def put_before(app: Any) -> None:
    app.wsgi_app = partial(ask, app.wsgi_app, app.config["PROXIES"])
