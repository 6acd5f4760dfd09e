"""A draft is sent as the same changes in a folder would be."""

from __future__ import annotations

import pytest

from runner.errors import SubmissionRejected
from runner.limits import SubmissionLimits
from runner.packages.loader import load_package
from runner.submissions.drafts import submission_of_texts
from tests.mendbox.cli import CHALLENGES


def test_what_was_changed_is_sent_and_the_rest_is_the_starters() -> None:
    package = load_package(CHALLENGES / "user-500")
    path = "directory/users.py"
    same = package.starter["directory/teams.py"].decode()
    sent = submission_of_texts(package, {path: "x = 1\n", "directory/teams.py": same}, SubmissionLimits())
    assert dict(sent.files) == {path: b"x = 1\n"}


def test_what_may_not_be_changed_is_refused() -> None:
    with pytest.raises(SubmissionRejected, match=r"wsgi\.py"):
        submission_of_texts(load_package(CHALLENGES / "user-500"), {"wsgi.py": "x = 1\n"}, SubmissionLimits())
