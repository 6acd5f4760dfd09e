"""Depths as people read them."""

from coreshed.context import current

#: Millimetres in a unit.
UNITS = {"m": 1000.0, "ft": 304.8}


def depth(mm: int) -> str:
    """12.34 m, or 40.49 ft: in the unit of the request."""
    return f"{mm / UNITS[current.unit]:.2f} {current.unit}"
