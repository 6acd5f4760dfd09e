"""`/start` and `/work`: what a candidate sees who came by their link."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Response, request, url_for
from werkzeug.datastructures import FileStorage

from api.assessments import manifests
from api.auth import candidates_token
from api.bodies import single_fields
from api.challenges import starter_of, visible_challenge
from api.context import caller, services
from api.cookies import drop_link, link_text, set_link
from api.csrf import check_origin, own_origin
from api.idempotency import key_of
from api.invitations import Invited, begin_own, own_invitation, own_sight
from api.my_assessment import attempts_left
from api.pages.described import brief_html
from api.pages.forms import refused, words_for
from api.pages.rendering import elsewhere, page, see_other
from api.pages.routing import PageRoutes
from api.pages.states import RESULTS, STATES, place_of, wait_of
from api.pages.timing import time_of
from api.problems import ApiProblem
from api.receiving import take_in
from api.redaction import CandidateReceipt
from api.routing import CANDIDATES, ONLY_LINKS, PUBLIC, Body, Policy
from api.uploads import SubmissionForm
from api.variants import as_listed, variant_for
from api.views import FAULT_FOR_CANDIDATES, grade_for, note_scores_read, visible_submission
from runner.assessments.model import CandidatesSee
from runner.errors import ChallengeNotFound, PackageInvalid, SubmissionRejected
from runner.packages.manifest import Area
from runner.submissions.uploads import PatchUpload, upload_of
from store.errors import NotFound
from store.records import Deed, SourceKind, SubmissionFilter, SubmissionSummary
from store.states import GradingState

routes = PageRoutes("candidate")
_READS = Policy(CANDIDATES, credentials=ONLY_LINKS)
#: Attempts that are listed: the last ones.
_MOST_SHOWN = 100
_USED = (
    "This form has sent something already, which is in the list below. If this is something else, send it once more."
)


@routes.get("/start", Policy(PUBLIC))
def show_start() -> Response:
    """Where a candidate's link leads. What stands behind its `#` is sent by the page's script, never in an address."""
    return elsewhere() or _start()


@routes.post("/start", Policy(PUBLIC, Body.FORM, deeds=("link.open",)))
def start() -> Response:
    """Let a candidate in."""
    check_origin(services())
    services().secret_key.get()
    text = single_fields(frozenset({"code"})).get("code")
    text = text.strip() if isinstance(text, str) else ""
    found = candidates_token(text)
    if found is None:
        said = "This link is not good, or not any more. Ask whoever invited you for another."
        return refused(ApiProblem("link-needed", said), _start(wrong=said))
    services().store.audit.record(Deed(found.id, "link.open", "token", found.id))
    response = see_other(url_for(".show_work"))
    set_link(response, services().settings, text)
    return response


def _start(wrong: str = "") -> Response:
    """The form for a code. Whose link this browser has is said; a link that ended is forgotten."""
    text = link_text(services().settings)
    present = candidates_token(text)
    if text is not None and present is None:
        wrong = wrong or "Your link is not good any more. If you sent something just now it was not taken in."
    response = page("start.html", wrong=wrong, present=present.name if present is not None else "")
    if text is not None and present is None:
        drop_link(response, services().settings)
    return response


@routes.post("/leave", Policy(CANDIDATES, deeds=("link.close",), credentials=ONLY_LINKS))
def leave() -> Response:
    """Have this browser forget the link, as on a machine that others use."""
    services().store.audit.record(Deed(caller().id, "link.close", "token", caller().id))
    response = see_other(url_for(".show_start"))
    drop_link(response, services().settings)
    return response


@routes.get("/work", _READS)
def show_work() -> Response:
    """The candidate's challenges, and how far they are with each; before they begin, what they are invited to."""
    invited = own_invitation()
    if invited is not None and invited.clock is None:
        return _welcome(invited)
    me = caller()
    mine = [one for one in services().catalogue.usable() if me.may_submit_to(one.package.slug)]
    last = services().store.submissions.last_of_each(me.id)
    note_scores_read(list(last.values()))
    left = attempts_left(invited) if invited is not None else {}
    sees_scores = own_sight() is not CandidatesSee.RECEIPT
    best = services().store.submissions.best_scores({me.id}).get(me.id, {}) if sees_scores else {}
    drafted = services().store.drafts.changed_at(me.id)
    explained = services().store.explanations.all_of(me.id)
    rows = []
    for one in mine:
        try:
            manifest = as_listed(one).package.manifest
        except PackageInvalid:
            continue
        slug = one.package.slug
        attempt = _attempt(last[slug]) if slug in last else None
        rows.append(
            {
                "slug": slug,
                "manifest": manifest,
                "attempt": attempt,
                "left": left.get(slug),
                "best": best.get(slug),
                "is_unsent": slug in drafted and (attempt is None or drafted[slug] > attempt["at"]),
                "is_explained": slug in explained,
            }
        )
    return page(
        "work.html",
        rows=rows,
        missing=len(me.challenges) - len(rows),
        until=me.expires_at,
        title=invited.record.assessment.title if invited is not None else "Your challenges",
        time=time_of(invited),
        done_at=invited.record.done_at if invited is not None else None,
        explaining=_points_for_explaining(invited),
    )


