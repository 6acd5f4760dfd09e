"""How models look in JSON."""

from typing import Any

from stockroom.models import Movement, Part, Supplier


def supplier_json(supplier: Supplier) -> dict[str, Any]:
    return {"code": supplier.code, "name": supplier.name, "town": supplier.town}


def part_json(part: Part) -> dict[str, Any]:
    return {
        "number": part.number,
        "name": part.name,
        "category": part.category,
        "bin": part.bin,
        "quantity": part.quantity,
        "counted_on": part.counted_on.isoformat(),
        "supplier": part.supplier.code,
    }


def movement_json(movement: Movement) -> dict[str, Any]:
    return {
        "id": movement.id,
        "kind": movement.kind,
        "quantity": movement.quantity,
        "note": movement.note,
        "at": f"{movement.at.isoformat(timespec='seconds')}Z",
    }
