"""Attacks by what is sent: fields that decide, forms that flood, bodies that lie about their length."""

from __future__ import annotations

import dataclasses
import io
import json
from typing import Any

import api.bodies
import api.headers
import api.observability
import store.claims
import store.tokens
from api.account_schemas import SignIn
from api.schemas import SubmissionsQuery, TokenRequest
from api.streams import EventStreams
from store.records import Claim, Role
from tests.adversarial.api.arena import TOKENS, URL, Arena, Attack, always
from tests.api.conftest import PASSWORD, SESSION
from tests.api.sample import FIX_ZIP, OTHER, SLUG, grade_of

MASS = "CVE-style mass assignment: GitHub 2012 (public keys); OWASP API3"
GRADE = "grade=100 in every body"
FLOOD = "multipart floods, repeated fields, a missing length, a slow body"
NAMES = "HTML, ANSI and CSV formulas in names, notes and output"
JOBS = "a worker's result for a job it does not hold, or held before"


def _field(name: str, value: str) -> Any:
    return lambda arena: arena.submit(**{name: value}).status_code == 202


def _any_field(arena: Arena) -> None:
    arena.switch.setattr(api.bodies, "_check_names", always(None))


def _json_field(**more: Any) -> Any:
    def run(arena: Arena) -> bool:
        document = {"name": "x", "role": "recruiter", **more}
        return arena.send("POST", TOKENS, arena.headers(Role.ADMIN), json=document).status_code == 201

    return run


def _sign_in_as_admin(arena: Arena) -> bool:
    user = arena.platform.user()
    sent = {"account": user.account, "password": PASSWORD, "role": "admin"}
    return arena.send("POST", SESSION, json=sent).status_code == 201


def _queried(query: str) -> Any:
    return lambda arena: arena.send("GET", f"{URL}?{query}", arena.headers()).status_code == 200


def _two_challenges(arena: Arena) -> bool:
    form = b"".join(
        f'--b\r\nContent-Disposition: form-data; name="challenge"\r\n\r\n{slug}\r\n'.encode() for slug in (SLUG, OTHER)
    )
    form += b'--b\r\nContent-Disposition: form-data; name="archive"; filename="f.zip"\r\n\r\n'
    body = form + FIX_ZIP + b"\r\n--b--\r\n"
    answer = arena.send("POST", URL, arena.headers(), data=body, content_type="multipart/form-data; boundary=b")
    return answer.status_code == 202


def _two_roles(arena: Arena) -> bool:
    body = b'{"name": "x", "role": "recruiter", "role": "admin"}'
    headers = {**arena.headers(Role.ADMIN), "Content-Type": "application/json"}
    return arena.send("POST", TOKENS, headers, data=body).status_code == 201


def _flood_of_parts(arena: Arena) -> bool:
    part = '--b\r\nContent-Disposition: form-data; name="f{}"\r\n\r\n\r\n'
    body = "".join(part.format(number) for number in range(5000)).encode() + b"--b--\r\n"
    answer = arena.send("POST", URL, arena.headers(), data=body, content_type="multipart/form-data; boundary=b")
    # Whoever reads all parts finds fields that are not known.
    return answer.status_code == 422


class _Watched(io.BytesIO):
    """A body that knows how much of it was read."""

    taken = 0

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        self.taken += len(data)
        return data

    def readinto(self, buffer: Any, /) -> int:
        size = super().readinto(buffer)
        self.taken += size
        return size


def _read_of(arena: Arena, body: bytes, headers: dict[str, str], **environ: Any) -> int:
    stream = _Watched(body)
    overrides = {"wsgi.input": stream, "CONTENT_LENGTH": str(len(body)), **environ}
    arena.send("POST", TOKENS, headers, content_type="application/json", environ_overrides=overrides)
    return stream.taken


def _huge(arena: Arena) -> bool:
    return _read_of(arena, b" " * 1_000_000, arena.headers(Role.ADMIN)) > 200_000


def _without_length(arena: Arena) -> bool:
    environ = {"CONTENT_LENGTH": "", "wsgi.input_terminated": True}
    return _read_of(arena, b" " * 1_000_000, arena.headers(Role.ADMIN), **environ) > 200_000


def _no_limit(arena: Arena) -> None:
    arena.switch.setattr(api.bodies, "JSON_BYTES", 10**9)
    arena.set()


def _body_of_a_stranger(arena: Arena) -> bool:
    return _read_of(arena, b"{}", {}) > 0


def _read_first(arena: Arena) -> None:
    arena.app.before_request_funcs[None].reverse()


def _cut_short(arena: Arena) -> bool:
    body = json.dumps({"name": "x", "role": "recruiter"}).encode()
    overrides = {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body) + 20)}
    headers = {**arena.headers(Role.ADMIN), "Content-Type": "application/json"}
    return arena.send("POST", TOKENS, headers, environ_overrides=overrides).status_code == 201


