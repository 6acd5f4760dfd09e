"""What an honest suite and app do with a Redis, from one end to the other: also what system calls are derived from."""

import threading

import pytest

from mendbox.testing import CallFailed


def ask(client, *words):
    answer = client.post("/command", json=list(words))
    assert answer.status_code == 200, answer.json
    return answer.json


def test_carts_and_scripts(client, redis_server):
    assert client.post("/cart/ines/apple").json == 1
    assert [client.post("/limited").status_code for _ in range(3)] == [204, 204, 429]
    assert redis_server.command("HGETALL", "cart:ines") == {"apple": "1"}


def test_every_kind_of_value(client):
    ask(client, "RPUSH", "list", "a", "b")
    ask(client, "SADD", "set", "a", "b")
    ask(client, "ZADD", "sorted", 1, "a", 2, "b")
    ask(client, "XADD", "stream", "*", "field", "value")
    ask(client, "PFADD", "distinct", "a")
    ask(client, "SETBIT", "bits", 7, 1)
    ask(client, "GEOADD", "places", 13.36, 38.11, "Palermo")
    assert "b'b'" in ask(client, "SORT", "set", "ALPHA")
    assert ask(client, "RENAME", "list", "renamed") == "b'OK'"
    assert ask(client, "BLPOP", "renamed", 1) == "[b'renamed', b'a']"


def test_large_values_come_and_go(client, redis_server):
    redis_server.command("SET", "large", "x" * 200_000)
    for number in range(5):
        ask(client, "COPY", "large", f"large:{number}")
    ask(client, "EVAL", "for i = 1, 60000 do redis.call('RPUSH', 'many', i) end return 1", 0)
    assert ask(client, "UNLINK", "many") == "1"
    assert ask(client, "FLUSHALL", "ASYNC") == "b'OK'"


def test_messages_reach_who_listens(app, redis_server):
    heard = []
    waiting = threading.Thread(target=lambda: heard.append(ask(app.client(), "BLPOP", "letters", 5)))
    waiting.start()
    assert redis_server.until_waiting(1)
    redis_server.command("LPUSH", "letters", "hello")
    waiting.join()
    assert heard == ["[b'letters', b'hello']"]
    assert app.client().post("/announce/hello").json == "hello"


def test_what_is_held_goes_on(app, redis_server):
    with redis_server.writes_held():
        threads = [threading.Thread(target=app.client().post, args=["/careless/ines/apple"]) for _ in range(2)]
        for thread in threads:
            thread.start()
        assert redis_server.until_waiting(2)
    for thread in threads:
        thread.join()
    assert redis_server.command("HGET", "cart:ines", "apple") == "1"


def test_memory_that_runs_out_is_an_error(client):
    assert "OutOfMemory" in client.post("/fill/100").json["error"]
    assert client.get("/cart/ines").status_code == 200


def test_an_error_is_the_servers(redis_server):
    with pytest.raises(CallFailed, match="wrong kind"):
        redis_server.command("LPUSH", "price:apple", 1)


def test_time_goes_by(client, clock):
    assert client.get("/code/old").json == "late"
    clock.advance(seconds=601)
    assert client.get("/code/old").json == ""
