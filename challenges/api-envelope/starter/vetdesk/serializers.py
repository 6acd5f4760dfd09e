"""How models look in JSON."""

from datetime import datetime
from typing import Any

from vetdesk.models import Animal, Appointment, Desk, Vet


def vet_json(vet: Vet) -> dict[str, Any]:
    return {"code": vet.code, "name": vet.name}


def animal_json(animal: Animal) -> dict[str, Any]:
    return {
        "id": animal.id,
        "name": animal.name,
        "species": animal.species,
        "owner": animal.owner,
        "chip": animal.chip,
    }


def appointment_json(appointment: Appointment) -> dict[str, Any]:
    return {
        "id": appointment.id,
        "animal": {"id": appointment.animal.id, "name": appointment.animal.name},
        "vet": appointment.vet.code,
        "starts_at": time_json(appointment.starts_at),
        "reason": appointment.reason,
    }


def time_json(time: datetime) -> str:
    return time.isoformat(timespec="minutes")


def desk_json(desk: Desk) -> dict[str, Any]:
    return {"desk": desk.code, "room": desk.room}
