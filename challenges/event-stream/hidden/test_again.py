"""R2: nothing is lost, nothing comes twice."""

from __future__ import annotations

import pytest
from mendbox_harness import said

from mendbox.testing import requirement


@requirement(
    "R2", "Who listens again does not get what was missed, gets it twice, or gets it later than it could come."
)
def test_listening_again(quay, regatta):
    before = regatta.of(regatta.busy)
    listeners = {missed: quay.listen(regatta.busy, before[-1 - missed]["number"]) for missed in (1, 3, 8)}
    for missed, listener in listeners.items():
        assert listener.has_heard(before[-missed:])
    happened = quay.report(regatta.busy, 2)
    for missed, listener in listeners.items():
        assert listener.has_heard(before[-missed:] + happened)


@requirement("R2", "Who had everything gets something twice, or not what happens next.")
def test_listening_again_with_nothing_missed(quay, regatta):
    last = regatta.of(regatta.busy)[-1]["number"]
    listener = quay.listen(regatta.busy, last)
    assert listener.has_heard(quay.report(regatta.busy))


@requirement("R2", "A number that belongs to another race is not understood as what it is: all with higher numbers.")
def test_a_number_between(quay, regatta):
    passings = regatta.of(regatta.busy)
    elsewhere = [passing["number"] for passing in regatta.passings if passing["race_number"] != regatta.busy]
    between = next(number for number in sorted(elsewhere) if number > passings[0]["number"])
    expected = [passing for passing in passings if passing["number"] > between]
    listener = quay.listen(regatta.busy, between)
    assert listener.has_heard([*expected, *quay.report(regatta.busy)])


@requirement("R2", "What happens while the request is being answered is lost, or comes twice.")
@pytest.mark.parametrize("moment", ["read", "given"])
def test_what_happens_meanwhile(app, quay, regatta, rng, moment):
    before = regatta.of(regatta.busy)
    words = said(rng)
    app.call("mendbox_harness:report_meanwhile", moment, f"/races/{regatta.busy}/passings", words)
    listener = quay.listen(regatta.busy, before[3]["number"])
    # The list is asked for last: by now whatever gives connections back has done so.
    quay.report(regatta.busy, 6)
    stored = app.client().get(f"/races/{regatta.busy}/passings").json["passings"]
    assert words in [{name: passing[name] for name in ("boat", "mark")} for passing in stored]
    assert listener.has_heard([passing for passing in stored if passing["number"] > before[3]["number"]])


@requirement("R2", "A Last-Event-ID that is no number is not ignored.")
@pytest.mark.parametrize(
    "values",
    [[""], ["abc", "-1", "1.5", "0x10"], ["²"]],
    ids=["nothing", "words", "superscript"],
)
def test_no_number(quay, regatta, values):
    listeners = [quay.listen(regatta.busy, last) for last in values]
    happened = quay.report(regatta.busy)
    for listener in listeners:
        assert listener.has_heard(happened)


@requirement("R2", "Five passings in a row are not heard once each and in order.")
def test_five_in_a_row(quay, regatta):
    listener = quay.listen(regatta.third)
    assert listener.has_heard(quay.report(regatta.third, 5))
    assert quay.listeners() == 1