def _read_what_is_there(arena: Arena) -> None:
    def read(*_: Any) -> None:
        environ = api.bodies.request.environ
        environ["CONTENT_LENGTH"] = str(len(environ["wsgi.input"].getvalue()))
        api.bodies.request.get_data(cache=True)

    arena.switch.setattr(api.bodies, "_read_whole", read)


def _form_of_another_site(arena: Arena) -> bool:
    # What a form on any page can send without the browser asking first.
    user = arena.platform.user()
    body = json.dumps({"account": user.account, "password": PASSWORD})
    return arena.send("POST", SESSION, {"Content-Type": "text/plain"}, data=body).status_code == 201


def _any_type(arena: Arena) -> None:
    def take_for_json() -> None:
        api.bodies.request.environ["CONTENT_TYPE"] = "application/json"

    arena.app.before_request_funcs[None].insert(0, take_for_json)


def _named(name: str) -> Any:
    return _json_field(name=name)


def _any_line(arena: Arena) -> None:
    arena.switch.setattr(store.tokens, "is_one_line", always(True))


def _shown_as_a_page(arena: Arena) -> bool:
    sent = {"name": "<script>alert(1)</script>", "role": "recruiter"}
    assert arena.send("POST", TOKENS, arena.headers(Role.ADMIN), json=sent).status_code == 201
    answer = arena.send("GET", TOKENS, arena.headers(Role.ADMIN))
    return "<script>" in answer.text and "nosniff" not in answer.headers.get("X-Content-Type-Options", "")


def _without(*names: str) -> Any:
    def off(arena: Arena) -> None:
        for table in ("_ALWAYS", "_UNLESS_SET"):
            kept = {key: value for key, value in getattr(api.headers, table).items() if key not in names}
            arena.switch.setattr(api.headers, table, kept)

    return off


def _framed(arena: Arena) -> bool:
    headers = arena.send("GET", "/api/v1/docs").headers
    return "X-Frame-Options" not in headers


def _kept_by_a_cache(arena: Arena) -> bool:
    submission = arena.platform.graded()
    return "no-store" not in arena.send("GET", f"{URL}/{submission.id}", arena.headers()).headers.get(
        "Cache-Control", ""
    )


def _forged_id(arena: Arena) -> bool:
    forged = 'x" level="error'
    return arena.send("GET", "/healthz", {"X-Request-Id": forged}).headers["X-Request-Id"] == forged


def _all_streams(arena: Arena) -> bool:
    submission, _ = arena.platform.add()
    path = f"{URL}/{submission.id}/events"
    opened = [arena.app.test_client().get(path, headers=arena.headers()) for _ in range(3)]
    shut_out = arena.send("GET", f"{URL}/{arena.platform.graded().id}/events", arena.headers(Role.RECRUITER))
    for answer in opened:
        answer.close()
    return shut_out.status_code == 503


def _records(claim_of: Any) -> Any:
    def run(arena: Arena) -> bool:
        _, grading = arena.platform.add()
        claim: Claim = claim_of(arena, grading)
        return arena.platform.store.claims.record_grade(claim, grade_of(claim))

    return run


def _never_held(arena: Arena, grading: Any) -> Claim:
    return dataclasses.replace(arena.platform.claim(grading), token="0" * 32)


def _held_before(arena: Arena, grading: Any) -> Claim:
    before = arena.platform.claim(grading)
    assert arena.platform.store.claims.give_back(before, "stopping")
    arena.platform.claim(grading)
    return before


def _whoever_asks(arena: Arena) -> None:
    arena.switch.setattr(
        store.claims, "_held_row", lambda connection, claim: store.claims._locked(connection, claim.grading_id)
    )


