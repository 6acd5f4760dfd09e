"""`/sign-in/oidc`: to the organisation's provider, and back.

A link and no form leads there: a browser that holds `form-action` against where a form is led in the end would refuse
the provider, and whoever it asks in turn. It sets a cookie and changes nothing else. What comes back is an address, and
reading an address changes nothing either: the page there sends its parts on by a form of our own, at once where scripts
run.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping

import structlog
from flask import Response, request, url_for
from werkzeug.wrappers import Response as WsgiResponse

from api.addresses import caller_address
from api.context import services
from api.csrf import check_origin, comes_from_us, own_origin
from api.doors import count_arrival, count_sign_in, is_first_use
from api.factors import prove_at_sign_in
from api.oidc import attempts
from api.oidc.attempts import Attempt, Waiting
from api.oidc.client import CodeRefused, OpenIdClient, ProviderUnavailable
from api.oidc.tokens import NO_ROLE, UNVERIFIED, WRONG_DOMAIN, NotLetIn, TokenRefused, has_two_factors, proven_by
from api.pages.forms import refused, text_fields, words_for
from api.pages.rendering import elsewhere, page, see_other
from api.pages.routing import PageRoutes
from api.pages.sign_in import own_path, sign_in_page
from api.problems import ApiProblem
from api.routing import PUBLIC, Body, Policy
from api.sessions import begin_session, with_session
from store.identities import Proven, Turned, TurnedAway
from store.opened import BegunBy
from store.records import UserRecord

routes = PageRoutes("oidc")
_log = structlog.get_logger("mendbox.api")
#: What a provider sends back, and how many characters of each are read.
_PARTS = {"code": 4096, "state": 200, "iss": 1000, "error": 200}
_DEEDS = ("session.begin", "session.refuse")
_CANCELLED = "access_denied"
_WORDS = {
    "cancelled": "You did not sign in there. Nothing has changed.",
    "attempt": "That sign-in took too long, was used already, or was begun in another browser. Begin again.",
    "provider": "The provider did not let you sign in. Begin again; if that goes on, tell whoever runs this platform.",
    "unavailable": "The provider can't be reached at present. Try again in a minute.",
    "token": "What the provider sent does not hold. Begin again; if that goes on, tell whoever runs this platform.",
    UNVERIFIED: "The provider does not vouch for your mail address. Have it verified there, and begin again.",
    WRONG_DOMAIN: "Your mail address is of a domain that is not let in here. Sign in there with another account.",
    NO_ROLE: "You are none of those there who may work here. Ask your administrator.",
    Turned.UNKNOWN: "There is no account of yours here yet: ask your admin to invite you.",
    Turned.CLOSED: "Your account here is closed. Ask your administrator if it should not be.",
    Turned.LINKED_OTHERWISE: "Your account here is linked to another account there. Ask your administrator.",
}


class _Refused(Exception):
    """Somebody does not get in: `reason` is a key of `_WORDS`, `user_id` whose account was meant, or empty."""

    def __init__(self, reason: str, status: int = 403, user_id: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status
        self.user_id = user_id


@routes.get("/sign-in/oidc", Policy(PUBLIC))
def go_there() -> WsgiResponse:
    """To the provider."""
    client = _client()
    if (moved := elsewhere()) is not None:
        return moved
    own = own_origin(services().settings.public_url)
    if not comes_from_us(None, request.headers.get("Sec-Fetch-Site"), own):
        # Another site's link signs nobody in: they press the button themselves.
        return see_other(url_for("pages_sign_in.show_form"), 302)
    onward = own_path(request.args.get("next"))
    attempt = attempts.begun(onward, services().secret_key.get(), again=request.args.get("again") == "1")
    try:
        address = client.address(attempt, _back())
    except ProviderUnavailable:
        return sign_in_page(onward=onward, wrong=_WORDS["unavailable"], status=503)
    response = see_other(address, 302)
    attempts.keep_attempt(response, services().settings, attempt)
    return response


@routes.get("/sign-in/oidc/back", Policy(PUBLIC))
def come_back() -> Response:
    """Where the provider leads the browser: a form with what it sent along."""
    client = _client()
    sent = {name: request.args.getlist(name) for name in _PARTS}
    parts = {name: values[0] for name, values in sent.items() if len(values) == 1 and len(values[0]) <= _PARTS[name]}
    return page("oidc_back.html", parts=parts, label=client.provider.label)


@routes.post("/sign-in/oidc/back", Policy(PUBLIC, Body.FORM, deeds=(*_DEEDS, "user.link", "user.add", "user.role")))
def arrive() -> WsgiResponse:
    """Sign in whoever the provider says it is, or ask them for a code."""
    client = _client()
    check_origin(services())
    parts = text_fields(*_PARTS)
    attempt = attempts.kept_attempt(services().settings, services().secret_key.get())
    try:
        count_arrival()
        proven, by = _proven(client, attempt, parts)
        user = _user(client, proven)
    except ApiProblem as problem:
        return refused(problem, _again(words_for(problem)))
    except _Refused as away:
        services().store.sessions.refused(away.user_id, caller_address(), lacking=f"provider: {away.reason}")
        return _again(_WORDS[away.reason], away.status, "" if attempt is None else attempt.onward)
    assert attempt is not None  # or it would have been refused
    if by is not BegunBy.PROVIDER_FACTOR and user.second_factor_since is not None:
        asked = page("oidc_code.html", account=user.account, wrong="")
        waiting = Waiting(user.account, by, attempt.onward)
        attempts.keep_waiting(asked, services().settings, waiting, attempt.secret)
        return asked
    return _signed_in(user, by, attempt.onward)


@routes.post("/sign-in/oidc/code", Policy(PUBLIC, Body.FORM, deeds=_DEEDS))
def show_code() -> WsgiResponse:
    """Sign in, by a code of the second factor, whoever the provider has shown to be the account's user."""
    _client()
    check_origin(services())
    code = text_fields("second_factor").get("second_factor", "")
    waiting = attempts.kept_waiting(services().settings, services().secret_key.get())
    if waiting is None:
        try:
            count_arrival()
        except ApiProblem as problem:
            return refused(problem, _again(words_for(problem)))
        services().store.sessions.refused("", caller_address(), lacking="provider: attempt")
        return _again(_WORDS["attempt"], 401)
    user = services().store.users.named(waiting.account)
    try:
        count_sign_in(user.account)
        prove_at_sign_in(user, code[:100] or None)
    except ApiProblem as problem:
        limited = problem.name == "too-many-requests"
        wrong = words_for(problem) if limited else "That code is not right, or was used already."
        return refused(problem, page("oidc_code.html", account=user.account, wrong=wrong))
    return _signed_in(user, waiting.by, waiting.onward)


