"""`/submissions`: what candidates sent and how it was graded, for whoever decides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import Response, request, url_for
from pydantic import ValidationError

from api.assessments import manifests
from api.commented import comments_seen
from api.context import caller, services
from api.pages.changes import ChangedFile, changes_of
from api.pages.desk import submission_row, who_of
from api.pages.remarks import remarks_of
from api.pages.rendering import page, see_other
from api.pages.routing import PageRoutes
from api.pages.states import RESULTS, STATES, place_of, wait_of
from api.problems import ApiProblem
from api.receiving import enqueue
from api.routing import ASSESSORS, ONLY_SESSIONS, Policy
from api.schemas import SubmissionsQuery
from api.views import fault_for, grade_for, note_scores_read, visible_submission
from runner.errors import ChallengeNotFound, PackageInvalid
from runner.grading.exchanges import KeptExchange, telling
from runner.grading.models import Grade, GradedTest
from runner.grading.report import TestStatus
from runner.packages.inventory import TestKind
from runner.packages.package import ChallengePackage
from store.records import SubmissionFilter, SubmissionRecord
from store.states import GradingState

routes = PageRoutes("submissions")
_READS = Policy(ASSESSORS, credentials=ONLY_SESSIONS)
_ON_A_PAGE = 50


@routes.get("/submissions", _READS)
def list_submissions() -> Response:
    """All submissions, newest first, as far as they match what was chosen."""
    asked = _asked()
    person = request.args.get("person") or None
    wanted = SubmissionFilter(challenge=asked.challenge, state=asked.status, verdict=asked.verdict, token_id=person)
    found = services().store.submissions.page(wanted, after=asked.after, limit=_ON_A_PAGE)
    note_scores_read(found.items)
    tokens = services().store.tokens.some({row.submission.token_id or "" for row in found.items})
    titles = {slug: manifest.title for slug, manifest in manifests().items()}
    chosen: dict[str, Any] = {name: value for name, value in request.args.items() if name != "after" and value}
    return page(
        "submissions.html",
        rows=[submission_row(row, tokens, titles) for row in found.items],
        titles=dict(sorted(titles.items(), key=lambda item: item[1])),
        states=STATES,
        verdicts=RESULTS,
        chosen=chosen,
        is_first=asked.after is None,
        onward=url_for(".list_submissions", **chosen, after=found.after) if found.after else None,
    )


def _asked() -> SubmissionsQuery:
    # A form's choice "any" is sent as an empty field.
    given = {name: value for name, value in request.args.items() if value and name != "person"}
    try:
        return SubmissionsQuery.model_validate(given)
    except ValidationError as error:
        places = ", ".join(sorted({str(each["loc"][0]) for each in error.errors() if each["loc"]}))
        raise ApiProblem("invalid-request", f"the address has something that is not known: {places}") from error


@routes.get("/submissions/<string:id>", _READS)
def show_submission(id: str) -> Response:  # noqa: A002 -- the rule's name
    """One submission: how far it is, what its grade says, what it changes."""
    return submission_page(visible_submission(services(), caller(), id))


def submission_page(
    submission: SubmissionRecord, *, wrong: str = "", fields: Mapping[str, str] | None = None, status: int = 200
) -> Response:
    """A submission's page. `wrong`: what is the matter with a comment that was sent, whose form has `fields`."""
    found, store = services(), services().store
    history = store.gradings.history(submission.id)
    latest = store.gradings.latest(submission.id)
    graded = store.gradings.latest_graded(submission.id)
    grade = grade_for(found, caller(), graded) if graded is not None else None
    assert grade is None or isinstance(grade, Grade)  # whoever is let in here sees the whole one
    package = _package(submission)
    before = store.exchanges.of_starter(grade.challenge.digest) if grade is not None else None
    after = store.exchanges.of_grading(graded.id) if graded is not None else {}
    starter = package.starter if package is not None else {}
    return page(
        "submission.html",
        status,
        submission=submission,
        who=who_of(store.tokens.some({submission.token_id or ""}).get(submission.token_id or "")),
        title=package.manifest.title if package is not None else submission.challenge,
        follow=url_for("pages_submissions.show_state", id=submission.id),
        **wait_of(latest),
        fault=fault_for(caller(), latest) if latest.state is GradingState.ERROR else None,
        counts=graded.id if graded is not None else None,
        history=sorted(history, key=lambda grading: -grading.attempt),
        states=STATES,
        verdicts=RESULTS,
        grade=grade,
        requirements=_requirements(grade, before or {}, after) if grade is not None else [],
        starter_is_known=before is not None,
        changes=(changes := _changes(submission, starter)),
        **_remarks(submission, changes),
        comment_wrong=wrong,
        comment_fields=fields or {},
        changed_since=package is not None and package.digest != submission.challenge_digest,
        can_be_compared=package is not None,
    )


