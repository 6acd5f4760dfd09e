import pytest
from sqlalchemy import event

from pressroom.extensions import db
from pressroom.sample import fill


@pytest.fixture
def statements(app):
    seen = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
    return seen


@pytest.mark.parametrize(
    "path", ["/api/posts?per_page=100", "/api/posts?tag=food", "/api/authors", "/feed.atom"]
)
def test_a_listing_takes_the_same_few_statements_for_more_posts(app, client, statements, path):
    client.get(path)
    before = len(statements)
    with app.app_context():
        db.drop_all()
        db.create_all()
        fill(120)
    statements.clear()
    assert client.get(path).status_code == 200
    assert len(statements) == before <= 8
