"""`/git/<slug>.git`: clone a starter, and submit by pushing, with a token as the password.

A push is one submission, as an archive of the whole folder would be, and stands in the store before a word is answered.
Then the answer tells how it is graded, for as long as that is worth waiting for.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import structlog
from flask import Response, current_app, request, url_for

from api.bodies import FORM_OVERHEAD_BYTES, JSON_BYTES
from api.catalogue import Challenge
from api.challenges import visible_challenge
from api.context import caller, services
from api.csrf import own_origin
from api.events import Watch, enter, narrator_of
from api.git import protocol
from api.git.errors import problem_lines
from api.git.lines import PROGRESS, Malformed, inflated, line
from api.git.telling import Teller, reason, received
from api.idempotency import key_of
from api.problems import ApiProblem
from api.receiving import TakenIn, take_in
from api.routing import EVERYONE, ONLY_BASIC, Body, PlainRoutes, Policy
from api.uploads import SubmissionForm
from api.variants import variant_for
from api.views import is_candidate
from runner.errors import MendboxError
from runner.submissions.git_pack import read_pack
from runner.submissions.git_tree import read_commit
from store.records import Deed, SourceKind

Said = TypeVar("Said")
routes = PlainRoutes("git")
_log = structlog.get_logger("mendbox.api")
#: The longest that a push waits for its grade: whoever looks at a terminal would think that it hangs.
WAIT_S = 120.0
#: A line without text, so that nobody between here and there takes the connection for dead.
_STILL_HERE = line(bytes((PROGRESS,)))


@routes.get("/git/<string:slug>.git/info/refs", Policy(EVERYONE, credentials=ONLY_BASIC))
def get_refs(slug: str) -> Response:
    """What there is to clone, or to push to: the starter, always."""
    service = request.args.get("service", "")
    if service not in (protocol.FETCH, protocol.PUSH):
        raise ApiProblem("forbidden", "only git's smart HTTP protocol is spoken here", hint="use git 1.6.6 or later")
    head = _challenge(slug).repository.head
    return _answer(protocol.advertisement(service, head), f"application/x-{service}-advertisement")


@routes.post(
    "/git/<string:slug>.git/git-upload-pack",
    Policy(EVERYONE, Body.GIT_FETCH, deeds=("starter.clone",), credentials=ONLY_BASIC),
)
def upload_pack(slug: str) -> Response:
    """Give the starter to a clone."""
    repository = _challenge(slug).repository
    fetch = _read(protocol.read_fetch, JSON_BYTES)
    if not fetch.wants <= {repository.head}:
        told = protocol.error("the starter is another one by now: clone again")
    else:
        told = protocol.fetched(fetch, repository.pack)
        if fetch.is_done:
            services().store.audit.record(Deed(caller().actor, "starter.clone", "challenge", slug, {}))
    return _answer(told, "application/x-git-upload-pack-result")


@routes.post(
    "/git/<string:slug>.git/git-receive-pack",
    Policy(EVERYONE, Body.GIT_PUSH, deeds=("submission.add",), credentials=ONLY_BASIC),
)
def receive_pack(slug: str) -> Response:
    """Take the pushed commit's folder as a submission, and tell how it is graded."""
    kind = "application/x-git-receive-pack-result"
    challenge = _challenge(slug)
    push = _read(protocol.read_push, services().limits.upload_bytes + FORM_OVERHEAD_BYTES)
    if not push.commands:
        # Before a push of much git asks with nothing whether it may.
        return _answer(b"", kind)
    result = _taken(challenge, push)
    if "side-band-64k" not in push.capabilities:
        return _answer(result.report, kind)
    if result.taken is None:
        return _answer(protocol.shown_lines(result.told) + protocol.framed(push, result.report), kind)
    leave, told = _watching(push, result, result.taken)
    response = _answer(told, kind)
    # Called also when the client went away before the first byte.
    response.call_on_close(leave)
    response.headers["X-Accel-Buffering"] = "no"
    return response


@dataclass(frozen=True, slots=True)
class _Result:
    """What became of a push: lines for people, the report for git, and the submission where there is one."""

    told: list[str]
    report: bytes
    taken: TakenIn | None = None


