"""`create_app`: the API from the services handed to it. Nothing here reads the environment or opens a connection."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from flask import Flask
from flask_openapi.models.info import Info
from flask_openapi.models.schema import Schema
from flask_openapi.openapi import OpenAPI

from api import (
    accounts,
    audit,
    bodies,
    challenges,
    docs,
    events,
    headers,
    health,
    my_assessment,
    observability,
    partner,
    problems,
    regrades,
    second_factors,
    sessions,
    similarity,
    submissions,
    tokens,
    webhooks,
)
from api.account_schemas import FactorConfirmed, SessionView
from api.addresses import believe_proxies
from api.catalogue import Catalogue
from api.comparisons import Comparisons
from api.context import EXTENSION, Services
from api.cookies import cookie_name
from api.csrf import HEADER
from api.doors import doorkeeper
from api.git import errors as git_errors
from api.git import routes as git_routes
from api.mailing.sending import mailer_of
from api.metrics import Metrics, PlatformState
from api.oidc.client import OpenIdClient
from api.pages import (
    account,
    assets,
    candidate,
    commenting,
    comparing,
    editor,
    explaining,
    exports,
    finishing,
    inviting,
    library,
    links,
    oidc,
    own_account,
    own_tokens,
    people,
    reviewing,
    sharing,
    sign_in,
    visible,
    workshop,
)
from api.pages import assessments as page_assessments
from api.pages import errors as page_errors
from api.pages import regrades as page_regrades
from api.pages import submissions as page_submissions
from api.pages import webhooks as page_webhooks
from api.pages.routing import PageRoutes
from api.quotas import Quotas
from api.readings import Readings
from api.routing import Policy, Routes
from api.schemas import Problem, SubmissionAccepted
from api.streams import EventStreams
from runner.limits import SubmissionLimits
from runner.packages.loader import load_certified, load_package, load_unless_stale
from runner.packages.package import ChallengePackage
from store.progress import Progress
from store.queue import GradingQueue, connect
from store.secret_key import SecretKey
from store.settings import Settings
from store.store import Store
from store.visible_runs import VisibleRuns

VERSION = "1.0.0"
REF = "#/components/schemas/{model}"
_ROUTES: tuple[Routes, ...] = (
    challenges.routes,
    submissions.routes,
    regrades.routes,
    similarity.routes,
    events.routes,
    tokens.routes,
    my_assessment.routes,
    sessions.routes,
    accounts.routes,
    second_factors.routes,
    audit.routes,
    webhooks.routes,
    partner.routes,
    health.routes,
    docs.routes,
)
_PAGES: tuple[PageRoutes, ...] = (
    assets.routes,
    sign_in.routes,
    oidc.routes,
    account.routes,
    own_account.routes,
    own_tokens.routes,
    page_submissions.routes,
    library.routes,
    page_assessments.routes,
    inviting.routes,
    people.routes,
    links.routes,
    reviewing.routes,
    sharing.routes,
    exports.routes,
    comparing.routes,
    workshop.routes,
    page_webhooks.routes,
    page_regrades.routes,
    candidate.routes,
    commenting.routes,
    finishing.routes,
    explaining.routes,
    editor.routes,
    visible.routes,
)
_DESCRIPTION = (
    "Submit a fix to a broken app, watch it being graded, read the grade. Errors are `application/problem+json`. "
    "Send `Authorization: Bearer mbx_…`; tokens are never accepted in URLs."
)


class MendboxApi(OpenAPI):
    """flask-openapi's app, whose document says of validation only what this API does."""

    def generate_spec_json(self) -> None:
        """Make the document; the library's own 422 in a media type that is never sent is taken out of it."""
        # Responses with headers name these models by reference, which does not make the library include it.
        for model in (SubmissionAccepted, SessionView, FactorConfirmed):
            schema = model.model_json_schema(mode="serialization", ref_template=REF)
            schema.pop("$defs", None)  # its parts are there already, by the same reference
            self.components_schemas[model.__name__] = Schema(**schema)
        super().generate_spec_json()  # type: ignore[no-untyped-call]  # the library types it not at all
        for path in self.spec_json["paths"].values():
            for operation in path.values():
                content = operation["responses"].get("422", {}).get("content", {})
                if "application/json" in content:
                    del operation["responses"]["422"]