@routes.post("/work/begin", Policy(CANDIDATES, Body.FORM, deeds=("invitation.begin",), credentials=ONLY_LINKS))
def begin() -> Response:
    """Begin: the candidate's time runs from now on."""
    invited = own_invitation()
    if invited is None:
        raise NotFound("assessment", "of this link")
    if invited.clock is None:
        if single_fields(frozenset({"consent"})).get("consent") != "1":
            return _welcome(invited, wrong="Say that you agree first.", status=422)
        begin_own(invited)
    return see_other(url_for(".show_work"))


@routes.get("/work/clock", _READS)
def show_clock() -> Response:
    """The line that says how much time is left, which pages ask for again and again."""
    time = time_of(own_invitation())
    if time is None or "HX-Request" not in request.headers:
        return see_other(url_for(".show_work"))
    return page("clock.html", time=time)


def _welcome(invited: Invited, wrong: str = "", status: int = 200) -> Response:
    record, known = invited.record, manifests()
    return page(
        "welcome.html",
        status,
        assessment=record.assessment,
        minutes=record.minutes + record.extra_minutes,
        extra=record.extra_minutes,
        problem_solving=Area.PROBLEM_SOLVING,
        titles=[known[each.slug].title for each in record.assessment.challenges if each.slug in known],
        is_broken=any(each.slug not in known for each in record.assessment.challenges),
        opens_at=record.opens_at if invited.opens_later else None,
        until=record.closes_at,
        is_closed=invited.closed_before,
        is_preview="",
        wrong=wrong,
    )


@routes.get("/work/<string:slug>", _READS)
def show_task(slug: str) -> Response:
    """The brief, the starter, and a form to send a fix."""
    return _task(slug)


@routes.get("/work/<string:slug>/starter.zip", _READS)
def download_starter(slug: str) -> Response:
    """The candidate's starter."""
    return starter_of(variant_for(visible_challenge(slug), None))


@routes.post(
    "/work/<string:slug>", Policy(CANDIDATES, Body.MULTIPART, deeds=("submission.add",), credentials=ONLY_LINKS)
)
def send(slug: str) -> Response:
    """Take a fix in, and show how it is graded."""
    fields = single_fields(frozenset({"file", "key"}))
    sent, key = fields.get("file"), fields.get("key")
    if not isinstance(sent, FileStorage) or not sent.filename:
        return _task(slug, wrong="Choose a file first.", status=422)
    try:
        upload = upload_of(sent.stream.read(), sent.filename)
        source = SourceKind.PATCH if isinstance(upload, PatchUpload) else SourceKind.ARCHIVE
        form = SubmissionForm(slug, None, upload, source)
        taken = take_in(form, key_of(key, form) if isinstance(key, str) and key else None)
    except SubmissionRejected as error:
        return _task(slug, wrong=error.message, advice=error.hint or "", status=422)
    except ApiProblem as problem:
        used = problem.name == "idempotency-key-reused"
        return refused(problem, _task(slug, wrong=_USED if used else words_for(problem)))
    return see_other(url_for(".show_attempt", id=taken.record.id))


