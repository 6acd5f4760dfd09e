"""Numbers, tokens and keys: how they are written, made and kept."""

import hashlib
import re
import secrets

_NHN = re.compile(r"([0-9]{3})([ -]?)([0-9]{3})\2([0-9]{4})")


def nhn_of(text: object) -> str | None:
    """The ten digits of a national health number as people write it: 9434765919, 943 476 5919 or 943-476-5919."""
    match = _NHN.fullmatch(text) if isinstance(text, str) else None
    return match[1] + match[3] + match[4] if match else None


def grouped(nhn: str) -> str:
    """A national health number as it is printed on labels."""
    return f"{nhn[:3]} {nhn[3:6]} {nhn[6:]}"


def digest(secret: str) -> str:
    """What is kept of a token or a key."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_token() -> str:
    """A token for a prescriber's program."""
    return f"rx_{secrets.token_hex(20)}"


def new_key() -> str:
    """A key for the link in a mail."""
    return f"rk_{secrets.token_hex(16)}"


def new_order_number() -> str:
    """A number for an order, which patients read out at the counter."""
    return f"R-{secrets.randbelow(90_000_000) + 10_000_000}"