ATTACKS = [
    Attack("grade-in-the-form", "add grade=100 to a submission", GRADE, MASS, "api.bodies: known fields alone",
           _field("grade", "100"), _any_field),
    Attack("score-in-the-form", "add score=100 to a submission", GRADE, MASS, "api.bodies: known fields alone",
           _field("score", "100"), _any_field),
    Attack("status-in-the-form", "add status=graded to a submission", GRADE, MASS, "api.bodies: known fields alone",
           _field("status", "graded"), _any_field),
    Attack("role-in-the-form", "add role=admin to a submission", GRADE, MASS, "api.bodies: known fields alone",
           _field("role", "admin"), _any_field),
    Attack("candidate-in-the-form", "submit in another candidate's name", GRADE, MASS, "api.bodies: known fields alone",
           _field("candidate", "A-17"), _any_field),
    Attack("grade-in-a-token", "add grade=100 to the token to be made", GRADE, MASS, "TokenRequest forbids extras",
           _json_field(grade=100), lambda arena: arena.ignore_extra(TokenRequest)),
    Attack("id-in-a-token", "choose the id of the token to be made", GRADE, MASS, "TokenRequest forbids extras",
           _json_field(id="0" * 32), lambda arena: arena.ignore_extra(TokenRequest)),
    Attack("role-while-signing-in", "add role=admin to a sign-in", GRADE, MASS, "SignIn forbids extras",
           _sign_in_as_admin, lambda arena: arena.ignore_extra(SignIn)),
    Attack("grade-in-the-query", "ask for grade=100", GRADE, MASS, "SubmissionsQuery forbids extras",
           _queried("grade=100"), lambda arena: arena.ignore_extra(SubmissionsQuery)),
    Attack("token-id-in-the-query", "ask for another token's submissions", GRADE, MASS,
           "SubmissionsQuery forbids extras", _queried("token_id=" + "0" * 32),
           lambda arena: arena.ignore_extra(SubmissionsQuery)),
    Attack("two-challenges-in-a-form", "send a field twice, one allowed and one not", FLOOD,
           "CWE-235: extra parameters", "api.bodies: each field once", _two_challenges, _any_field),
    Attack("two-roles-in-json", "send a key twice, for two readers who disagree", FLOOD,
           "CVE-2017-12635: CouchDB, a doubled roles key", "api.bodies: each key once", _two_roles,
           lambda arena: arena.switch.setattr(api.bodies.strict_json, "loads", lambda data, **_: json.loads(data))),
    Attack("flood-of-parts", "send a form of 5,000 parts", FLOOD, "CVE-2023-25577: Werkzeug, unlimited parts",
           "MAX_FORM_PARTS", _flood_of_parts, lambda arena: arena.app.config.update(MAX_FORM_PARTS=100_000)),
    Attack("huge-body", "have a megabyte read where kilobytes are due", FLOOD, "CWE-770: no limit on resources",
           "api.bodies: the limit before the read", _huge, _no_limit),
    Attack("body-without-a-length", "send a megabyte and name no length", FLOOD, "CWE-770: no limit on resources",
           "api.bodies: the limit during the read", _without_length, _no_limit),
    Attack("body-of-a-stranger", "have a body read before anybody asks who sends it", FLOOD,
           "CWE-696: wrong order of checks", "the door comes before the body", _body_of_a_stranger, _read_first),
    Attack("body-cut-short", "announce more than is sent, and have the part taken for the whole", FLOOD,
           "CWE-130: wrong length", "api.bodies._read_whole", _cut_short, _read_what_is_there),
    Attack("json-as-plain-text", "send JSON as a form of another site can, as text/plain", FLOOD,
           "CSRF through text/plain forms", "api.bodies: the media type", _form_of_another_site, _any_type),
    Attack("ansi-in-a-name", "name a token so that a terminal turns red", NAMES, "CWE-150: escape sequences",
           "store.text.is_one_line", _named("\x1b[31mred"), _any_line),
    Attack("direction-marks-in-a-name", "name a token so that it reads as another", NAMES,
           "CVE-2021-42574: Trojan Source", "store.text.is_one_line", _named("nimda\u202e"), _any_line),
    Attack("line-end-in-a-name", "name a token so that it is two lines of a list", NAMES, "CWE-93: line injection",
           "store.text.is_one_line", _named("a\u2028b"), _any_line),
    Attack("html-in-a-name", "have a browser take a list for a page", NAMES, "CWE-79: MIME sniffing",
           "nosniff", _shown_as_a_page, _without("X-Content-Type-Options")),
    Attack("page-in-a-frame", "have clicks made through a frame", NAMES, "CWE-1021: clickjacking",
           "X-Frame-Options", _framed, _without("X-Frame-Options")),
    Attack("grade-from-a-cache", "read a grade that a browser or proxy kept", NAMES, "CWE-525: cached secrets",
           "Cache-Control: no-store", _kept_by_a_cache, _without("Cache-Control")),
    Attack("forged-request-id", "choose an id that breaks out of a log's field", NAMES, "CWE-117: log forging",
           "api.observability: ids of a sane form", _forged_id,
           lambda arena: arena.switch.setattr(api.observability, "_SANE_ID", __import__("re").compile(".*"))),
    Attack("streams-hoarded", "take every place for watchers", FLOOD, "CWE-400: threads held by open streams",
           "EventStreams.limit_of_one", _all_streams,
           lambda arena: arena.switch.setattr(EventStreams, "limit_of_one", property(lambda self: self.limit))),
    Attack("result-without-a-claim", "record a grade for a job that was never held", JOBS,
           "Judge0 and others: workers are believed", "store.claims._held_row", _records(_never_held), _whoever_asks),
    Attack("result-of-a-lost-claim", "record a grade after another worker took the job over", JOBS,
           "fencing: Kleppmann 2016", "store.claims._held_row", _records(_held_before), _whoever_asks),
]  # fmt: skip
