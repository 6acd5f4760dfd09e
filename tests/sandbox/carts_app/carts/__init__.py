"""Carts in Redis, served by any number of processes. Some routes do what no app should: they try what they must not."""

import socket

import redis
from flask import Flask, jsonify, request

LIMIT = """
local used = redis.call('INCR', KEYS[1])
if used == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return used
"""


class Store(redis.Redis):
    def select_other(self, db):
        return redis.Redis.from_url(f"{self.url}&db={db}")


def create_app(config):
    app = Flask(__name__)
    store = app.extensions["redis"] = Store.from_url(config["REDIS_URL"])
    store.url = config["REDIS_URL"]
    limit = store.register_script(LIMIT)

    @app.get("/cart/<name>")
    def cart(name):
        return jsonify({item.decode(): int(count) for item, count in store.hgetall(f"cart:{name}").items()})

    @app.post("/cart/<name>/<item>")
    def add(name, item):
        if not store.exists(f"price:{item}"):
            return jsonify(error="no such item"), 404
        return jsonify(store.hincrby(f"cart:{name}", item, 1))

    @app.post("/careless/<name>/<item>")
    def careless(name, item):
        count = int(store.hget(f"cart:{name}", item) or 0)
        store.hset(f"cart:{name}", item, count + 1)
        return jsonify(count + 1)

    @app.post("/limited")
    def limited():
        return ("", 204) if limit(keys=["limit"], args=[60]) <= 2 else ("slow down", 429)

    @app.get("/code/<code>")
    def code(code):
        return jsonify((store.get(f"code:{code}") or b"").decode())

    @app.post("/command")
    def command():
        client = redis.Redis.from_url(store.url, socket_timeout=20, retry=None)
        connection = client.connection_pool.get_connection()
        connection.send_command(*request.json)
        return jsonify(str(connection.read_response()))

    @app.post("/eval")
    def run():
        return jsonify(str(store.eval(request.get_data(as_text=True), 0)))

    @app.post("/connections/<int:number>")
    def connections(number):
        app.held = []
        for _ in range(number):
            app.held.append(redis.Redis.from_url(store.url, retry=None))
            app.held[-1].connection_pool.get_connection()
        return jsonify(len(app.held))

    @app.post("/listen")
    def listen():
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as mine:
            mine.bind(request.get_data(as_text=True).replace("@", "\0"))
        return "done"

    @app.post("/connect")
    def connect():
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as mine:
            mine.connect(request.get_data(as_text=True).replace("@", "\0"))
        return "done"

    @app.post("/fill/<int:megabytes>")
    def fill(megabytes):
        for number in range(megabytes):
            store.set(f"full:{number}", b"x" * 1_000_000)
        return "done"

    @app.post("/announce/<text>")
    def announce(text):
        with store.pubsub(ignore_subscribe_messages=True) as listener:
            listener.subscribe("news")
            listener.get_message(timeout=1)
            store.publish("news", text)
            return jsonify(listener.get_message(timeout=1)["data"].decode())

    @app.errorhandler(Exception)
    def failed(error):
        return jsonify(error=f"{type(error).__name__}: {error}"), 500

    return app
