"""Pictures, and candidates side by side."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from api.pages.figures import Mark, bars, timeline
from runner.submissions.model import Submission
from store.records import Origin, SourceKind
from store.reviewed import NoteKind
from tests.api.conftest import Platform
from tests.api.invited import began, invited
from tests.api.sample import FIXED, OTHER, SLUG, grade_of
from tests.pages.links import statements_of

_NUMBERS = st.floats(-1000, 1000)
_WHERE = "/assessments/backend/compare"


def _plain(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=9), _NUMBERS, max_size=5))
def test_bars_are_svg_whatever_names_and_values_are(values: dict[str, float]) -> None:
    picture = ElementTree.fromstring(bars(values, 'a <b> "c"'))
    assert picture.get("aria-label") == 'a <b> "c"'
    filled = [float(part.get("width", "")) for part in picture.iter("rect") if part.get("class") == "fill"]
    assert len(filled) == len(values)
    assert all(0 <= width <= 160 for width in filled)


@given(st.lists(st.lists(st.tuples(st.floats(0, 9999), st.integers(0, 100)), max_size=4), max_size=10), _NUMBERS)
def test_a_timeline_has_a_mark_for_each_attempt_within_the_picture(
    series: list[list[tuple[float, int]]], minutes: float
) -> None:
    marks = {str(number): [Mark(*each) for each in part] for number, part in enumerate(series)}
    picture = ElementTree.fromstring(timeline(marks, minutes, "said"))
    dots = [part for part in picture.iter("text") if (part.get("class") or "").startswith("dot")]
    assert len(dots) == sum(map(len, series))
    assert all(34 <= float(dot.get("x", "")) <= 640 and 0 <= float(dot.get("y", "")) <= 220 for dot in dots)


def _candidate(platform: Platform, name: str, *, graded: bool = True) -> str:
    token = invited(platform, name)
    began(platform, token, ago=timedelta(minutes=30))
    for slug in (SLUG, OTHER) if graded else ():
        origin = Origin(slug, "sha256:c", SourceKind.ARCHIVE, token.record.id)
        _, grading = platform.store.submissions.add(Submission({"app.py": FIXED}), origin)
        claim = platform.claim(grading)
        assert platform.store.claims.record_grade(claim, grade_of(claim))
    return token.record.id


def test_the_best_stand_side_by_side_and_others_can_be_chosen(platform: Platform) -> None:
    ids = {name: _candidate(platform, name, graded=name != "Zoe") for name in ("Ada", "Bob", "Cem", "Dan", "Zoe")}
    platform.store.reviews.note(ids["Ada"], "rita", NoteKind.ADVANCE, "good")
    signed = platform.sign_in()
    text = signed.client.get(_WHERE).text
    head = _plain(text[text.index("<thead") : text.index("</thead")])
    assert head == "Ada Bob Cem Dan"
    assert text.count('class="picture bars"') == 4
    assert "Go on with them" in _plain(text)
    chosen = signed.client.get(f"{_WHERE}?id={ids['Zoe']}&id={ids['Ada']}&id=nobody").text
    assert _plain(chosen[chosen.index("<thead") : chosen.index("</thead")]) == "Ada Zoe"
    assert chosen.count("checked>") == 2
    hidden = signed.client.get(f"{_WHERE}?names=hidden").text
    assert not re.search("Ada|Bob|Cem|Dan|Zoe", hidden)
    assert f"Candidate {ids['Ada'][:8]}" in hidden
    assert "Nobody is invited" in signed.client.get("/assessments/senior-backend/compare").text
    assert signed.client.get("/assessments/nothing/compare").status_code == 404


def test_many_take_as_many_queries_as_few(platform: Platform) -> None:
    signed = platform.sign_in()
    counts = []
    for count in (2, 20):
        for number in range(count):
            _candidate(platform, f"Person {number}")
        signed.client.get(_WHERE)
        counts.append(statements_of(platform, lambda: signed.client.get(_WHERE)))
    assert counts[0] == counts[1]


def test_attempts_stand_over_time_on_a_persons_page(platform: Platform) -> None:
    signed, one = platform.sign_in(), _candidate(platform, "Ada")
    text = signed.client.get(f"/people/{one}").text
    assert 'aria-label="2 graded attempts over time, as the table below has them"' in text
    assert text.count('class="dot s') == 4  # two in the picture, two in the legend
    none = _candidate(platform, "Zoe", graded=False)
    assert "<svg" not in signed.client.get(f"/people/{none}").text
