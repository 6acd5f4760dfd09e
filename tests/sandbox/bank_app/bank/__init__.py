"""Accounts in PostgreSQL. Some routes do what no app should: they try what the server must not let them do."""

import os

from flask import Flask, jsonify, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base)


class Account(Base):
    __tablename__ = "account"
    id: Mapped[int] = mapped_column(primary_key=True)
    balance: Mapped[int]


def create_app(config):
    app = Flask(__name__)
    app.config.update(config)
    db.init_app(app)

    @app.get("/accounts")
    def accounts():
        return jsonify(
            [[each.id, each.balance] for each in db.session.scalars(db.select(Account).order_by(Account.id))]
        )

    @app.get("/accounts/one-by-one")
    def one_by_one():
        ids = db.session.scalars(text("SELECT id FROM account ORDER BY id")).all()
        return jsonify(
            [db.session.scalar(text("SELECT balance FROM account WHERE id = :id"), {"id": each}) for each in ids]
        )

    @app.post("/pay/<int:account_id>")
    def pay(account_id):
        account = db.session.get(Account, account_id, with_for_update=True)
        account.balance = balance = account.balance + 10
        db.session.commit()
        return jsonify(balance)

    @app.post("/sql")
    def sql():
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            result = connection.execute(text(request.get_data(as_text=True)))
            return jsonify([[str(value) for value in row] for row in result] if result.returns_rows else [])

    @app.errorhandler(Exception)
    def failed(error):
        return jsonify(error=f"{type(error).__name__}: {error}"), 500

    @app.post("/connect")
    def connect():
        import psycopg

        with psycopg.connect(request.get_data(as_text=True), connect_timeout=3) as connection:
            return jsonify(connection.execute("SELECT current_user").fetchone())

    @app.post("/die")
    def die():
        os._exit(3)

    return app
