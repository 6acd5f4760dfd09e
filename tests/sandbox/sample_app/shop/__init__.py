"""A small app with one route for each way of behaving, and of misbehaving, that the sandbox must cope with."""

import datetime
import os
import sys
import time
from pathlib import Path
from time import monotonic as bound_monotonic

from flask import Flask, Response, current_app, jsonify, redirect, request, session, url_for
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import Mapped, mapped_column

db = SQLAlchemy()
seen = []


class User(db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


def create_app(config=None):
    app = Flask(__name__)
    app.secret_key = "sample"
    app.config.update(config or {})
    db.init_app(app)

    @app.get("/users/<int:user_id>")
    def user(user_id):
        found = db.session.get(User, user_id)
        if found is None:
            return jsonify(error="no such user"), 404
        return jsonify(name=found.name)

    @app.post("/users")
    def add_user():
        db.session.add(User(name=request.json["name"]))
        db.session.commit()
        return jsonify(count=db.session.query(User).count()), 201

    @app.get("/raw-users")
    def raw_users():
        connection = db.engine.raw_connection()
        cursor = connection.cursor()
        for number in range(1, 4):
            cursor.execute("SELECT name FROM user WHERE id = ?", (number,))
        connection.close()
        return jsonify(done=True)

    @app.get("/visits")
    def visits():
        session["visits"] = session.get("visits", 0) + 1
        seen.append(1)
        return jsonify(mine=session["visits"], module=len(seen))

    @app.post("/notes")
    def write_note():
        with (Path(app.config["DATA_DIR"]) / "notes.txt").open("a") as file:
            file.write(request.get_data(as_text=True) + "\n")
        return "", 204

    @app.get("/notes")
    def read_notes():
        path = Path(app.config["DATA_DIR"]) / "notes.txt"
        return jsonify(lines=path.read_text().split() if path.exists() else [])

    @app.get("/time")
    def times():
        return jsonify(
            time=time.time(),
            monotonic=time.monotonic(),
            bound=bound_monotonic(),
            perf_ns=time.perf_counter_ns(),
            now=datetime.datetime.now(datetime.UTC).timestamp(),
        )

    @app.get("/address")
    def address():
        return jsonify(address=request.remote_addr, agent=request.user_agent.string, host=request.host)

    @app.route("/environ", methods=["GET", "POST"])
    def environ():
        return jsonify(strings=[[key, value] for key, value in request.environ.items() if isinstance(value, str)])

    @app.get("/away")
    def away():
        return redirect(url_for("environ", _external=True))

    @app.get("/slow")
    def slow():
        time.sleep(0.2)
        return jsonify(pid=os.getpid())

    @app.get("/say/<text>")
    def say(text):
        print("said", text)
        print("cried", text, file=sys.stderr)
        current_app.logger.warning("logged %s", text)
        return ""

    @app.get("/raise")
    def raises():
        raise RuntimeError("a bug")

    @app.get("/hang")
    def hang():
        while True:
            time.sleep(1)

    @app.get("/spin")
    def spin():
        while True:
            pass

    @app.get("/exit/<int:status>")
    def leave(status):
        os._exit(status)

    @app.get("/sys-exit")
    def sys_exit():
        sys.exit(4)

    @app.get("/memory")
    def memory():
        kept = []
        while True:
            kept.append(b"x" * 8_000_000)

    @app.get("/flood")
    def flood():
        for _ in range(200):
            print("x" * 10_000)
        return "flooded"

    @app.get("/large")
    def large():
        return Response(b"x" * 5_000_000)

    @app.get("/endless")
    def endless():
        return Response(b"x" * 65536 for _ in iter(int, 1))

    @app.get("/daemon")
    def daemon():
        between = os.fork()
        if between == 0:
            os.setsid()
            if os.fork() == 0:
                while True:
                    time.sleep(1)
            os._exit(0)
        os.waitpid(between, 0)
        return "left"

    @app.get("/bomb")
    def bomb():
        while True:
            try:
                os.fork()
            except OSError:
                time.sleep(0.01)

    return app


def add(one, other=1):
    return one + other


def count_users():
    return db.session.query(User).count()


def fail():
    raise ValueError("not like this")


def unsayable():
    return object()
