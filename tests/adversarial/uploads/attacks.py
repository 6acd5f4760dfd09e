"""Every attack by an upload, in one tuple: for the tests, and for tables."""

from __future__ import annotations

from tests.adversarial.uploads import archives, names, patches
from tests.adversarial.uploads.model import UploadAttack

ATTACKS: tuple[UploadAttack, ...] = (*names.ATTACKS, *archives.ATTACKS, *patches.ATTACKS)
