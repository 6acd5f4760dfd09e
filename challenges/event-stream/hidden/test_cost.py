"""R4: listening costs no connection and no question."""

from __future__ import annotations

from functools import partial

from mendbox.testing import requirement


def all_have(listeners, counts):
    """Whether each has so many events."""
    return [len(listener.events()) for listener in listeners] == counts


@requirement("R4", "While several people listen, they have connections, or the rest of the app has none.")
def test_connections_are_for_the_rest(app, client, quay, regatta, soon):
    last = regatta.of(regatta.busy)[2]["number"]
    listeners = []
    for count in range(1, regatta.pool + 3):
        listeners.append(quay.listen(regatta.busy, last if count % 2 else None))
        assert soon(lambda count=count: quay.listeners() == count)
    # A bigger pool would be enough for the rest as well.
    assert soon(lambda: app.call("mendbox_harness:connections_in_use") == 0)
    assert client.get(f"/races/{regatta.other}/passings").json == {"passings": regatta.of(regatta.other)}
    happened = quay.report(regatta.busy, 2)
    missed = regatta.of(regatta.busy)[3:]
    for count, listener in enumerate(listeners, 1):
        assert listener.has_heard(missed + happened if count % 2 else happened)
    assert client.get("/races").json == {"races": regatta.races}


@requirement("R4", "The database is asked for those who listen, although nothing happens.")
def test_nothing_is_asked_while_nothing_happens(quay, regatta, queries, soon):
    listeners = [quay.listen(regatta.busy), quay.listen(regatta.other)]
    happened = quay.report(regatta.busy)
    assert listeners[0].has_heard(happened)
    assert soon(lambda: listeners[1].comments() >= 1)
    with queries() as asked:
        before = [listener.comments() for listener in listeners]
        assert soon(
            lambda: all(listener.comments() >= count + 3 for listener, count in zip(listeners, before, strict=True))
        )
    assert len(asked) == 0


@requirement("R4", "Each listener makes a passing dearer for the database.")
def test_a_passing_costs_the_same_for_one_and_for_ten(quay, regatta, queries, soon):
    costs = []
    listeners = [quay.listen(regatta.busy)]
    for more in (9, 0):
        before = [len(listener.events()) for listener in listeners]
        with queries() as asked:
            quay.report(regatta.busy, 2)
            assert soon(partial(all_have, listeners, [count + 2 for count in before]))
        costs.append(len(asked))
        listeners += [quay.listen(regatta.busy) for _ in range(more)]
    assert costs[0] == costs[1]


@requirement("R4", "While one listens, the lists are not as before.")
def test_lists_while_one_listens(client, quay, regatta):
    quay.listen(regatta.busy)
    assert client.get("/races").json == {"races": regatta.races}
    assert client.get(f"/races/{regatta.third}/passings").json == {"passings": regatta.of(regatta.third)}
