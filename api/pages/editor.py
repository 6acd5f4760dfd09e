"""`/work/<slug>/editor`: the brief beside the app's files, kept as they are written, and sent from here."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Response, url_for

from api.bodies import single_fields
from api.challenges import visible_challenge
from api.context import caller, services
from api.idempotency import key_of
from api.invitations import own_invitation
from api.my_assessment import attempts_left
from api.pages.changes import changes_of
from api.pages.described import brief_html
from api.pages.drafted import (
    Draft,
    files_for_editor,
    graded_of_draft,
    kept_text,
    texts_of,
    upload_of_draft,
)
from api.pages.forms import refused, words_for
from api.pages.rendering import page, see_other
from api.pages.routing import PageRoutes
from api.pages.timing import time_of
from api.problems import ApiProblem
from api.receiving import take_in
from api.routing import CANDIDATES, ONLY_LINKS, Body, Policy
from api.uploads import SubmissionForm
from api.variants import variant_for
from runner.errors import SubmissionRejected
from runner.packages.package import ChallengePackage, digest_of_files
from runner.services import SERVICES
from store.errors import DraftMoved
from store.records import DraftChange, SourceKind
from store.text import whole_number

routes = PageRoutes("editor")
_READS = Policy(CANDIDATES, credentials=ONLY_LINKS)
#: More than anybody saves one file.
_MOST_SAVES = 999_999_999
_MOVED = "Your files were changed since you opened this page, as in another window. Look at what is sent now."
_USED = "This page has sent something already. If this is something else, send it once more."


@routes.get("/work/<string:slug>/editor", _READS)
def show_editor(slug: str) -> Response:
    """The brief beside the files of the app, as the candidate left them."""
    package = _package(slug)
    return page(
        "editor.html",
        slug=slug,
        manifest=package.manifest,
        brief=brief_html(package.brief),
        files=files_for_editor(package, _draft(slug)),
        services=" and ".join(SERVICES[name].title for name in package.manifest.services),
        time=time_of(own_invitation()),
    )


@routes.post(
    "/work/<string:slug>/draft", Policy(CANDIDATES, Body.MULTIPART, deeds=("draft.save",), credentials=ONLY_LINKS)
)
def save(slug: str) -> dict[str, Any]:
    """Keep a file as it is now; without a `text` it is as the starter has it, or is no more.

    Answers with the file's new `revision`. Problems: `conflict`, with the file's `revision`, where it was saved since
    in another window; `submission-rejected` where it may not be changed or is too large.
    """
    package = _package(slug)
    fields = single_fields(frozenset({"path", "revision", "text"}))
    path, seen, sent = fields.get("path"), fields.get("revision"), fields.get("text")
    if not isinstance(path, str) or not path:
        raise ApiProblem("invalid-request", "the text field `path` is missing", field="path")
    revision = whole_number(seen, 0, _MOST_SAVES) if isinstance(seen, str) else None
    if revision is None:
        raise ApiProblem("invalid-request", "`revision` must be a whole number", field="revision")
    # As a file: browsers change the line ends of a text field.
    if isinstance(sent, str):
        raise ApiProblem("invalid-request", "`text` is a text field, it must be a file", field="text")
    draft = _draft(slug)
    if sent is None and path not in draft:
        raise ApiProblem("not-found", "there is no such file in the draft", field="path")
    text = kept_text(package, draft, path, sent.stream.read(), services().limits) if sent is not None else None
    try:
        return {"revision": services().store.drafts.save(caller().id, slug, DraftChange(path, text, revision))}
    except DraftMoved as moved:
        raise ApiProblem("conflict", moved.message, hint=moved.hint, revision=moved.revision) from moved


@routes.get("/work/<string:slug>/changes", _READS)
def show_changes(slug: str) -> Response:
    """What is changed against the starter, and which files will be graded."""
    return _changes(slug)


@routes.post(
    "/work/<string:slug>/send-draft",
    Policy(CANDIDATES, Body.FORM, deeds=("submission.add",), credentials=ONLY_LINKS),
)
def send_draft(slug: str) -> Response:
    """Send what is shown: nothing else, should it have changed meanwhile."""
    package, draft = _package(slug), _draft(slug)
    fields = single_fields(frozenset({"seen", "key"}))
    key = fields.get("key")
    if not texts_of(draft):
        return _changes(slug, wrong="Nothing is changed yet.", status=422)
    if fields.get("seen") != _digest(draft):
        return _changes(slug, wrong=_MOVED, status=409)
    form = SubmissionForm(slug, None, upload_of_draft(package, draft), SourceKind.DIRECTORY)
    try:
        taken = take_in(form, key_of(key, form) if isinstance(key, str) and key else None)
    except SubmissionRejected:
        return _changes(slug, status=422)
    except ApiProblem as problem:
        used = problem.name == "idempotency-key-reused"
        return refused(problem, _changes(slug, wrong=_USED if used else words_for(problem)))
    return see_other(url_for("pages_candidate.show_attempt", id=taken.record.id))


def _changes(slug: str, *, wrong: str = "", status: int = 200) -> Response:
    package, draft = _package(slug), _draft(slug)
    files, advice = {path: text.encode() for path, text in texts_of(draft).items()}, ""
    graded: list[str] = []
    try:
        graded = graded_of_draft(package, draft, services().limits).paths
    except SubmissionRejected as error:
        wrong, advice = wrong or error.message, error.hint or ""
    invited = own_invitation()
    return page(
        "draft.html",
        status,
        time=time_of(invited),
        left=attempts_left(invited).get(slug) if invited is not None else None,
        slug=slug,
        manifest=package.manifest,
        changes=changes_of(package.starter, files),
        can_be_compared=True,
        graded=[(path, path not in package.starter) for path in graded],
        seen=_digest(draft),
        # Two clicks on one form are one attempt.
        key=secrets.token_urlsafe(16),
        wrong=wrong,
        advice=advice,
    )


def _package(slug: str) -> ChallengePackage:
    return variant_for(visible_challenge(slug), None).package


def _draft(slug: str) -> Draft:
    return services().store.drafts.of(caller().id, slug)


def _digest(draft: Draft) -> str:
    """Of all that is changed: whether it is still what somebody has seen."""
    return digest_of_files({path: text.encode() for path, text in texts_of(draft).items()})
