"""R5: who is slow harms nobody else."""

from __future__ import annotations

from mendbox.testing import requirement


@requirement("R5", "Somebody who does not take what is sent makes the marks wait, or others.")
def test_a_slow_listener_and_others(quay, regatta):
    quick = quay.listen(regatta.busy)
    quay.listen(regatta.busy, reads=False)
    happened = quay.report(regatta.busy, regatta.backlog + 5)
    assert quick.has_heard(happened)


@requirement("R5", "Somebody for whom too much waits is kept, or is sent on and on.")
def test_too_much_waits(quay, regatta, soon):
    quick = quay.listen(regatta.busy)
    slow = quay.listen(regatta.busy, reads=False)
    happened = quay.report(regatta.busy, regatta.backlog + 3)
    assert quick.has_heard(happened)
    assert soon(lambda: quay.listeners() == 1)
    slow.read()
    assert slow.has_ended()
    heard = slow.events()
    assert heard == happened[: len(heard)]
    assert len(heard) <= regatta.backlog + 1
    happened += quay.report(regatta.busy)
    assert quick.has_heard(happened)
    again = quay.listen(regatta.busy, heard[-1]["number"] if heard else regatta.of(regatta.busy)[-1]["number"])
    assert again.has_heard(happened[len(heard) :])


@requirement("R5", "Of as many passings as may wait, some are lost.")
def test_as_many_as_may_wait(quay, regatta, soon):
    slow = quay.listen(regatta.busy, reads=False)
    happened = quay.report(regatta.busy, regatta.backlog)
    slow.read()
    assert slow.has_heard(happened)
    happened += quay.report(regatta.busy, 2)
    assert slow.has_heard(happened)
    assert quay.listeners() == 1


@requirement("R5", "Those who take what is sent don't get it.")
def test_quick_listeners(quay, regatta):
    one, other = quay.listen(regatta.other), quay.listen(regatta.other)
    happened = quay.report(regatta.other, 5)
    assert one.has_heard(happened)
    assert other.has_heard(happened)
