"""What the API must answer, from what the harness stored."""

from __future__ import annotations

from typing import Any

CODES = {
    400: "bad_request",
    401: "unauthorized",
    404: "not_found",
    405: "method_not_allowed",
    409: "slot_taken",
    413: "too_large",
    415: "unsupported_media_type",
    422: "invalid",
    500: "internal_error",
    503: "not_ready",
}


def assert_refused(answer: Any, status: int, message: str | None = None, details: Any = None) -> None:
    """That an answer is the envelope of an error. `message` None: any sentence."""
    asked = f"{answer.request.method} {answer.request.path}"
    assert answer.status_code == status, asked
    assert answer.content_type.partition(";")[0] == "application/json", asked
    assert answer.content_length in (None, len(answer.data)), asked
    assert set(answer.json) == {"ok", "error"}, asked
    assert answer.json["ok"] is False, asked
    error = answer.json["error"]
    assert set(error) == {"code", "message"} | ({"details"} if details is not None else set()), asked
    assert error["code"] == CODES[status], asked
    assert error.get("details") == details, asked
    if message is None:
        assert isinstance(error["message"], str), asked
        assert error["message"].strip(), asked
    else:
        assert error["message"] == message, asked


def vets(clinic: Any) -> list[dict[str, Any]]:
    shown = [{"code": vet["code"], "name": vet["name"]} for vet in clinic.vets]
    return sorted(shown, key=lambda vet: vet["name"])


def animal(row: dict[str, Any]) -> dict[str, Any]:
    return {key: row[key] for key in ("id", "name", "species", "owner", "chip")}


def animals(clinic: Any, species: str | None = None) -> list[dict[str, Any]]:
    found = [animal(row) for row in clinic.animals if species in (None, row["species"])]
    return sorted(found, key=lambda row: row["name"])


def appointment(clinic: Any, row: dict[str, Any]) -> dict[str, Any]:
    names = {animal["id"]: animal["name"] for animal in clinic.animals}
    return {
        "id": row["id"],
        "animal": {"id": row["animal_id"], "name": names[row["animal_id"]]},
        "vet": vet_of(clinic, row)["code"],
        "starts_at": row["starts_at"].isoformat(timespec="minutes"),
        "reason": row["reason"],
    }


def appointments(clinic: Any) -> list[dict[str, Any]]:
    rows = sorted(clinic.appointments, key=lambda row: (row["starts_at"], row["id"]))
    return [appointment(clinic, row) for row in rows]


def vet_of(clinic: Any, row: dict[str, Any]) -> dict[str, Any]:
    return next(vet for vet in clinic.vets if vet["id"] == row["vet_id"])


def booking(clinic: Any, rng: Any) -> dict[str, Any]:
    """A body for a new appointment at a time when every vet is free."""
    return {
        "animal": rng.choice(clinic.animals)["id"],
        "vet": rng.choice(clinic.vets)["code"],
        "starts_at": f"2028-0{rng.randrange(1, 10)}-{rng.randrange(10, 29)}T0{rng.randrange(7, 10)}:30",
        "reason": f"{rng.choice(['rash', 'paw', 'ear'])} {rng.randrange(10**6)}",
    }
