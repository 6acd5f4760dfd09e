"""A folder for what one run starts and ends, database, queue and logs; and the settings of a Mendbox in one."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from runner.errors import PlatformFault
from store.settings import Settings


@contextmanager
def scratch_home(purpose: str) -> Iterator[Path]:
    """A new folder, named `mendbox-<purpose>-…`. It stays after a fault of the platform: the reason is in its logs."""
    home = Path(tempfile.mkdtemp(prefix=f"mendbox-{purpose}-"))
    try:
        yield home
    except PlatformFault:
        raise
    except BaseException:
        shutil.rmtree(home, ignore_errors=True)
        raise
    shutil.rmtree(home, ignore_errors=True)


def scratch_settings(settings: Settings, home: Path, **own: Any) -> Settings:
    """The settings of a Mendbox that has everything in this folder and reaches nothing outside. `own`: beside that."""
    alone: dict[str, Any] = {"home": home, "port": 0, "database_url": "", "redis_url": "", "public_url": ""}
    alone |= {"tls_certificate": "", "tls_key": "", "smtp_url": "", "mail_from": "", "webhook_url": ""}
    alone |= {"oidc_issuer": "", "oidc_client_id": "", "oidc_only": False}
    # What is sent there shows what a challenge is as it stands.
    alone |= {"certified_only": False, "stale_certificates": True}
    return settings.model_copy(update=alone | own)
