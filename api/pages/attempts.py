"""A candidate's attempts over time, as a picture."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from api.pages.figures import MARKS, Mark, timeline
from store.invited import InvitationRecord
from store.records import SubmissionSummary


def attempts_over_time(
    record: InvitationRecord | None, sent: Sequence[SubmissionSummary], titles: Mapping[str, str]
) -> dict[str, Any]:
    """What a template shows of it: the picture, and which mark is which challenge; nothing before there is a grade.

    Times are from when the candidate began, or from their first attempt where they have no assessment. Pure.
    """
    graded = sorted((each for each in sent if each.graded is not None), key=lambda each: each.submission.submitted_at)
    if not graded:
        return {"timeline": "", "legend": []}
    began_at = record.began_at if record is not None else None
    start = min(began_at or graded[0].submission.submitted_at, graded[0].submission.submitted_at)
    series: dict[str, list[Mark]] = defaultdict(list)
    for each in graded:
        assert each.graded is not None
        minute = (each.submission.submitted_at - start).total_seconds() / 60
        series[each.submission.challenge].append(Mark(minute, each.graded.score or 0))
    minutes = record.allowed.total_seconds() / 60 if record is not None else 0
    count = len(graded)
    said = f"{count} graded {'attempt' if count == 1 else 'attempts'} over time, as the table below has them"
    return {
        "timeline": timeline(series, minutes, said),
        "legend": [
            (MARKS[number % len(MARKS)], number % 8, titles.get(slug, slug)) for number, slug in enumerate(series)
        ],
    }
