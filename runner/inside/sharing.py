"""Keeps pages of long-lived objects shared between forks, since a copied page costs a fork more than most of its work.

A fork shares all memory until somebody writes to it. CPython writes where one would not expect it:

- to an object's header, each time it takes or drops a reference. Since version 3.12 an object whose count has the
  highest bits set is immortal and its count is left alone. What was there before the fork lives as long as the process
  anyway, so nothing is lost by that, except that nothing is told when such an object is let go of.
- to a function's bytecode: instructions that were not specialised count how often they run. Code that runs for every
  request lies scattered among code that never does; copies of it made one after the other lie together.
- to pages with room left, when an object is made. Rooms filled before the fork leave new objects to new pages.

(That references are the price of forking, and freezing what is there before a fork the remedy, is known from
`gc.freeze`, made for the same purpose.)
"""

from __future__ import annotations

import ctypes
import gc
import struct
import sys
from collections.abc import Callable
from types import CodeType, FunctionType
from typing import Any

_IMMORTAL = 0xFFFF_FFFF
#: A number of `sys.monitoring` that no tool is known by.
_TOOL = 3
#: Copies that only take up the rooms between other objects, so that the last ones lie together.
_SPACERS = 2
#: The sizes that CPython's own allocator serves from pools, and how much of each is filled, in bytes.
_POOLED = range(48, 513, 16)
_FILLED_BYTES = 32 * 1024
_BYTES_HEADER = 33

_held: list[Any] = []

#: All memory, once as reference counts (which stand at an object's start), once as words. Neither can begin at 0.
_FIRST_COUNT, _FIRST_WORD = 4, 8
_counts = ctypes.cast(ctypes.c_void_p(_FIRST_COUNT), ctypes.POINTER(ctypes.c_uint32))
_words = ctypes.cast(ctypes.c_void_p(_FIRST_WORD), ctypes.POINTER(ctypes.c_uint64))


def can_share_for_good() -> bool:
    """Whether this interpreter counts references the way `share_for_good` relies on."""
    known = sys.implementation.name == "cpython" and (3, 12) <= sys.version_info[:2] <= (3, 13)
    return known and sys.byteorder == "little" and struct.calcsize("P") == 8 and not hasattr(sys, "gettotalrefcount")


def share_for_good(*, all_of_it: bool = False) -> int:
    """Make what the collector knows now, and the code of functions, immortal; gives how many objects were made so.

    `all_of_it`: also strings, numbers and whatever else hangs on those objects, which takes a microsecond for each.
    Does nothing where it can't.
    """
    if not can_share_for_good():
        return 0
    made = 0
    todo: list[Any] = gc.get_objects()
    while todo:
        found, code = [], []
        for thing, address in zip(todo, _addresses(todo), strict=True):
            place = (address - _FIRST_COUNT) // 4
            if _counts[place] != _IMMORTAL:
                _counts[place] = _IMMORTAL
                found.append(thing)
                if type(thing) is FunctionType:
                    code.append(thing.__code__)
                elif type(thing) is CodeType:
                    code += thing.co_consts
        made += len(found)
        todo = code + gc.get_referents(*found) if all_of_it else code
    return made


def _addresses(things: list[Any]) -> list[int]:
    """Where the objects lie, as the list itself has it: the place of its items stands after count, type and size.

    Asked of `id`, one by one, each would be an event for an audit hook, and there are some ten thousands.
    """
    (items,) = _words[(id(things) + 24 - _FIRST_WORD) // 8 : (id(things) + 32 - _FIRST_WORD) // 8]
    start = (items - _FIRST_WORD) // 8
    return _words[start : start + len(things)]


def gather_code(exercise: Callable[[], object]) -> int:
    """Run `exercise`, and let the bytecode it ran through lie together from now on; gives how many functions did."""
    if not can_share_for_good():
        exercise()
        return 0
    ran: set[CodeType] = set()
    monitoring = sys.monitoring  # type: ignore[attr-defined,unused-ignore]

    def started(code: CodeType, _: int) -> object:
        ran.add(code)
        return monitoring.DISABLE

    monitoring.use_tool_id(_TOOL, "mendbox")
    monitoring.register_callback(_TOOL, monitoring.events.PY_START, started)
    monitoring.set_events(_TOOL, monitoring.events.PY_START)
    try:
        exercise()
    finally:
        monitoring.set_events(_TOOL, 0)
        monitoring.free_tool_id(_TOOL)
    _held.append([[code.replace() for code in ran] for _ in range(_SPACERS)])
    copies: dict[CodeType, CodeType] = {}

    def copy_of(code: CodeType) -> CodeType:
        if code not in copies:
            constants = (copy_of(one) if isinstance(one, CodeType) and one in ran else one for one in code.co_consts)
            copies[code] = code.replace(co_consts=tuple(constants))
        return copies[code]

    for thing in gc.get_objects():
        if type(thing) is FunctionType and thing.__code__ in ran:
            thing.__code__ = copy_of(thing.__code__)
    return len(copies)


def fill_rooms() -> None:
    """Take up what is left in pages that hold objects already. Call it last before forking."""
    if can_share_for_good():
        _held.append([[bytes(size - _BYTES_HEADER) for _ in range(_FILLED_BYTES // size)] for size in _POOLED])
