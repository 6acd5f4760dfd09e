import pytest

from skerry import create_app
from skerry.cli import add_demo_week
from skerry.models import Base


@pytest.fixture
def client(tmp_path):
    app = create_app({"DATABASE_URL": f"sqlite:///{tmp_path}/skerry.db", "WEATHER": lambda date: f"{date}: clear"})
    engine = app.extensions["engine"]
    Base.metadata.create_all(engine)
    add_demo_week(engine)
    yield app.test_client()
    engine.dispose()
