"""JSON with one meaning: what Python's own reader takes beyond it is refused, and so is what costs too much."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.inside.strict_json import MOST_NUMBER_CHARS, deeper_than, loads

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=9),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=5), children, max_size=3),
    max_leaves=9,
)

ONLY_PYTHON_TAKES = {
    "NaN": b"NaN",
    "infinity": b"-Infinity",
    "a float that overflows": b"1e999",
    "a float that overflows, negative, deeper": b'{"a":[-1e400]}',
    "a key twice": b'{"a":1,"a":2}',
    "a key twice, deeper": b'[{"b":{"a":1,"a":1}}]',
    "a key twice, one escaped": b'{"a":1,"\\u0061":2}',
    "UTF-16": '{"a":1}'.encode("utf-16"),
    "UTF-16 without a mark": '{"a":1}'.encode("utf-16-le"),
    "UTF-32": '{"a":1}'.encode("utf-32"),
    "an encoded surrogate": b'"\xed\xa0\x80"',
    "an integer that no float holds": b"1" + b"0" * 400,
    "a number as long as a text": b"0." + b"1" * 5000,
}


@pytest.mark.parametrize("name", ONLY_PYTHON_TAKES)
def test_what_only_pythons_own_reader_takes_is_refused(name: str) -> None:
    data = ONLY_PYTHON_TAKES[name]
    json.loads(data)
    with pytest.raises(ValueError):
        loads(data, most_depth=9, most_values=100)


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[1,]", b"{'a':1}", b"\xff", b"\xef\xbb\xbf1", b"[" * 100_000, b'"\n"', b"01"]
)
def test_what_is_no_json_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):
        loads(data, most_depth=9, most_values=10**6)


@given(VALUES)
def test_what_a_strict_writer_writes_is_read_as_it_was(value: object) -> None:
    data = json.dumps(value, allow_nan=False).encode()
    assert loads(data, most_depth=99, most_values=10**6) == value


@given(st.binary(max_size=60) | st.text(alphabet='[]{}",:0123456789eE+-.\\ntrue', max_size=40).map(str.encode))
def test_whatever_is_read_can_be_written_and_is_the_same_to_pythons_reader(data: bytes) -> None:
    try:
        value = loads(data, most_depth=9, most_values=1000)
    except ValueError:
        return
    assert json.loads(json.dumps(value, allow_nan=False)) == value == json.loads(data)


def test_values_are_counted_before_any_is_made() -> None:
    bomb = b"[" + b"[]," * 50_000 + b"[]]"
    with pytest.raises(ValueError, match="more than 1000 values"):
        loads(bomb, most_depth=9, most_values=1000)
    assert len(loads(bomb, most_depth=9, most_values=200_000)) == 50_001


def test_depth_is_counted_by_levels() -> None:
    assert [deeper_than(value, 2) for value in (1, [], [1], {"a": 1}, [[]], [[1]], {"a": {"b": 1}})] == [
        False, False, False, False, False, True, True,
    ]  # fmt: skip
    assert loads(b"[[1]]", most_depth=3, most_values=9) == [[1]]
    with pytest.raises(ValueError, match="deeper than 2"):
        loads(b"[[1]]", most_depth=2, most_values=9)


def test_the_longest_number_fits_a_float_and_is_compared_without_an_error() -> None:
    number = loads(b"9" * MOST_NUMBER_CHARS, most_depth=1, most_values=1)
    assert math.isfinite(number)
    assert math.isfinite(float(number))
