"""The wire format: what is a frame comes through whole, what is none is refused before it costs anything."""

from __future__ import annotations

import json
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.inside.frames import MOST_DEPTH, MOST_HEADER_BYTES, Frame, FrameReader, FrameRefused, encode

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=5), children, max_size=3),
    max_leaves=8,
)
FIELDS = st.dictionaries(st.text(max_size=8).filter(lambda key: key != "t"), JSON, max_size=4)
FRAMES = st.lists(st.builds(Frame, st.text(max_size=10), FIELDS, st.binary(max_size=200)), max_size=5)


def raw(header: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">II", 4 + len(header) + len(body), len(header)) + header + body


@given(FRAMES, st.integers(1, 64))
def test_frames_come_through_whole_however_the_stream_is_cut(frames: list[Frame], piece: int) -> None:
    data = b"".join(map(encode, frames))
    reader = FrameReader()
    seen = [frame for start in range(0, len(data), piece) for frame in reader.feed(data[start : start + piece])]
    assert seen == frames
    assert reader.pending_bytes == 0


@given(st.binary(max_size=400))
def test_any_bytes_give_frames_or_a_refusal_and_nothing_else(data: bytes) -> None:
    reader = FrameReader(1024)
    try:
        for frame in reader.feed(data):
            assert isinstance(frame, Frame)
    except FrameRefused:
        with pytest.raises(FrameRefused):
            list(reader.feed(b""))


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(struct.pack(">II", 2**32 - 1, 10), id="a length over the cap"),
        pytest.param(struct.pack(">II", 1000, 2**31), id="a header longer than the frame"),
        pytest.param(struct.pack(">II", 3, 0), id="a frame shorter than its own lengths"),
        pytest.param(struct.pack(">II", MOST_HEADER_BYTES + 5, MOST_HEADER_BYTES + 1), id="a header over the cap"),
        pytest.param(raw(b"{}"), id="no type"),
        pytest.param(raw(b'{"t":1}'), id="a type that is no text"),
        pytest.param(raw(b'["t"]'), id="a header that is no object"),
        pytest.param(raw(b'{"t":"x","a":NaN}'), id="NaN"),
        pytest.param(raw(b'{"t":"x","a":-Infinity}'), id="infinity"),
        pytest.param(raw(b'{"t":"x","t":"y"}'), id="a key twice"),
        pytest.param(raw(b'{"t":"x","a":{"b":1,"b":2}}'), id="a key twice, deeper"),
        pytest.param(raw(b'{"t":"x"'), id="cut off"),
        pytest.param(raw(b'{"t":"\xff"}'), id="no UTF-8"),
        pytest.param(raw(b'{"t":"x","a":' + b"[" * MOST_DEPTH + b"]" * MOST_DEPTH + b"}"), id="too deep"),
        pytest.param(raw(b'{"t":"x","a":' + b"[" * 100_000 + b"]" * 100_000 + b"}"), id="deeper than the stack"),
        pytest.param(raw(b'{"t":"x","a":' + b"9" * 10_000 + b"}"), id="a number with more digits than are converted"),
        pytest.param(raw(b'{"t":"x","a":1e999}'), id="a float that overflows"),
        pytest.param(raw(b'{"t":"x","a":1' + b"0" * 400 + b"}"), id="an integer that no float holds"),
        pytest.param(raw('{"t":"x"}'.encode("utf-16")), id="UTF-16"),
        pytest.param(raw(b'{"t":"x","a":[' + b"[]," * 80_000 + b"[]]}"), id="more values than anyone needs"),
    ],
)
def test_what_is_no_frame_is_refused_and_the_stream_stays_closed(data: bytes) -> None:
    reader = FrameReader()
    with pytest.raises(FrameRefused):
        list(reader.feed(data))
    with pytest.raises(FrameRefused):
        list(reader.feed(encode(Frame("ready"))))


def test_a_frame_that_has_begun_is_waited_for() -> None:
    data = encode(Frame("x", {"a": [1]}, b"body"))
    reader = FrameReader()
    assert list(reader.feed(data[:-1])) == []
    assert list(reader.feed(data[-1:])) == [Frame("x", {"a": [1]}, b"body")]


def test_the_header_is_compact_json_under_a_type() -> None:
    data = encode(Frame("op", {"id": 1}, b"zz"))
    length, header_length = struct.unpack_from(">II", data)
    assert length == len(data) - 4
    assert json.loads(data[8 : 8 + header_length]) == {"t": "op", "id": 1}
    assert data.endswith(b"zz")


BIG = st.sampled_from(
    [10**200, -(10**400), "9" * 400, float("nan"), float("-inf"), [[[]]] * 40_000, "\U0001f600" * 30_000]
)
NESTED = st.integers(0, 20).map(lambda depth: json.loads("[" * depth + "]" * depth) if depth else 1)


@given(st.dictionaries(st.text(max_size=4), JSON | BIG | NESTED, max_size=3), st.sampled_from([0, 64]))
def test_what_is_sent_is_what_a_reader_takes_or_is_refused_where_it_is_made(
    fields: dict[str, object], room: int
) -> None:
    frame = Frame("x", {key: value for key, value in fields.items() if key != "t"}, b"body")
    try:
        data = encode(frame, room_bytes=room)
    except FrameRefused:
        return
    assert list(FrameReader().feed(data)) == [frame]


def test_a_frame_over_a_cap_is_refused_where_it_is_made() -> None:
    deep: object = 1
    for _ in range(MOST_DEPTH):
        deep = [deep]
    loop: list[object] = []
    loop.append(loop)
    for value in (float("nan"), "x" * MOST_HEADER_BYTES, deep, loop, 10**400, [[]] * 50_000):
        with pytest.raises(FrameRefused):
            encode(Frame("x", {"a": value}))
    with pytest.raises(TypeError):
        encode(Frame("x", {"a": object()}))


def test_room_for_who_passes_a_frame_on_is_left() -> None:
    frame = Frame("op", {"id": 1, "a": "x" * (MOST_HEADER_BYTES - 40)})
    encode(frame)
    with pytest.raises(FrameRefused):
        encode(frame, room_bytes=64)


def test_no_field_stands_for_the_type() -> None:
    assert list(FrameReader().feed(encode(Frame("answer", {"t": "done"})))) == [Frame("answer")]
