import pytest

from coreshed import create_app
from coreshed.extensions import db
from coreshed.seed import add_demo_archive


@pytest.fixture
def client(tmp_path):
    app = create_app({"SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path / 'coreshed.db'}"})
    with app.app_context():
        db.create_all()
        add_demo_archive()
    yield app.test_client()
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def ask(client):
    """`ask("ada", "/cores")` is a request by Ada, in metres unless said otherwise."""

    def ask(token, path, unit="m", method="GET", **options):
        headers = {"Authorization": f"Bearer {token}", **options.pop("headers", {})}
        return client.open(path, method=method, query_string={"unit": unit}, headers=headers, **options)

    return ask