@routes.get("/submissions/<string:id>/state", replace(_READS, watches=True))
def show_state(id: str) -> Response:  # noqa: A002
    """The line of the page that says how far it is; once it is no longer on its way, the whole page is fetched."""
    submission = visible_submission(services(), caller(), id)
    latest = services().store.gradings.latest(submission.id)
    return place_of(latest, url_for(".show_state", id=id), url_for(".show_submission", id=id))


@routes.post(
    "/submissions/<string:id>/regrade", Policy(ASSESSORS, deeds=("grading.regrade",), credentials=ONLY_SESSIONS)
)
def regrade(id: str) -> Response:  # noqa: A002
    """Grade it again, after everything that somebody waits for."""
    submission = visible_submission(services(), caller(), id)
    enqueue(services().store.gradings.regrade(submission.id, actor=caller().id))
    return see_other(url_for(".show_submission", id=submission.id))


def _package(submission: SubmissionRecord) -> ChallengePackage | None:
    """The package as the submission's sender had it; None where it is gone, or broken at present."""
    try:
        return services().catalogue.get(submission.challenge).variant(submission.variant).package
    except (ChallengeNotFound, PackageInvalid):
        return None


def starter_of(submission: SubmissionRecord) -> Mapping[str, bytes]:
    """The starter as its sender had it; empty where it can't be had."""
    package = _package(submission)
    return package.starter if package is not None else {}


def _remarks(submission: SubmissionRecord, changes: Sequence[ChangedFile]) -> dict[str, Any]:
    """What was said of its lines, as far as the caller sees it, and how much more there is."""
    store, me, sender = services().store, caller().id, submission.token_id or ""
    comments = store.comments.of(submission.id)
    seen = comments_seen(sender, comments)
    names = store.users.names({each.author for each in seen})
    return {"remarks": remarks_of(changes, seen, names, me), "comments_hidden": len(comments) - len(seen)}


def _changes(submission: SubmissionRecord, starter: Any) -> list[ChangedFile]:
    return changes_of(starter, services().store.submissions.content(submission.id).files)


def _requirements(
    grade: Grade, before: Mapping[str, KeptExchange], after: Mapping[str, KeptExchange]
) -> list[dict[str, Any]]:
    """Each requirement with its tests, those that did not pass first, and what one of them asked and was answered."""
    tests: dict[str, list[GradedTest]] = defaultdict(list)
    for test in grade.tests:
        tests[test.requirement].append(test)
    return [
        {
            "graded": requirement,
            "passed": sum(test.status is TestStatus.PASSED for test in tests[requirement.id]),
            "exchanges": _exchanges(tests[requirement.id], before, after),
            "tests": sorted(tests[requirement.id], key=lambda test: (test.status is TestStatus.PASSED, test.id)),
        }
        for requirement in grade.requirements
    ]


def _exchanges(
    tests: Sequence[GradedTest], before: Mapping[str, KeptExchange], after: Mapping[str, KeptExchange]
) -> dict[str, Any] | None:
    """What the most telling of a requirement's tests asked last, of the starter's app and of this one."""
    fixes = {test.id: test.status is TestStatus.PASSED for test in tests if test.kind is TestKind.FIX}
    test = telling(fixes, fixes.__getitem__, before, after)
    return None if test is None else {"test": test, "before": before.get(test), "after": after.get(test)}