def create_app(settings: Settings, store: Store, queue: GradingQueue, progress: Progress) -> Flask:
    """The API. `progress` may share `queue`'s Redis client: its reads wait for a second at most."""
    app = MendboxApi(
        "api",
        info=Info(title="Mendbox", version=VERSION, description=_DESCRIPTION),
        security_schemes={
            "token": {"type": "http", "scheme": "bearer", "description": "a Mendbox token, `mbx_…`"},
            "key": {"type": "http", "scheme": "basic", "description": "a key of the scope `partner` as the user name"},
            "session": {"type": "apiKey", "in": "cookie", "name": cookie_name(settings), "description": "signed in"},
            "csrf": {"type": "apiKey", "in": "header", "name": HEADER, "description": "of `GET /session`"},
        },
        validation_error_model=Problem,
        validation_error_callback=problems.validation_failed,
        doc_ui=False,
        static_folder=None,
    )
    app.openapi_version = "3.1.0"
    app.config["MAX_FORM_PARTS"] = 10
    app.url_map.strict_slashes = True
    app.extensions[EXTENSION] = _services(settings, store, queue, progress)
    policies = _register_routes(app)
    believe_proxies(app, settings.trusted_proxies)
    # In this order: an id for the log, then who calls and how often, then what they sent.
    observability.register(app)
    app.before_request(doorkeeper(policies))
    app.before_request(bodies.body_reader(policies, SubmissionLimits().upload_bytes))
    headers.register(app, settings)
    # What is registered later is asked first: a problem becomes a page, or text, which then gets the headers of all.
    page_errors.register(app)
    git_errors.register(app)
    problems.register(app)
    return app


def policies_of(app: Flask) -> dict[str, Policy]:
    """Every route's policy, by endpoint."""
    return dict(app.extensions[f"{EXTENSION}.policies"])


def _services(settings: Settings, store: Store, queue: GradingQueue, progress: Progress) -> Services:
    streams = EventStreams(settings.event_streams)
    metrics = Metrics()
    metrics.registry.register(PlatformState(store, queue, streams))
    return Services(
        settings=settings,
        store=store,
        queue=queue,
        progress=progress,
        catalogue=Catalogue(settings.challenges, _loader(settings)),
        streams=streams,
        metrics=metrics,
        comparisons=Comparisons(store.comparison),
        quotas=Quotas(settings),
        readings=Readings(),
        secret_key=SecretKey(settings.secret_key, settings.home, settings.secret_key_before),
        visible=VisibleRuns(connect(settings.redis_url), settings),
        mailer=mailer_of(settings),
        openid=None if settings.oidc is None else OpenIdClient(settings.oidc),
    )


def _loader(settings: Settings) -> Callable[[Path], ChallengePackage]:
    """How the challenges are read that are offered."""
    if settings.certified_only:
        return load_certified
    return load_package if settings.stale_certificates else load_unless_stale


def _register_routes(app: MendboxApi) -> dict[str, Policy]:
    policies: dict[str, Policy] = {}
    for routes in _ROUTES:
        app.register_api(routes.blueprint)
        policies.update(routes.policies)
    for pages in _PAGES:
        policies.update(pages.register(app))
    policies.update(git_routes.routes.register(app))
    open_routes = {rule.endpoint for rule in app.url_map.iter_rules()} - set(policies)
    if open_routes:
        raise RuntimeError(f"routes without a policy: {', '.join(sorted(open_routes))}")
    app.extensions[f"{EXTENSION}.policies"] = policies
    return policies
