"""Attacks by who calls: tokens that are none, and objects and powers that are another's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text
from structlog.testing import capture_logs

import api.auth
import api.doors
import api.events
import api.observability
import api.submissions
import api.views
import store.tokens
from api.context import Caller, set_caller
from store.records import NewToken, Role, TokenRecord
from tests.adversarial.api.arena import TOKENS, URL, Arena, Attack, always
from tests.api.sample import ASSESSORS_ONLY, OTHER, SLUG

ME = "/api/v1/me"
BOLA = "OWASP API Security 2023, API1: broken object level authorization"
BFLA = "OWASP API Security 2023, API5: broken function level authorization"
AUTH = "OWASP API Security 2023, API2: broken authentication"
TOKENS_THREAT = "expired, revoked, foreign, empty and malformed tokens"
IDS = "another candidate's id in every route"


def _bearer(arena: Arena, value: str) -> bool:
    return arena.send("GET", ME, {"Authorization": value}).status_code == 200


def _admin(arena: Arena) -> TokenRecord:
    return arena.platform.tokens[Role.ADMIN].record


def _let_in_without(arena: Arena) -> None:
    arena.switch.setattr(api.auth, "authenticate", lambda _: set_caller(Caller.with_token(_admin(arena))))


def _find_by_concatenation(arena: Arena) -> None:
    tokens = arena.platform.store.tokens

    def find(sent: str) -> TokenRecord | None:
        with arena.platform.store.engine.connect() as connection:
            row = connection.execute(text(f"SELECT id FROM tokens WHERE token_digest = '{sent}'")).first()
        return tokens.get(row[0]) if row else None

    arena.switch.setattr(tokens, "find", find)
    arena.switch.setattr(api.auth, "bearer_token", lambda header: header.removeprefix("Bearer "))


def _expired(arena: Arena) -> bool:
    soon = datetime.now(UTC) + timedelta(days=1)
    issued = arena.platform.store.tokens.create(NewToken("x", Role.ADMIN, expires_at=soon))
    arena.platform.store._database.now = lambda: soon + timedelta(seconds=1)
    return _bearer(arena, f"Bearer {issued.text}")


def _revoked(arena: Arena) -> bool:
    issued = arena.platform.store.tokens.create(NewToken("x", Role.ADMIN))
    arena.platform.store.tokens.revoke(issued.record.id)
    return _bearer(arena, f"Bearer {issued.text}")


def _stolen_hash(arena: Arena) -> bool:
    with arena.platform.store.engine.connect() as connection:
        digest = str(connection.execute(text("SELECT token_digest FROM tokens")).scalars().first())
    return _bearer(arena, f"Bearer mbx_{digest.removeprefix('sha256:')}")


def _compare_hashes_as_sent(arena: Arena) -> None:
    arena.switch.setattr(store.tokens, "digests_of", lambda sent: (sent.replace("mbx_", "sha256:", 1),))
    arena.switch.setattr(store.tokens, "_SHAPE", api.auth.TOKEN)


def _token_in_url(arena: Arena) -> bool:
    return arena.send("GET", f"{ME}?token={arena.platform.tokens[Role.ADMIN].text}", arena.headers()).status_code == 200


def _token_in_path(arena: Arena) -> bool:
    secret = arena.platform.tokens[Role.ADMIN].text
    with capture_logs() as lines:
        arena.send("GET", f"/download/{secret}")
    return secret in str(lines)


def _off(module: Any, name: str, value: Any) -> Any:
    return lambda arena: arena.switch.setattr(module, name, value)


def _reads(rule: str, marker: str = "") -> Any:
    def run(arena: Arena) -> bool:
        submission = arena.platform.graded()
        answer = arena.send("GET", f"{URL}/{submission.id}{rule}", arena.foreign(SLUG))
        return answer.status_code == 200 and marker in answer.text

    return run


def _no_owner(arena: Arena) -> None:
    def anyones(services: Any, _: Caller, submission_id: str) -> Any:
        return services.store.submissions.get(submission_id)

    for module in (api.submissions, api.events, api.views):
        arena.switch.setattr(module, "visible_submission", anyones)


def _listed(arena: Arena) -> bool:
    submission = arena.platform.graded()
    return submission.id in arena.send("GET", f"{URL}?limit=100", arena.foreign(SLUG)).text


def _key_of_another(arena: Arena) -> bool:
    made = arena.submit({**arena.headers(), "Idempotency-Key": "build-1"}).get_json()["id"]
    answer = arena.submit({**arena.foreign(SLUG), "Idempotency-Key": "build-1"})
    return bool(answer.status_code == 202 and answer.get_json()["id"] == made)


def _keys_of_all(arena: Arena) -> None:
    submissions = arena.platform.store.submissions
    real, mine = submissions.made_with, arena.platform.tokens[Role.CANDIDATE].record.id
    arena.switch.setattr(submissions, "made_with", lambda key, _: real(key, mine))


def _may_all(arena: Arena) -> None:
    arena.switch.setattr(Caller, "may_submit_to", always(True))


def _own_grade_whole(arena: Arena) -> bool:
    submission = arena.platform.graded()
    path = f"{URL}/{submission.id}?view=whole"
    return ASSESSORS_ONLY in arena.send("GET", path, {**arena.headers(), "Accept": "application/vnd.whole+json"}).text


def _calls(method: str, path: str, status: int, endpoint: str, role: Role = Role.CANDIDATE, **options: Any) -> Any:
    def run(arena: Arena) -> bool:
        ids = {"victim": arena.platform.tokens[Role.RECRUITER].record.id, "graded": arena.platform.graded().id}
        return arena.send(method, path.format(**ids), arena.headers(role), **options).status_code == status

    return {"run": run, "off": lambda arena: arena.open_to_all(endpoint)}


def _challenge(path: str) -> Any:
    return lambda arena: arena.send("GET", f"/api/v1/challenges/{path}", arena.foreign(OTHER)).status_code == 200


NEW_ADMIN = {"name": "mine", "role": "admin"}
ATTACKS = [
    Attack("no-token", "call without a token", TOKENS_THREAT, AUTH, "api.auth: nobody is let in unknown",
           lambda arena: arena.send("GET", ME).status_code == 200, _let_in_without),
    Attack("empty-token", "send a Bearer header with nothing in it", TOKENS_THREAT, AUTH, "api.auth.bearer_token",
           lambda arena: _bearer(arena, "Bearer "), _let_in_without),
    Attack("malformed-token", "send SQL in the place of a token", TOKENS_THREAT, "CWE-89: SQL injection",
           "tokens are looked up by digest, as a bound value", lambda arena: _bearer(arena, "Bearer ' OR '1'='1"),
           _find_by_concatenation),
    Attack("expired-token", "use a token after its time", TOKENS_THREAT, "CWE-613: insufficient session expiration",
           "TokenRecord.usable_at", _expired, _off(TokenRecord, "usable_at", always(True))),
    Attack("revoked-token", "use a token that was ended", TOKENS_THREAT, "CWE-613: insufficient session expiration",
           "TokenRecord.usable_at", _revoked, _off(TokenRecord, "usable_at", always(True))),
    Attack("foreign-token", "use a well-formed token of another installation", TOKENS_THREAT, AUTH,
           "store.tokens.Tokens.find", lambda arena: _bearer(arena, "Bearer mbx_" + "a" * 43),
           lambda arena: arena.switch.setattr(arena.platform.store.tokens, "find", always(_admin(arena)))),
    Attack("stolen-hash-as-token", "send what a copy of the database has of a token", TOKENS_THREAT,
           "CWE-836: use of password hash instead of password", "the server hashes what it is sent", _stolen_hash,
           _compare_hashes_as_sent),
    Attack("token-in-the-url", "get a client to put its token into a URL", "a token in a URL that ends up in a log",
           "CWE-598: query strings with secrets", "api.auth refuses it", _token_in_url,
           lambda arena: arena.switch.setattr(api.auth, "TOKEN", __import__("re").compile("(?!)"))),
    Attack("token-in-a-path", "have a token logged as part of a path", "a token in a URL that ends up in a log",
           "CWE-532: secrets in a log", "api.auth.without_tokens", _token_in_path,
           _off(api.observability, "without_tokens", lambda value: value)),
    Attack("read-anothers-submission", "read a submission by its id", IDS, BOLA, "api.views.visible_submission",
           _reads("", '"score"'), _no_owner),
    Attack("watch-anothers-submission", "watch a grading by its submission's id", IDS, BOLA,
           "api.views.visible_submission", _reads("/events", "event: grade"), _no_owner),
    Attack("list-anothers-submissions", "find other candidates in a list", IDS, BOLA,
           "the list is filtered by the token", _listed, _off(api.submissions, "is_candidate", always(False))),
    Attack("anothers-idempotency-key", "send another's key to be told their submission", IDS, BOLA,
           "keys belong to a token", _key_of_another, _keys_of_all),
    Attack("foreign-challenge", "read a brief that the token does not name", IDS, BOLA, "Caller.may_submit_to",
           _challenge(SLUG), _may_all),
    Attack("foreign-starter", "download a starter that the token does not name", IDS, BOLA, "Caller.may_submit_to",
           _challenge(f"{SLUG}/starter.zip"), _may_all),
    Attack("submit-to-a-foreign-challenge", "submit where the token does not allow it", IDS, BOLA,
           "Caller.may_submit_to", lambda arena: arena.submit(arena.foreign(OTHER)).status_code == 202, _may_all),
    Attack("hidden-suite-in-the-own-grade", "ask for the assessors' view of the own grade",
           "assertion text sent back", "terminal-bench PR 7", "api.redaction.for_candidate", _own_grade_whole,
           _off(api.views, "is_candidate", always(False))),
    Attack("regrade-until-it-fits", "have the own submission graded again and again", "one bit for each submission",
           BFLA, "roles of the route",
           **_calls("POST", URL + "/{graded}/regrade", 202, "submissions.regrade")),
    Attack("candidate-makes-an-admin", "make a token with more rights than one's own", IDS, BFLA, "roles of the route",
           **_calls("POST", TOKENS, 201, "tokens.create_token", json=NEW_ADMIN)),
    Attack("recruiter-makes-an-admin", "make a token with more rights than one's own", IDS, BFLA, "roles of the route",
           **_calls("POST", TOKENS, 201, "tokens.create_token", Role.RECRUITER, json=NEW_ADMIN)),
    Attack("candidate-ends-a-token", "lock an assessor out", IDS, BFLA, "roles of the route",
           **_calls("DELETE", TOKENS + "/{victim}", 204, "tokens.revoke_token")),
    Attack("candidate-lists-tokens", "learn who the other candidates are", IDS, BFLA, "roles of the route",
           **_calls("GET", TOKENS, 200, "tokens.list_tokens")),
    Attack("candidate-reads-the-audit-trail", "learn who reads which grade", IDS, BFLA, "roles of the route",
           **_calls("GET", "/api/v1/audit", 200, "audit.list_audit")),
]  # fmt: skip
