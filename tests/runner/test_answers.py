"""An answer reaches the grader in a form that its client can read, or not at all."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.http import dump_cookie
from werkzeug.test import Client

from runner.inside.backend import Answer, AppFault, Request
from runner.inside.frames import MOST_HEADER_BYTES, Frame, FrameReader, encode
from runner.inside.http_rules import MOST_COOKIES, MOST_HEADER_CHARS, MOST_HEADERS, check_headers, check_status
from runner.inside.wsgi import checked, run_wsgi
from runner.sandbox.answers import MOST_BODY_DEPTH, MOST_BODY_VALUES, check_answer, clean

ROOM = 2 * 1024 * 1024


def ask(operation: str, body: bytes = b"", **fields: Any) -> dict[str, Any]:
    return check_answer(operation, Frame("answer", {"ok": True, **fields}, body), ROOM).fields


def client_of(status: str, headers: list[tuple[str, str]]) -> Client:
    def app(environ: Any, start_response: Any) -> list[bytes]:
        start_response(status, headers)
        return [b""]

    return Client(app)


def test_a_cookie_without_a_name_would_end_a_tests_loop_as_if_all_were_well() -> None:
    headers = [("Set-Cookie", "=1")]
    client = client_of("500 NO", headers)
    # The reason for the rule: no answer of the app is looked at, and nothing fails.
    assert [answer.status_code for answer in map(client.get, ["/a", "/b"])] == []
    assert ask("request", status="500 NO", headers=[list(header) for header in headers])["fault"] == "rubbish"


BAD_COOKIES = [
    "", "=v", ";", " =v", "a", "a b=1", "a=\"",
    'a="\\', 'a="; Path=/"', 'a="x;y"', 'a={"b":1}', "é=1", "a=é", "a=1\tb", "\t=1",
    "a=1; max-age=x", "a=1; Max-Age=" + "9" * 5000, "a=1; max-age",
    "a=1; expires=Thu, 01 Jan 1970 00:00:00 +99999999999999999999",
    "a=1; Expires=Thu, 01 Jan 99999999999999999999999 00:00:00 GMT",
]  # fmt: skip


@pytest.mark.parametrize("cookie", BAD_COOKIES)
def test_a_cookie_that_no_client_can_read_is_rubbish(cookie: str) -> None:
    with pytest.raises(ValueError, match="cookie"):
        check_headers([("set-COOKIE", cookie)])


COOKIES = [
    dump_cookie("session", 'x;y z"é\\', max_age=3600, httponly=True, samesite="Lax"),
    dump_cookie("k", "", expires=0, domain="example.org"),
    dump_cookie("a:b", "1=2=3", secure=True),
    dump_cookie("a,b", "1,2", path=None),
    "plain=1",
    "a=",
]


@pytest.mark.parametrize("cookie", COOKIES)
def test_the_cookies_of_ordinary_apps_pass(cookie: str) -> None:
    assert check_headers([("Set-Cookie", cookie)]) == [("Set-Cookie", cookie)]


HEADER_TEXT = st.text(st.characters(max_codepoint=0x17F), max_size=25)
COOKIE_TEXT = st.lists(
    st.sampled_from(
        ["a", "=", ";", '"', " ", "\\", "\t", "1", "max-age", "Expires", "Domain", "Path", "é", ",",
         "Thu, 01 Jan 1970 00:00:00 ", "GMT", "+2359", "-9999", "00", "99999", "0001"]
    ),
    max_size=12,
).map("".join)  # fmt: skip
HEADER = st.tuples(
    st.sampled_from(["Set-Cookie", "Location", "Content-Type", "X"]) | HEADER_TEXT, HEADER_TEXT | COOKIE_TEXT
)


@given(HEADER_TEXT | st.sampled_from(["200 OK", "404 ", "599"]), st.lists(HEADER, max_size=4))
def test_what_passes_the_client_reads_without_an_error(status: str, headers: list[tuple[str, str]]) -> None:
    try:
        answer = checked(Answer(status, headers, b""))
    except AppFault:
        return
    response = client_of(answer.status, list(answer.headers)).get("/")
    assert response.status_code == int(status[:3])
    assert [value for _, value in response.headers] == [value for _, value in headers]


@pytest.mark.parametrize(
    "status",
    ["", "OK", "99 X", "600 X", "000 X", "2000 X", "200OK", "200 \u0661", "٢٠٠ OK", "²⁰⁰ OK", "200 O\nK", " 200 OK",
     "200 \x7f", "200 " + "x" * 200, None, 200, b"200 OK"],
)  # fmt: skip
def test_a_status_that_clients_read_in_different_ways_is_rubbish(status: Any) -> None:
    with pytest.raises(ValueError, match="status"):
        check_status(status)


@pytest.mark.parametrize("status", ["200", "200 OK", "404 NOT FOUND", "299 ", "500 Caf\xe9"])
def test_an_ordinary_status_passes(status: str) -> None:
    assert check_status(status) == status


@pytest.mark.parametrize(
    "headers",
    [
        None, {}, "ab", [["A"]], [["A", "b", "c"]], ["Ab"], [["A", 1]], [[1, "b"]], [None],
        [["", "b"]], [["A b", "c"]], [["A:", "b"]], [["Ä", "b"]], [["A\r\nB", "c"]],
        [["A", "b\r\nC: d"]], [["A", "\0"]], [["A", "\u0100"]], [["A", "\ud800"]], [["A", "\x1b[2J"]],
        [["A", "b"]] * (MOST_HEADERS + 1), [["A", "b" * MOST_HEADER_CHARS]],
        [["Set-Cookie", "a=1"]] * (MOST_COOKIES + 1),
    ],
)  # fmt: skip
def test_headers_that_no_server_would_send_are_rubbish(headers: Any) -> None:
    assert ask("request", status="200 OK", headers=headers)["fault"] == "rubbish"
    with pytest.raises(ValueError, match="the app answered with"):
        check_headers(headers)


def test_the_largest_answer_there_can_be_fits_a_frame() -> None:
    value = "\xff" * (MOST_HEADER_CHARS // MOST_HEADERS - 1)
    answer = check_answer(
        "request", Frame("answer", {"ok": True, "status": "200 OK", "headers": [["A", value]] * MOST_HEADERS}), ROOM
    )
    assert answer.fields["ok"] is True
    raised = check_answer("call", Frame("answer", {"raised": ["\U0001f600" * 9000, "\U0001f600" * 9000]}), ROOM)
    for frame in (answer, raised):
        data = encode(frame, room_bytes=MOST_HEADER_BYTES // 8)
        assert list(FrameReader().feed(data)) == [frame]


def test_a_candidate_is_told_what_was_wrong_with_an_answer() -> None:
    def app(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [("X Y", "1")])
        return [b""]

    with pytest.raises(AppFault, match="malformed header, 'X Y'") as caught:
        run_wsgi(app, Request({}, b""), most_bytes=9)
    assert caught.value.kind == "rubbish"


BODIES = {
    "NaN": b"NaN",
    "infinity by overflow": b"[1e999]",
    "a key twice": b'{"a":1,"a":2}',
    "UTF-16": '"x"'.encode("utf-16"),
    "deeper than anyone needs": b"[" * (MOST_BODY_DEPTH + 1) + b"]" * (MOST_BODY_DEPTH + 1),
    "deeper than the stack": b"[" * 200_000 + b"]" * 200_000,
    "more values than anyone needs": b"[" + b"[]," * MOST_BODY_VALUES + b"[]]",
    "a number of 400 digits": b"9" * 400,
    "nothing": b"",
}


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("operation", ["call", "statements"])
def test_a_body_of_json_is_held_to_the_same_rules(name: str, operation: str) -> None:
    assert ask(operation, BODIES[name], mark=1)["fault"] == "rubbish"


def test_json_bodies_pass() -> None:
    assert ask("call", b'{"a":[1.5,null,"\xc3\xbc"]}') == {"ok": True}
    assert ask("statements", b'["SELECT 1","SELECT 2"]', mark=2) == {"ok": True, "mark": 2}
    assert ask("logs", b"\xff anything") == {"ok": True}


@pytest.mark.parametrize(
    ("operation", "fields"), [("open", {"handle": 0}), ("instance", {"handle": 0}), ("clock", {"now": 1.0})]
)
def test_a_body_where_none_belongs_is_rubbish(operation: str, fields: dict[str, Any]) -> None:
    assert ask(operation, **fields)["ok"] is True
    assert ask(operation, b"x", **fields)["fault"] == "rubbish"


@pytest.mark.parametrize("now", [True, "1", None, [1]])
def test_a_time_is_a_number(now: Any) -> None:
    assert ask("clock", now=now)["fault"] == "rubbish"
    assert ask("clock", now=10**200)["now"] == 1e200


@pytest.mark.parametrize("operation", ["request", "open", "instance", "close", "clock", "statements", "logs"])
def test_only_a_call_can_raise_in_the_test(operation: str) -> None:
    frame = Frame("answer", {"ok": False, "raised": ["ValueError", "x"]})
    assert check_answer(operation, frame, ROOM).fields["fault"] == "rubbish"
    assert check_answer("call", frame, ROOM).fields == {"ok": False, "raised": ["ValueError", "x"]}


@pytest.mark.parametrize("fault", [[], {}, None, "x", 1])
def test_a_fault_is_one_of_those_that_there_are(fault: Any) -> None:
    frame = Frame("answer", {"fault": fault, "message": "m"})
    assert check_answer("request", frame, ROOM).fields["fault"] == "rubbish"


def test_the_message_of_a_fault_is_cut_and_never_empty() -> None:
    long = check_answer("request", Frame("answer", {"fault": "died", "message": "m" * 900}), ROOM)
    assert long.fields["message"] == "m" * 500
    none = check_answer("request", Frame("answer", {"fault": "died", "message": 7}), ROOM)
    assert none.fields == {"ok": False, "fault": "died", "message": "The app did not answer"}
    assert clean(None, 9) == ""


FIELDS = st.dictionaries(
    st.sampled_from(
        ["ok", "status", "headers", "handle", "left_over", "now", "mark", "fault", "raised", "message", "x"]
    ),
    st.recursive(
        st.none() | st.booleans() | st.integers(-(10**299), 10**299) | st.floats(allow_nan=False) | st.text(max_size=6),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
        max_leaves=5,
    ),
    max_size=5,
)
OPERATIONS = st.sampled_from(["request", "call", "clock", "statements", "logs", "instance", "open", "close"])


@given(OPERATIONS, FIELDS, st.binary(max_size=20))
def test_whatever_an_app_answers_gives_a_frame_that_can_be_sent(op: str, fields: dict[str, Any], body: bytes) -> None:
    answer = check_answer(op, Frame("answer", fields, body), 16)
    assert list(FrameReader().feed(encode(answer))) == [answer]
    assert (
        set(answer.fields) <= {"ok", "status", "headers", "handle", "left_over", "now", "mark"}
        or not answer.fields["ok"]
    )
