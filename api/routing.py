"""Routes that say, where they are declared, who may call them and what body they take.

A route without roles can't be declared, and `create_app` refuses an app with a rule that no declaration covers: what
is forgotten is closed, not open.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, TypeVar

from flask import Blueprint, Flask
from flask_openapi.blueprint import APIBlueprint
from flask_openapi.models.tag import Tag

from api.problems import MEDIA_TYPE, PROBLEMS
from store.records import Role

View = TypeVar("View", bound=Callable[..., Any])
Roles = frozenset[Role]

EVERYONE: Roles = frozenset(Role)
ASSESSORS: Roles = frozenset({Role.ADMIN, Role.RECRUITER, Role.ENGINEER})
RECRUITERS: Roles = frozenset({Role.ADMIN, Role.RECRUITER})
ADMINS: Roles = frozenset({Role.ADMIN})
CANDIDATES: Roles = frozenset({Role.CANDIDATE})
#: No token is asked for.
PUBLIC: Roles | None = None


class Credential(Enum):
    """By what a caller may show who they are."""

    TOKEN = auto()
    SESSION = auto()
    #: A candidate's token in a cookie, put there by the page that their link leads to.
    LINK = auto()
    #: A token as the password of HTTP's Basic scheme: the one way in which git can send it.
    BASIC = auto()
    #: A token of the scope `partner` as the user name of that scheme, without a password: as recruiting systems do.
    KEY = auto()


EITHER = frozenset({Credential.TOKEN, Credential.SESSION})
ONLY_TOKENS = frozenset({Credential.TOKEN})
ONLY_SESSIONS = frozenset({Credential.SESSION})
#: Pages of candidates. Whoever is signed in as well, to see what candidates see, is a candidate there.
ONLY_LINKS = frozenset({Credential.LINK})
ONLY_BASIC = frozenset({Credential.BASIC})
ONLY_KEYS = frozenset({Credential.KEY})


class Body(Enum):
    """What a route reads of a request's body."""

    NONE = auto()
    JSON = auto()
    MULTIPART = auto()
    FORM = auto()
    #: What git asks for when it clones, and what it sends when it pushes.
    GIT_FETCH = auto()
    GIT_PUSH = auto()


@dataclass(frozen=True, slots=True)
class Policy:
    """Who may call a route (None: anyone, without a token), how they show it, and what body it takes.

    `deeds`: what a call that changes something writes into the audit trail, one of these each time; a route that is no
    GET can't be declared without. `counted`: whether calls count towards a quota. `enrolling`: whether a session may
    call it whose user has no second factor where one is demanded. `watches`: whether a page asks by itself, which is no
    use of a session and keeps none alive.
    """

    roles: Roles | None
    body: Body = Body.NONE
    deeds: tuple[str, ...] = ()
    credentials: frozenset[Credential] = EITHER
    counted: bool = True
    enrolling: bool = False
    watches: bool = False


@dataclass(frozen=True, slots=True)
class Doc:
    """A route's part of the OpenAPI document: what it answers, and the names of the problems it may answer with."""

    responses: Mapping[int, Any]
    problems: tuple[str, ...] = ()
    operation_id: str | None = None
    request_body: Mapping[str, Any] | None = None


def check_deeds(method: str, rule: str, policy: Policy) -> None:
    """Raises ValueError for a route that changes something and names no deed, or the other way round."""
    if (method.lower() == "get") is bool(policy.deeds):
        raise ValueError(f"{method} {rule}: what changes something names its deeds, and nothing else does")


