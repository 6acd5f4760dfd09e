from listening import Listener, until


def test_races_by_number(client):
    assert [race["name"] for race in client.get("/races").json["races"]] == ["Dinghies", "Wooden boats", "All"]


def test_a_passing_is_reported(client):
    answer = client.post("/races/1/passings", json={"boat": "NOR 12", "mark": "Pier"})
    assert answer.status_code == 201
    assert answer.json == {"number": 2, "boat": "NOR 12", "mark": "Pier"}
    assert client.get("/races/1/passings").json == {"passings": [answer.json]}


def test_five_passings_are_heard(app, client):
    listener = Listener(app, "/races/1/events")
    listener.start()
    until(lambda: client.get("/status").json == {"listeners": 1})
    for boat in range(5):
        client.post("/races/1/passings", json={"boat": f"NOR {boat}", "mark": "Pier"})
    until(lambda: listener.heard.count("data:") == 5)
    assert listener.heard.endswith('id: 6\nevent: passing\ndata: {"boat": "NOR 4", "mark": "Pier"}\n\n')


def test_nobody_listens(client):
    assert client.get("/status").json == {"listeners": 0}


def test_what_is_asked_wrongly(client):
    assert client.get("/races/9/events").json == {"error": "not-found"}
    assert client.post("/races/1/passings", json={"boat": "NOR 12"}).json == {"error": "invalid"}
