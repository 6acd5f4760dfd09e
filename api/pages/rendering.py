"""From a template's name and plain values to a response with the headers that a page must have."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from flask import Response, request, url_for
from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from api.context import known_caller, services
from api.csrf import HEADER, csrf_token
from api.pages.assets import asset_names
from api.pages.described import inline_html

#: Scripts, styles and requests of this site alone; nothing inline, no plugin, no frame around it.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}
_TEMPLATES = files("api.pages") / "templates"


def page(template: str, status: int = 200, **values: Any) -> Response:
    """The template as a page. Raises PagesNotBuilt, NoSecretKey."""
    text = _environment().get_template(template).render(_of_every_page() | values)
    response = Response(text, status, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = POLICY
    # Other sites learn no address of ours. With `no-referrer` a browser would not say of a form that it is our own.
    response.headers["Referrer-Policy"] = "same-origin"
    if request.method == "POST":
        # What a form sent is no address that can be loaded again.
        response.headers["HX-Push-Url"] = "false"
    # htmx asks for the same address; nobody may be shown what was kept for somebody else.
    response.headers["Vary"] = "Cookie"
    return response


def _of_every_page() -> dict[str, Any]:
    me, headers = known_caller(), {}
    if me is not None and me.session is not None:
        headers = {HEADER: csrf_token(services(), me.session)}
    return {"me": me if headers else None, "sent_headers": headers, "assets": asset_names(), "link": url_for}


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FunctionLoader(lambda name: (_TEMPLATES / name).read_text("utf-8")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters |= {"moment": moment, "seconds": seconds, "inline": lambda text: Markup(inline_html(text))}
    return environment


def see_other(address: str, status: int = 303) -> Response:
    """A redirect to an address of this site; after a form, to what is to be seen of it."""
    response = Response(status=status)
    response.headers["Location"] = address
    return response


def elsewhere() -> Response | None:
    """A redirect to the address that people are told, for whoever opened the same machine under another of its names.

    Cookies and origins are of one name: a form that was opened under `localhost` could not be sent to `127.0.0.1`.
    """
    public, opened = urlsplit(services().settings.public_url), urlsplit(request.host_url)
    if public.hostname == opened.hostname or not {public.hostname, opened.hostname} <= _THIS_MACHINE:
        return None
    return see_other(f"{public.scheme}://{public.netloc}{request.full_path.rstrip('?')}", 302)


def moment(at: datetime | None) -> Markup:
    """A time as people read it, and as programs do."""
    if at is None:
        return Markup("–")
    utc = at.astimezone(UTC)
    exact, shown = utc.isoformat(timespec="seconds"), utc.strftime("%Y-%m-%d %H:%M")
    return Markup('<time datetime="') + exact + Markup('">') + shown + Markup(" UTC</time>")


def seconds(duration_s: float) -> str:
    """A duration in few digits."""
    return f"{duration_s * 1000:.0f} ms" if duration_s < 1 else f"{duration_s:.1f} s"
