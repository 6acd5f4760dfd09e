"""The entry point for WSGI servers: `api.wsgi:serve()`. Reads the environment, once."""

from __future__ import annotations

import os

from flask import Flask

from api.app import create_app
from api.observability import configure_logging
from runner.errors import MendboxError
from store.outbound import Outbound, database_places, hold_to, mail_places, oidc_places, place_of
from store.progress import Progress
from store.queue import GradingQueue, connect
from store.settings import Settings
from store.store import Store


class RedisNotSet(MendboxError):
    """The API does not start a Redis of its own: `mendbox up` does, and tells the API where it is."""


def serve() -> Flask:
    """The app, in a process that from now on connects to nothing but the queue server, the database, the
    mail server and the OpenID provider."""
    settings = Settings.from_env(os.environ)
    app = make(settings)
    database = database_places(settings.effective_database_url, os.environ.get("PGHOST", ""))
    named = [*mail_places(settings.smtp_url), *oidc_places(settings.oidc)]
    hold_to(Outbound([place_of(settings.redis_url), *database, *named]))
    return app


def make(settings: Settings) -> Flask:
    """The app from these settings. Raises RedisNotSet or BadStoreUrl; connects to nothing yet."""
    configure_logging(settings.log_level)
    if not settings.redis_url:
        raise RedisNotSet("MENDBOX_REDIS_URL is not set", hint="set it, or start everything with: mendbox up")
    redis = connect(settings.redis_url)
    store = Store.open(settings.effective_database_url, rules=settings.password_rules)
    return create_app(settings, store, GradingQueue(redis, settings), Progress(redis, settings))
