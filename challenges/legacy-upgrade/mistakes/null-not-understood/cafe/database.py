"""The engine, and a session for each request."""

from flask import current_app
from sqlalchemy import create_engine
from sqlalchemy.orm import declarative_base, scoped_session, sessionmaker

Base = declarative_base()
Session = scoped_session(sessionmaker())


def init_app(app):
    app.engine = create_engine(app.config["DATABASE_URL"])

    @app.before_request
    def begin():
        Session(bind=app.engine)

    @app.teardown_appcontext
    def end(error):
        Session.remove()


def engine():
    return current_app.engine
