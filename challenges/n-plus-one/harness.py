"""Builds the app over empty tables in PostgreSQL. Each test brings its own archive, as the nightly import does."""

from contextlib import suppress
from datetime import UTC, datetime

from flask import current_app
from sqlalchemy import insert

# What `warm` shows the app: one of each, and a post that lacks everything.
_MOMENT = 1_700_000_000
_SPECIMEN = {
    "authors": [{"id": 1, "handle": "warm", "name": "Warm"}, {"id": 2, "handle": "idle", "name": "Idle"}],
    "tags": [{"id": 1, "slug": "one", "name": "One"}, {"id": 2, "slug": "two", "name": "Two"}],
    "posts": [
        {
            "id": number,
            "slug": f"warm-{number}",
            "title": "Warm",
            "summary": "",
            "body": "Warm",
            "published_at": _MOMENT + number,
            "author_id": author,
        }
        for number, author in enumerate((1, 1, 2, None), 1)
    ],
    "post_tags": [{"post_id": post, "tag_id": tag} for post, tag in ((1, 1), (1, 2), (2, 1), (3, 2))],
    "comments": [
        {"id": 1, "post_id": 1, "name": "Warm", "text": "Warm", "approved": True, "created_at": _MOMENT + 9},
        {"id": 2, "post_id": 1, "name": "Warm", "text": "Warm", "approved": False, "created_at": _MOMENT + 9},
    ],
}
_FREQUENT = (
    "/api/posts?per_page=4",
    "/api/posts?tag=one&author=warm",
    "/api/posts?tag=one",
    "/api/posts?author=warm",
    "/api/authors",
    "/feed.atom",
)


def build(context):
    app = context.load()({"SQLALCHEMY_DATABASE_URI": context.database_url, "SITE_NAME": "Pressroom"})
    _empty(app)
    return app


def warm(app):
    """Ask for what many tests ask for, so that no test is the first to compile a query; then empty the tables.

    What fails here fails in the tests again, which say so.
    """
    client = app.test_client()
    with suppress(Exception):
        _store(app, _SPECIMEN)
        for path in _FREQUENT * 2:  # after two rounds a request costs about 2 ms less than after one
            with suppress(Exception):
                client.get(path)
    _empty(app)


def _empty(app):
    """Make the tables anew, and leave no connection open: no fork may share one."""
    with app.app_context():
        db = current_app.extensions["sqlalchemy"]
        db.session.remove()
        db.drop_all()
        db.create_all()
        db.session.remove()
        db.engine.dispose()


def _store(app, batch):
    with app.app_context():
        db = current_app.extensions["sqlalchemy"]
        with db.engine.begin() as connection:
            for name, rows in batch.items():
                connection.execute(insert(db.metadata.tables[name]), [_stored(row) for row in rows])


def _stored(row):
    return {
        key: datetime.fromtimestamp(value, UTC).replace(tzinfo=None) if key.endswith("_at") else value
        for key, value in row.items()
    }
