"""An assessment from the fields of a form. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from runner.assessments.model import Assessment, CandidatesSee, faults
from runner.assessments.weights import shared_weights
from runner.packages.manifest import Area, Manifest

CHALLENGE, WEIGHT_OF, AREA = "challenge-", "weight-of-", "area-"
#: What a new form has.
USUAL = {"pass_line": "60", "attempts": "10", "candidates_see": CandidatesSee.REQUIREMENTS.value}
_PLAIN = ("title", "summary", "pass_line", "attempts", "candidates_see")
_LABELS = {
    "title": "Title",
    "summary": "What it is about",
    "minutes": "Minutes",
    "pass_line": "Pass line",
    "attempts": "Attempts",
    "candidates_see": "What candidates see",
    "challenges": "Challenges",
    "weights": "Weights",
}


def area_field(area: Area) -> str:
    """The name of an area's field."""
    return AREA + area.value.replace(" ", "-")


def field_names(slugs: Sequence[str]) -> frozenset[str]:
    """All fields that the form may have."""
    each = [f"{prefix}{slug}" for slug in slugs for prefix in (CHALLENGE, WEIGHT_OF)]
    return frozenset({*_PLAIN, "minutes", *map(area_field, Area), *each})


def compose(fields: Mapping[str, str], known: Mapping[str, Manifest]) -> tuple[Assessment | None, list[str]]:
    """The assessment; or None, and what is wrong, as sentences. `known`: manifests of the challenges, by slug.

    Where no area is given a weight, those that are asked after share all points as they usually do.
    """
    chosen = [slug for slug in known if f"{CHALLENGE}{slug}" in fields]
    if not chosen:
        return None, ["Choose at least one challenge."]
    data: dict[str, Any] = {
        "format": 1,
        "version": "1.0.0",
        **{name: fields[name] for name in _PLAIN if fields.get(name)},
        "minutes": fields.get("minutes") or None,
        "weights": _weights(fields, {known[slug].area for slug in chosen}),
        "challenges": [{"slug": slug, "weight": fields.get(f"{WEIGHT_OF}{slug}") or 1} for slug in chosen],
    }
    try:
        assessment = Assessment.model_validate(data)
    except ValidationError as error:
        return None, [_sentence(each["loc"], each["msg"], chosen, known) for each in error.errors()]
    wrong = [
        f"{_LABELS.get(each.key.split('.')[0], '')}: {_area(each.key)}{each.message}."
        for each in faults(assessment, known, "")
    ]
    return (None, wrong) if wrong else (assessment, [])


def _weights(fields: Mapping[str, str], asked: set[Area]) -> dict[str, Any]:
    given = {area.value: fields[area_field(area)] for area in Area if fields.get(area_field(area))}
    return given or {area.value: weight for area, weight in shared_weights(asked).items()}


def fields_of(assessment: Assessment, known: Mapping[str, Manifest]) -> dict[str, str]:
    """The form's fields as this assessment has them, for another that is like it.

    Challenges that have a time of their own in it have none in the form: the whole has the same.
    """
    there = all(each.slug in known for each in assessment.challenges)
    return {
        "title": assessment.title,
        "summary": assessment.summary,
        "minutes": str(assessment.minutes_of(known) if there else assessment.minutes or ""),
        "pass_line": str(assessment.pass_line),
        "attempts": str(assessment.attempts),
        "candidates_see": assessment.candidates_see.value,
        **{area_field(area): str(weight) for area, weight in assessment.weights.items()},
        **{f"{CHALLENGE}{each.slug}": "1" for each in assessment.challenges},
        **{f"{WEIGHT_OF}{each.slug}": str(each.weight) for each in assessment.challenges},
    }


def _sentence(place: Sequence[int | str], message: str, chosen: Sequence[str], known: Mapping[str, Manifest]) -> str:
    label = _LABELS.get(str(place[0]), "The form") if place else "The form"
    if len(place) > 1 and place[0] == "challenges" and isinstance(place[1], int):
        label = f"Weight of {known[chosen[place[1]]].title}"
    elif len(place) > 1 and place[0] == "weights":
        label = f"Weight of {place[1]}"
    said = "it is missing" if message == "Field required" else message.removeprefix("Input ")
    return f"{label}: {said[:1].lower()}{said[1:]}."


def _area(key: str) -> str:
    return f"{key.partition('.')[2]} " if key.startswith("weights.") else ""
