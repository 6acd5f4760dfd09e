"""What is set in the environment, or in `.env`, reaches the parts that Compose starts."""

from __future__ import annotations

import re

import pytest

from runner.sandbox.image import CHECKOUT
from store.settings import Settings

#: What Compose itself decides: the parts' own addresses, and files that would have to be mounted.
DECIDED = {"home", "database_url", "redis_url", "queue_prefix", "allow_plaintext", "host", "port"}
FILES = {"tls_certificate", "tls_key", "breached_passwords"}


@pytest.mark.parametrize("name", sorted(set(Settings.model_fields) - DECIDED - FILES))
def test_a_setting_is_handed_on(name: str) -> None:
    variable = f"MENDBOX_{name.upper()}"
    text = "".join((CHECKOUT / name).read_text() for name in ("docker-compose.yml", "docker-compose.webhooks.yml"))
    assert re.search(rf"^ +{variable}: (\$\{{{variable}:[-?]|/)", text, re.MULTILINE), (
        f"hand {variable} on in docker-compose.yml, or say here why not"
    )
