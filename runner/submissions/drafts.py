"""A draft: texts that a candidate keeps beside the starter, as they would be sent. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from runner.limits import SubmissionLimits
from runner.packages.package import ChallengePackage
from runner.submissions.model import Submission
from runner.submissions.normalise import normalise
from runner.submissions.uploads import DirectoryUpload, Entry


def upload_of_texts(package: ChallengePackage, texts: Mapping[str, str]) -> DirectoryUpload:
    """The whole app with these texts in it, as somebody would send it who changed it on their own machine."""
    files = dict(package.starter) | {path: text.encode() for path, text in texts.items()}
    return DirectoryUpload(tuple(Entry(path, data) for path, data in sorted(files.items())))


def submission_of_texts(package: ChallengePackage, texts: Mapping[str, str], limits: SubmissionLimits) -> Submission:
    """What is graded of them once they are sent. Raises SubmissionRejected where they can't be."""
    upload = upload_of_texts(package, texts)
    return normalise(upload, package.starter, package.manifest.editable, package.slug, limits)
