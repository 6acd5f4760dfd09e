"""R5 and R6: all connections in use, and a database that was away."""

from __future__ import annotations

from mendbox.testing import requirement


@requirement(
    "R5", "When all connections are in use, the answer is not the one that the brief asks for, or comes too soon."
)
def test_all_connections_in_use(night, is_busy):
    with night.all_in_use() as sent:
        asked = night.send_all(
            ("GET", "/nights", None),
            ("POST", f"/nights/{night.desk.free[1]['id']}/bookings", night.wish()),
            ("GET", f"/trail?night={night.desk.full['id']}", None),
        )
        assert all(is_busy(answer) for _, answer in asked)
        # Clocks differ a little; who gives up at once is far from it.
        assert min(seconds for seconds, _ in asked) >= 0.9 * night.desk.wait
    assert [request.result().status_code for request in sent] == [201] * night.desk.connections
    night.lists(night.desk.connections)


@requirement("R5", "A process opens more connections than there are.")
def test_no_more_connections_than_there_are(night):
    with night.all_in_use():
        late = [night.send("GET", "/nights") for _ in range(3)]
        answers = [request.result() for request in late]
        assert night.connections() == night.desk.connections
    assert {answer.status_code for answer in answers} == {503}
    assert night.connections() <= night.desk.connections


@requirement("R5", "While one connection is free, the desk is busy all the same.")
def test_one_connection_that_is_free(night):
    with night.all_in_use(but=1) as sent:
        assert night.client.get("/nights").json == {"nights": night.desk.rows()}
        assert night.client.get(f"/nights/{night.desk.full['id']}").json["free"] == 0
    assert {request.result().status_code for request in sent} == {201}


@requirement("R6", "While there is no database, the answer is not the one that the brief asks for.")
def test_no_database(night, is_busy):
    night.client.get("/nights")
    night.goes_away()
    for _ in range(night.desk.connections + 1):
        assert is_busy(night.client.get("/nights"))
    assert is_busy(night.book(night.desk.free[1], night.wish()))
    night.comes_back()
    night.works()


@requirement("R6", "After the database has ended the connections, requests fail.")
def test_connections_that_the_database_has_ended(night):
    night.use_all()
    night.ends_connections()
    for _ in range(night.desk.connections + 1):
        assert night.client.get(f"/nights/{night.desk.full['id']}").json["free"] == 0
    night.ends_connections()
    assert night.book(night.desk.free[0], night.wish()).status_code == 201
    night.ends_connections()
    night.works(more=night.desk.connections + 1)


@requirement("R6", "The first requests of a process are not answered.")
def test_a_process_that_has_just_begun(night):
    assert night.client.get("/nights").json == {"nights": night.desk.rows()}
    assert night.client.get(f"/nights/{night.desk.full['id']}").json["free"] == 0
