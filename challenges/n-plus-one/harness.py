"""Builds the app over empty tables. Each test brings its own archive by `import_batch`, as the nightly import does."""

from contextlib import suppress
from datetime import UTC, datetime

from flask import current_app
from sqlalchemy import Boolean, DateTime, Integer, String, column, insert, table, text, update


def _table(table_name, /, **columns):
    return table(table_name, *(column(key, kind) for key, kind in columns.items()))


# Written out and not taken from the app's models: other systems know these tables too, and a submission may not
# change them.
TABLES = {
    "authors": _table("authors", id=Integer, handle=String, name=String),
    "tags": _table("tags", id=Integer, slug=String, name=String),
    "posts": _table(
        "posts",
        id=Integer,
        slug=String,
        title=String,
        summary=String,
        body=String,
        published_at=DateTime,
        author_id=Integer,
    ),
    "post_tags": _table("post_tags", post_id=Integer, tag_id=Integer),
    "comments": _table(
        "comments",
        id=Integer,
        post_id=Integer,
        name=String,
        text=String,
        approved=Boolean,
        created_at=DateTime,
    ),
}

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
    app = context.load()({"SQLALCHEMY_DATABASE_URI": "sqlite://", "SITE_NAME": "Pressroom"})
    with app.app_context():
        current_app.extensions["sqlalchemy"].create_all()
    return app


def warm(app):
    """Ask for what many tests ask for, so that no test is the first to compile a query; then empty the tables.

    What fails here fails in the tests again, which say so.
    """
    client = app.test_client()
    with suppress(Exception):
        with app.app_context():
            import_batch(_SPECIMEN)
        for path in _FREQUENT * 2:  # after two rounds a request costs about 2 ms less than after one
            with suppress(Exception):
                client.get(path)
    with app.app_context():
        db = current_app.extensions["sqlalchemy"]
        db.session.remove()
        db.drop_all()
        db.create_all()
        db.session.remove()


def import_batch(batch):
    """Write rows straight into the tables. Times are seconds since the epoch."""
    with current_app.extensions["sqlalchemy"].engine.begin() as connection:
        for name, target in TABLES.items():
            rows = [_stored(row) for row in batch.get(name, [])]
            if rows:
                connection.execute(insert(target), rows)


def approve(comment_id):
    """Approve a comment as the moderation desk does: in the table."""
    comments = TABLES["comments"]
    with current_app.extensions["sqlalchemy"].engine.begin() as connection:
        connection.execute(update(comments).where(comments.c.id == comment_id).values(approved=True))


def mark(word):
    """Run one statement that holds `word` the way the app runs its own: who counts statements must see it."""
    with current_app.extensions["sqlalchemy"].engine.connect() as connection:
        connection.execute(text(f"SELECT '{word}'"))


def _stored(row):
    return {
        key: datetime.fromtimestamp(value, UTC).replace(tzinfo=None)
        if key.endswith("_at") and value is not None
        else value
        for key, value in row.items()
    }