@routes.get("/work/attempts/<string:id>", _READS)
def show_attempt(id: str) -> Response:  # noqa: A002 -- the rule's name
    """How an attempt is graded, and the grade as a candidate may see it."""
    found, store = services(), services().store
    submission = visible_submission(found, caller(), id)
    latest, graded = store.gradings.latest(submission.id), store.gradings.latest_graded(submission.id)
    grade = grade_for(found, caller(), graded) if graded is not None else None
    assert grade is None or isinstance(grade, CandidateReceipt)  # whoever is let in here sees no other
    try:
        title = variant_for(visible_challenge(submission.challenge), None).package.manifest.title
    except (ChallengeNotFound, PackageInvalid):
        title = ""
    return page(
        "attempt.html",
        submission=submission,
        title=title,
        grade=grade,
        sight=own_sight(),
        results=RESULTS,
        fault=FAULT_FOR_CANDIDATES if latest.state is GradingState.ERROR else "",
        follow=url_for(".show_attempt_state", id=submission.id),
        **wait_of(latest),
    )


@routes.get("/work/attempts/<string:id>/state", _READS)
def show_attempt_state(id: str) -> Response:  # noqa: A002
    """The line that says how far it is; once it is no longer on its way, the whole page is fetched."""
    submission = visible_submission(services(), caller(), id)
    latest = services().store.gradings.latest(submission.id)
    return place_of(latest, url_for(".show_attempt_state", id=id), url_for(".show_attempt", id=id))


def _task(slug: str, *, wrong: str = "", advice: str = "", status: int = 200) -> Response:
    package = variant_for(visible_challenge(slug), None).package
    invited = own_invitation()
    return page(
        "task.html",
        status,
        slug=slug,
        manifest=package.manifest,
        brief=brief_html(package.brief),
        attempts=[_attempt(each) for each in _attempts(slug)],
        # Two clicks on one form are one attempt.
        key=secrets.token_urlsafe(16),
        wrong=wrong,
        advice=advice,
        time=time_of(invited),
        is_explained=slug in services().store.explanations.all_of(caller().id),
        explaining=_points_for_explaining(invited),
        left=attempts_left(invited).get(slug) if invited is not None else None,
        sight=own_sight(),
        most_bytes=services().limits.upload_bytes,
        clone=own_origin(services().settings.public_url)
        + url_for("git.get_refs", slug=slug).removesuffix("/info/refs"),
    )


def _points_for_explaining(invited: Invited | None) -> int:
    """Points of the assessment for what its candidate writes; 0 without one."""
    return invited.record.assessment.weight_of(Area.PROBLEM_SOLVING) if invited is not None else 0


def _attempts(slug: str) -> tuple[SubmissionSummary, ...]:
    """The candidate's own, the last first."""
    wanted = SubmissionFilter(challenge=slug, token_id=caller().id)
    found = services().store.submissions.page(wanted, limit=_MOST_SHOWN).items
    note_scores_read(found)
    return found


def _attempt(summary: SubmissionSummary) -> dict[str, Any]:
    graded = summary.graded if own_sight() is not CandidatesSee.RECEIPT else None
    return {
        "id": summary.submission.id,
        "at": summary.submission.submitted_at,
        "says": STATES[summary.grading.state],
        "score": graded.score if graded else None,
        "verdict": graded.verdict if graded else None,
        "result": RESULTS[graded.verdict] if graded and graded.verdict else "",
    }
