"""Depths as people read them."""

#: Millimetres in a unit.
UNITS = {"m": 1000.0, "ft": 304.8}


def depth(mm: int, unit: str) -> str:
    """12.34 m, or 40.49 ft."""
    return f"{mm / UNITS[unit]:.2f} {unit}"
