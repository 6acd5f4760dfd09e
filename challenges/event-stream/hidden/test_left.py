"""R3: who has left is noticed."""

from __future__ import annotations

from mendbox.testing import requirement


@requirement("R3", "While nothing happens, nothing is sent.")
def test_a_heartbeat(quay, regatta, soon):
    listener = quay.listen(regatta.busy)
    # One at the beginning, and two by and by.
    assert soon(lambda: listener.comments() >= 3)
    assert listener.has_heard(quay.report(regatta.busy))
    heard = listener.comments()
    assert soon(lambda: listener.comments() >= heard + 2)


@requirement("R3", "Somebody who has left while nothing happened is still counted.")
def test_who_leaves_in_silence(quay, regatta, soon):
    staying, leaving = quay.listen(regatta.busy), quay.listen(regatta.busy)
    assert soon(lambda: quay.listeners() == 2)
    leaving.leave()
    assert soon(lambda: quay.listeners() == 1)
    assert leaving.has_ended()
    assert leaving.state()["failed"] == ""
    assert staying.has_heard(quay.report(regatta.busy))


@requirement("R3", "Somebody who has left before the first piece is still counted.")
def test_who_leaves_before_anything_came(quay, regatta, soon):
    staying = quay.listen(regatta.busy)
    for last in (None, regatta.of(regatta.busy)[2]["number"]):
        leaving = quay.listen(regatta.busy, last, reads=False)
        assert quay.listeners() <= 2
        leaving.leave()
        assert leaving.has_ended()
        assert soon(lambda: quay.listeners() == 1)
    assert staying.has_heard(quay.report(regatta.busy))


@requirement("R3", "Those who come and go add up.")
def test_many_who_come_and_go(quay, regatta, soon):
    for _ in range(2):
        together = [quay.listen(race) for race in (regatta.busy, regatta.other, regatta.new)]
        assert soon(lambda: quay.listeners() == 3)
        for listener in together:
            listener.leave()
        assert soon(lambda: quay.listeners() == 0)
    listener = quay.listen(regatta.other)
    assert listener.has_heard(quay.report(regatta.other))


@requirement("R3", "Those who listen are not counted.")
def test_who_listens_is_counted(quay, regatta, soon):
    assert quay.listeners() == 0
    one = quay.listen(regatta.busy)
    assert soon(lambda: quay.listeners() == 1)
    quay.listen(regatta.other)
    assert soon(lambda: quay.listeners() == 2)
    assert one.has_heard(quay.report(regatta.busy, 5))