class PlainRoutes:
    """A blueprint of routes that stand in no OpenAPI document. Their rules start at the root."""

    def __init__(self, name: str) -> None:
        self.blueprint = Blueprint(name, __name__)
        self.policies: dict[str, Policy] = {}

    def get(self, rule: str, policy: Policy) -> Callable[[View], View]:
        """Declare `GET rule` (and so HEAD)."""
        return self._route("GET", rule, policy)

    def post(self, rule: str, policy: Policy) -> Callable[[View], View]:
        """Declare `POST rule`."""
        return self._route("POST", rule, policy)

    def _route(self, method: str, rule: str, policy: Policy) -> Callable[[View], View]:
        check_deeds(method, rule, policy)

        def declare(view: View) -> View:
            self.blueprint.route(rule, methods=[method])(view)
            self.policies[f"{self.blueprint.name}.{view.__name__}"] = policy
            return view

        return declare

    def register(self, app: Flask) -> dict[str, Policy]:
        """Put the routes into the app; their policies, by endpoint."""
        app.register_blueprint(self.blueprint)
        return self.policies


class Routes:
    """A blueprint of such routes."""

    def __init__(self, name: str, tag: str, url_prefix: str | None = "/api/v1") -> None:
        self.blueprint = APIBlueprint(name, __name__, url_prefix=url_prefix, abp_tags=[Tag(name=tag)])
        self.policies: dict[str, Policy] = {}

    def get(self, rule: str, policy: Policy, doc: Doc) -> Callable[[View], View]:
        """Declare `GET rule` (and so HEAD)."""
        return self._route("get", rule, policy, doc)

    def post(self, rule: str, policy: Policy, doc: Doc) -> Callable[[View], View]:
        """Declare `POST rule`."""
        return self._route("post", rule, policy, doc)

    def delete(self, rule: str, policy: Policy, doc: Doc) -> Callable[[View], View]:
        """Declare `DELETE rule`."""
        return self._route("delete", rule, policy, doc)

    def _route(self, method: str, rule: str, policy: Policy, doc: Doc) -> Callable[[View], View]:
        check_deeds(method, rule, policy)

        def declare(view: View) -> View:
            options: dict[str, Any] = {
                "responses": documented(policy, doc, may_have_body=method != "get"),
                "operation_id": doc.operation_id or view.__name__,
            }
            if policy.roles is not None:
                options["security"] = security_of(policy, changes=bool(policy.deeds))
            if doc.request_body is not None:
                options["request_body"] = dict(doc.request_body)
            getattr(self.blueprint, method)(rule, **options)(view)
            self.policies[f"{self.blueprint.name}.{view.__name__}"] = policy
            return view

        return declare


def security_of(policy: Policy, *, changes: bool) -> list[dict[str, list[Any]]]:
    """By what a caller is known, as OpenAPI says it: any one entry of the list will do."""
    session: dict[str, list[Any]] = {"session": [], "csrf": []} if changes else {"session": []}
    ways: dict[Credential, dict[str, list[Any]]] = {
        Credential.TOKEN: {"token": []},
        Credential.SESSION: session,
        Credential.KEY: {"key": []},
    }
    return [way for credential, way in ways.items() if credential in policy.credentials]


def documented(policy: Policy, doc: Doc, *, may_have_body: bool) -> dict[Any, Any]:
    """All responses of a route, with the problems that follow from its policy."""
    names = list(doc.problems)
    if may_have_body:
        names.append("body-too-large")
    if policy.counted:
        names.append("too-many-requests")
    if policy.roles is not None:
        names += ["token-in-url", "two-credentials", "unauthenticated", "platform-fault", "forbidden"]
        if Credential.SESSION in policy.credentials and not policy.enrolling:
            names.append("second-factor-missing")
        if policy.deeds and Credential.SESSION in policy.credentials:
            names += ["csrf-refused", "origin-refused"]
    if policy.body is not Body.NONE:
        names += ["malformed-request", "repeated-field", "request-timeout", "unsupported-media-type", "invalid-request"]
    by_status: dict[int, list[str]] = {}
    for name in dict.fromkeys(names):
        by_status.setdefault(PROBLEMS[name][0], []).append(name)
    problems = {status: _problem_response(names) for status, names in sorted(by_status.items())}
    return {**dict(doc.responses), **problems}


def _problem_response(names: list[str]) -> dict[str, Any]:
    titles = "; ".join(f"`{name}`: {PROBLEMS[name][1]}" for name in names)
    return {
        "description": titles,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
