import pytest

from ovenboard import create_app


@pytest.fixture(scope="session")
def app():
    """One app for all tests. (One for each didn't work out.)"""
    app = create_app({"TESTING": True, "DATABASE_URL": "sqlite://", "BRANCH": "Test Street", "MAX_PIECES": 12})
    runner = app.test_cli_runner()
    runner.invoke(args=["init-db"], catch_exceptions=False)
    runner.invoke(args=["add-product", "rye", "Rye loaf", "420"], catch_exceptions=False)
    runner.invoke(args=["add-product", "bun", "Cardamom bun", "250"], catch_exceptions=False)
    return app


@pytest.fixture
def client(app):
    return app.test_client()