def _client() -> OpenIdClient:
    """Raises ApiProblem where nobody signs in by a provider."""
    client = services().openid
    if client is None:
        raise ApiProblem("not-found", "nobody signs in by a provider here")
    return client


def _proven(client: OpenIdClient, attempt: Attempt | None, parts: Mapping[str, str]) -> tuple[Proven, BegunBy]:
    """Who came back, by the provider's word, which is checked. Raises _Refused, QuotasUnavailable."""
    if attempt is None or not hmac.compare_digest(attempt.state.encode(), parts.get("state", "").encode()):
        raise _Refused("attempt", 401)
    if not is_first_use(f"sign-in {attempt.key}", attempts.LASTS_S):
        raise _Refused("attempt", 401)
    try:
        # Sent on by another provider than ours, or by ours where it always says so and does not.
        if parts.get("iss") or client.endpoints().names_itself:
            _check_issuer(client, parts.get("iss", ""))
        if parts.get("error"):
            raise _Refused("cancelled" if parts["error"] == _CANCELLED else "provider", 401)
        claims = client.claims(attempt, parts.get("code", ""), _back())
        proven = proven_by(claims, client.provider)
    except ProviderUnavailable as error:
        raise _Refused("unavailable", 503) from error
    except CodeRefused as error:
        raise _Refused("provider", 401) from error
    except TokenRefused as error:
        _log.error("the OpenID provider's token does not hold", reason=str(error)[:300])
        raise _Refused("token", 401) from error
    except NotLetIn as error:
        raise _Refused(error.reason) from error
    at_provider = client.provider.factor_at
    has_factor = at_provider == "provider" or (at_provider == "amr" and has_two_factors(claims))
    return proven, BegunBy.PROVIDER_FACTOR if has_factor else BegunBy.PROVIDER


def _check_issuer(client: OpenIdClient, said: str) -> None:
    if said != client.provider.issuer:
        raise _Refused("token", 401)


def _user(client: OpenIdClient, proven: Proven) -> UserRecord:
    """Raises _Refused."""
    found = services().store.identities.arrive(proven, client.provider.default)
    if not isinstance(found, TurnedAway):
        return found
    if found.reason is Turned.UNKNOWN and proven.email is None:
        raise _Refused(UNVERIFIED)
    raise _Refused(found.reason, user_id=found.user_id)


def _signed_in(user: UserRecord, by: BegunBy, onward: str) -> WsgiResponse:
    opened = begin_session(user, by)
    if opened is None:
        services().store.sessions.refused(user.id, caller_address(), lacking="provider: account changed")
        return _again(_WORDS[Turned.CLOSED], 403)
    response = see_other(own_path(onward))
    attempts.drop(response, services().settings)
    return with_session(response, user, opened)


def _again(wrong: str, status: int = 200, onward: str = "") -> Response:
    """The page to sign in by, with what was wrong; what the browser kept of the attempt is of no more use."""
    shown = sign_in_page(onward=own_path(onward), wrong=wrong, status=status)
    attempts.drop(shown, services().settings)
    return shown


def _back() -> str:
    return own_origin(services().settings.public_url) + url_for(".come_back")
