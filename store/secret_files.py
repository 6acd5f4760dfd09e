"""Settings that are secret, read from files: managers of secrets put them there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from runner.errors import MendboxError

#: A URL with a password, or a key. What is longer was meant for something else.
_LONGEST_SECRET = 64 * 1024


class SettingsInvalid(MendboxError):
    """A `MENDBOX_*` variable that can't be used."""


def in_files(environ: Mapping[str, str], given: Mapping[str, str], secrets: Iterable[str]) -> dict[str, str]:
    """The `secrets`, by settings' names, that are in files which `MENDBOX_*_FILE` names. Raises SettingsInvalid."""
    values: dict[str, str] = {}
    for name in secrets:
        variable = f"MENDBOX_{name.upper()}"
        path = environ.get(f"{variable}_FILE", "")
        if not path:
            continue
        if name in given:
            raise SettingsInvalid(f"{variable} and {variable}_FILE are both set", hint="set one of the two")
        try:
            with Path(path).open("rb") as file:
                content = file.read(_LONGEST_SECRET + 1)
            value = content.decode("utf-8").rstrip("\r\n")
        except (OSError, ValueError) as error:
            raise SettingsInvalid(
                f"{variable}_FILE={path!r} can't be read: {error}", hint="name a file that this user may read"
            ) from None
        if not value or len(content) > _LONGEST_SECRET:
            reason = "is empty" if not value else f"has more than {_LONGEST_SECRET} bytes"
            raise SettingsInvalid(f"{variable}_FILE={path!r} {reason}", hint="put the secret alone into the file")
        values[name] = value
    return values