def _taken(challenge: Challenge, push: protocol.Push) -> _Result:
    """Take the push in, or say why not; nothing is raised for what is wrong with it, as git would not show it."""
    refused = {each.ref: why for each in push.commands if (why := protocol.refusal_of(each)) is not None}
    if push.commit is None:
        return _Result([], protocol.report(push, refused))
    limits, slug = services().limits, challenge.package.slug
    is_unpacked = False
    try:
        pushed = read_pack(push.pack, challenge.repository.objects, limits) if push.pack else {}
        is_unpacked = True
        # What the starter has is the starter's, whatever else is sent under its id.
        upload = read_commit(push.commit, ChainMap(dict(challenge.repository.objects), pushed), limits)
        form = SubmissionForm(slug, None, upload, SourceKind.API)
        taken = take_in(form, key_of(f"git\0{slug}\0{push.commit}", form))
    except (MendboxError, ApiProblem) as error:
        answered = current_app.handle_user_exception(error)
        assert isinstance(answered, Response)  # `api.problems` handles them all
        told = problem_lines(answered)
        why_not = reason(told[0])
        unpacked = "ok" if is_unpacked else why_not
        return _Result(told, protocol.report(push, {**refused, protocol.MAIN: why_not}, unpacked))
    told = ["this commit was received before, so it is no new attempt"]
    if taken.submission is not None:
        pushed_paths = {entry.path for entry in upload.entries}
        kept = sorted(path for path in challenge.package.starter if path not in pushed_paths)
        told = received(taken.submission.paths, taken.submission.left_out, kept)
    return _Result(told, protocol.report(push, refused), taken)


def _watching(
    push: protocol.Push, result: _Result, taken: TakenIn
) -> tuple[Callable[[], None], Iterator[bytes] | bytes]:
    """What to call when nobody watches any more, and how the grading goes, followed by the report."""
    url = _page_of(taken.record.id)
    try:
        leave = enter(services().streams, caller())
    except ApiProblem:
        told = [*result.told, "too many are watching their gradings for this one to be told here", f"see {url}"]
        return (lambda: None), protocol.shown_lines(told) + protocol.framed(push, result.report)
    watch = Watch(services(), caller(), taken.grading.id, narrator_of(taken.grading), life_s=WAIT_S)

    def told_as_it_goes() -> Iterator[bytes]:
        yield protocol.shown_lines(result.told)
        teller = Teller()
        try:
            for events in watch.rounds():
                yield protocol.shown_lines(teller.lines(events)) or _STILL_HERE
        except MendboxError as fault:
            # The submission is stored, so git has to be told that it was taken, whatever else goes wrong.
            _log.error("a push could not be told how it is graded", submission=taken.record.id, reason=fault.message)
        more = [] if teller.is_over else ["it is not graded yet, and will be; there is no need to wait for it here"]
        yield protocol.shown_lines([*more, f"see {url}"]) + protocol.framed(push, result.report)

    return leave, told_as_it_goes()


def _page_of(submission_id: str) -> str:
    """The address of the submission's page, for people."""
    page = "pages_candidate.show_attempt" if is_candidate(caller()) else "pages_submissions.show_submission"
    return own_origin(services().settings.public_url) + url_for(page, id=submission_id)


def _challenge(slug: str) -> Challenge:
    """As the caller has it."""
    return variant_for(visible_challenge(slug), None)


def _read(reader: Callable[[bytes], Said], most: int) -> Said:
    """What the body says. Raises ApiProblem where that can't be read."""
    try:
        return reader(_body(most))
    except Malformed as error:
        raise ApiProblem("malformed-request", str(error)) from error


def _body(most: int) -> bytes:
    """The body as git wrote it, which packs what is long. Raises Malformed."""
    coding = request.headers.get("Content-Encoding", "identity").lower()
    data = request.get_data()
    if coding in ("gzip", "x-gzip"):
        return inflated(data, most)
    if coding != "identity":
        raise Malformed("the body is coded in a way that is not taken; gzip is")
    return data


def _answer(told: bytes | Iterator[bytes], kind: str) -> Response:
    return Response(told, content_type=kind)
