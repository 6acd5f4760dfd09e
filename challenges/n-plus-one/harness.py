"""Builds the app over empty tables. Each test brings its own archive by `import_batch`, as the nightly import does."""

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


def build(context):
    app = context.load()({"SQLALCHEMY_DATABASE_URI": "sqlite://", "SITE_NAME": "Pressroom"})
    with app.app_context():
        current_app.extensions["sqlalchemy"].create_all()
    return app


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
