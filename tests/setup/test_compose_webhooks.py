"""`docker-compose.webhooks.yml`: what speaks to the outside has no engine, and what has the engine no way outside."""

from __future__ import annotations

import os
import secrets
import subprocess
from pathlib import Path
from typing import Any

import yaml

from mendbox.compose_secrets import NAMES
from runner.sandbox.image import CHECKOUT

FILES = ("docker-compose.yml", "docker-compose.webhooks.yml")
URL, SECRET = "https://hooks.example/x", "whsec_" + "A" * 43 + "="


def _config(folder: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    named = [argument for file in FILES for argument in ("-f", file)]
    (folder / "empty.env").touch()  # whatever the checkout's own says
    needed = {name: secrets.token_hex(32) for name in NAMES}
    return subprocess.run(
        ["docker-compose", "--env-file", str(folder / "empty.env"), *named, "config"],
        cwd=CHECKOUT,
        env={"PATH": os.environ["PATH"], "HOME": "/nonexistent", **needed, **environ},
        capture_output=True,
        text=True,
        check=False,
    )


def test_one_part_more_and_the_secret_is_its_alone(tmp_path: Path) -> None:
    done = _config(tmp_path, MENDBOX_WEBHOOK_URL=URL, MENDBOX_WEBHOOK_SECRET=SECRET)
    assert done.returncode == 0, done.stderr
    parts: dict[str, Any] = yaml.safe_load(done.stdout)["services"]
    webhooks, worker = parts["webhooks"], parts["worker"]
    assert set(webhooks["networks"]) == {"inside", "outside"}
    assert set(worker["networks"]) == {"inside"}
    assert "volumes" not in webhooks
    assert "user" not in webhooks
    assert webhooks["cap_drop"] == ["ALL"]
    assert {name for name, part in parts.items() if SECRET in str(part)} == {"webhooks"}
    assert {name for name, part in parts.items() if URL in str(part)} == {"webhooks", "api"}
    assert "MENDBOX_REDIS_URL" not in webhooks["environment"]


def test_without_an_address_or_a_secret_it_is_refused_with_what_is_missing(tmp_path: Path) -> None:
    for given in ({}, {"MENDBOX_WEBHOOK_URL": URL}):
        done = _config(tmp_path, **given)
        assert done.returncode != 0
        assert (
            "whsec_ and the base64 of random bytes" if given else "as https://hooks.example.org/mendbox"
        ) in done.stderr
