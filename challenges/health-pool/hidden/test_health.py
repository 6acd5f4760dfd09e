"""R1 and R2: alive, and ready."""

from __future__ import annotations

from mendbox.testing import requirement


def told(answer):
    return answer.status_code, answer.json


def is_ready(night, nights):
    return told(night.client.get("/health/ready")) == (200, {"status": "ready", "nights": nights})


def is_not_ready(night):
    return told(night.client.get("/health/ready")) == (503, {"status": "not-ready"})


def is_alive(night):
    return told(night.client.get("/health/live")) == (200, {"status": "alive"})


@requirement("R1", "While all connections are in use, the process does not say that it is alive.")
def test_alive_while_all_connections_are_in_use(night):
    with night.all_in_use() as sent:
        assert is_alive(night)
    assert [request.result().status_code for request in sent] == [201] * night.desk.connections
    night.lists(night.desk.connections)


@requirement("R1", "While there is no database, the process does not say that it is alive.")
def test_alive_without_a_database(night):
    night.client.get("/nights")
    night.goes_away()
    assert is_alive(night)
    assert night.connections() == 0
    night.comes_back()
    assert is_alive(night)
    assert night.connections() == 0
    night.lists()


@requirement("R1", "A process that is alive does not say so.")
def test_alive_when_all_is_well(night):
    assert is_alive(night)
    assert night.client.get("/nights").json == {"nights": night.desk.rows()}
    assert is_alive(night)


@requirement("R2", "The number of nights is not the one that the database has.")
def test_ready_with_what_the_database_has_now(night):
    count = len(night.desk.nights)
    assert is_ready(night, count)
    number = night.desk.free[1]["id"]
    night.database.execute("DELETE FROM bookings WHERE night_id = %s", number)
    night.database.execute("DELETE FROM nights WHERE id = %s", number)
    assert is_ready(night, count - 1)


@requirement(
    "R2", "While all connections are in use, the process says that it is ready; or not so when they are free again."
)
def test_not_ready_while_all_connections_are_in_use(night):
    count = len(night.desk.nights)
    assert is_ready(night, count)
    with night.all_in_use():
        asked = night.send_all(*[("GET", "/health/ready", None)] * 2)
        assert [told(answer) for _, answer in asked] == [(503, {"status": "not-ready"})] * 2
    assert is_ready(night, count)


@requirement("R2", "While there is no database, the process says that it is ready; or not so when it is back.")
def test_not_ready_without_a_database(night):
    count = len(night.desk.nights)
    assert is_ready(night, count)
    night.goes_away()
    assert is_not_ready(night)
    assert is_not_ready(night)
    night.comes_back()
    assert is_ready(night, count)


@requirement("R2", "While the database answers with errors, the process says that it is ready.")
def test_not_ready_while_the_database_answers_with_errors(night):
    count = len(night.desk.nights)
    night.database.execute("ALTER TABLE nights RENAME TO being_restored")
    assert is_not_ready(night)
    night.database.execute("ALTER TABLE being_restored RENAME TO nights")
    assert is_ready(night, count)
    night.works()


@requirement("R2", "Asking whether the process is ready costs connections.")
def test_asking_costs_nothing(night):
    for _ in range(night.desk.connections + 2):
        assert is_ready(night, len(night.desk.nights))
    assert night.nothing_is_open()
    night.works()


@requirement("R2", "A process that is ready does not say so.")
def test_ready_when_all_is_well(night):
    assert is_ready(night, len(night.desk.nights))
