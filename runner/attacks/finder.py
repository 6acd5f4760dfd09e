"""Finds the attacks: one TOML file each, in a folder for each threat. Adding an attack is adding a file."""

from __future__ import annotations

import tomllib
from pathlib import Path

from pydantic import ValidationError

from runner.attacks.model import Attack, Threat
from runner.errors import MendboxError

_CHECKOUT = Path(__file__).resolve().parents[2] / "tests" / "adversarial" / "attacks"
#: An installed wheel carries them here; a checkout has them among its tests.
_INSTALLED = Path(__file__).resolve().parent / "files"
FOLDER = _INSTALLED if _INSTALLED.is_dir() else _CHECKOUT


class AttackInvalid(MendboxError):
    """A file that describes no attack."""


def find_attacks(folder: Path = FOLDER) -> tuple[Attack, ...]:
    """Every attack, by threat and name. Raises AttackInvalid, naming the file and what is wrong in it."""
    return tuple(
        read_attack(path, threat) for threat in Threat for path in sorted((folder / threat.value).glob("*.toml"))
    )


def read_attack(path: Path, threat: Threat) -> Attack:
    """One attack; its name is the file's. Raises AttackInvalid."""
    try:
        return Attack.model_validate({**tomllib.loads(path.read_text()), "name": path.stem, "threat": threat})
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise AttackInvalid(f"{path}: {error}", hint="see docs/security.md for what an attack's file holds") from error
