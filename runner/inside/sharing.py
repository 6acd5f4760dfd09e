"""Keeps pages of long-lived objects shared between forks.

A fork shares all memory until somebody writes to it, and CPython writes to an object's header each time it takes or
drops a reference: merely calling a function copies the page it lies on. Since version 3.12 an object whose count has
the highest bit set is immortal and its count is left alone. What was imported by now lives as long as the process
anyway, so nothing is lost by making it immortal. (That references are the price of forking, and freezing what is there
before a fork the remedy, is known from `gc.freeze`, made for the same purpose.)
"""

from __future__ import annotations

import ctypes
import gc
import struct
import sys
import types

_IMMORTAL = 0xFFFF_FFFF


def can_share_for_good() -> bool:
    """Whether this interpreter counts references the way `share_for_good` relies on."""
    known = sys.implementation.name == "cpython" and (3, 12) <= sys.version_info[:2] <= (3, 13)
    return known and sys.byteorder == "little" and struct.calcsize("P") == 8 and not hasattr(sys, "gettotalrefcount")


def share_for_good() -> int:
    """Make what the collector knows now, and the code of all functions, immortal; gives how many objects.

    Call it once, before any code that is not ours or a library's was imported. Does nothing where it can't.
    """
    if not can_share_for_good():
        return 0
    count_at = ctypes.c_uint32.from_address
    objects = gc.get_objects()
    function = types.FunctionType
    for thing in objects:
        count_at(id(thing)).value = _IMMORTAL
        if type(thing) is function:
            code = thing.__code__
            count_at(id(code)).value = _IMMORTAL
            for constant in code.co_consts:
                count_at(id(constant)).value = _IMMORTAL
    return len(objects)
