import pytest

from pressroom import create_app
from pressroom.extensions import db
from pressroom.models import Author, Comment, Post, Tag
from pressroom.timing import parse


@pytest.fixture
def app():
    app = create_app({"TESTING": True, "SQLALCHEMY_DATABASE_URI": "sqlite://"})
    with app.app_context():
        db.create_all()
        ada = Author(handle="ada", name="Ada Okafor")
        food, travel = Tag(slug="food", name="Food"), Tag(slug="travel", name="Travel")
        db.session.add_all(
            [
                Post(
                    slug="night-market",
                    title="The night market",
                    body="Come hungry.",
                    published_at=parse("2025-05-02T08:00:00Z"),
                    author=ada,
                    tags=[travel, food],
                    comments=[
                        Comment(name="Ines", text="Delicious.", approved=True),
                        Comment(name="Bot", text="Buy now.", approved=False),
                    ],
                ),
                Post(
                    slug="old-maps",
                    title="Old maps",
                    body="Here.",
                    published_at=parse("2025-05-01T08:00:00Z"),
                ),
                Post(slug="unfinished", title="Unfinished", body="…", author=ada, tags=[food]),
            ]
        )
        db.session.commit()
    return app


@pytest.fixture
def client(app):
    return app.test_client()
