"""Whether a password is one that guessers try first: by how many guesses it takes, or by a list of breached ones.

The guesses are zxcvbn's estimate (Wheeler, "zxcvbn: Low-Budget Password Strength Estimation", USENIX Security 2016):
common passwords, words and names, walks on a keyboard, sequences, repetitions, dates, and what is put together of them.
"""

from __future__ import annotations

from pathlib import Path

#: Powers of ten. Ten thousand tries a second, about what one graphics card makes against our hashes, need 30 years.
LEAST_GUESSES = 13
#: Characters that are looked at: the estimate takes time that grows with the square of them, here 0.1 s at most.
_LOOKED_AT = 100


def is_common(password: str) -> bool:
    """Whether guessers come to it within 10 ** LEAST_GUESSES tries."""
    # Here, since its lists take 50 ms to load, and most processes never judge a password.
    from zxcvbn import zxcvbn

    estimate = zxcvbn(password[:_LOOKED_AT], max_length=_LOOKED_AT)
    return bool(estimate["guesses_log10"] < LEAST_GUESSES)


def is_in(file: Path, password: str) -> bool:
    """Whether a file of one password a line, sorted by bytes, has this one. It may be of any size. Raises OSError."""
    wanted = password.encode("utf-8", "surrogatepass")
    with file.open("rb") as opened:
        low, high = 0, opened.seek(0, 2)
        # The first line that begins at `low` or later is the first that can be the wanted one.
        while low < high:
            middle = (low + high) // 2
            opened.seek(middle)
            if middle:
                opened.readline()
            line = opened.readline()
            if line and line.rstrip(b"\r\n") < wanted:
                low = middle + 1
            else:
                high = middle
        opened.seek(low)
        if low:
            opened.readline()
        return opened.readline().rstrip(b"\r\n") == wanted
