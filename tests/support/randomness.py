"""How much of an id is random."""

from __future__ import annotations

from collections.abc import Sequence


def varying_bits(digits: Sequence[str]) -> int:
    """How many bits are not the same in all of these numbers of hexadecimal digits.

    A random bit is the same in all of n with a probability of 2 ** (1 - n): with 64 of them never. A UUID has six bits
    that never vary.
    """
    first, *rest = (int(number, 16) for number in digits)
    varied = 0
    for number in rest:
        varied |= first ^ number
    return varied.bit_count()
