"""The key that the API signs with."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from store.secret_files import SettingsInvalid
from store.secret_key import FILE, NoSecretKey, SecretKey
from store.settings import Settings

GIVEN = "0123456789abcdef0123456789abcdef"


def test_a_key_is_made_once_for_its_owner_alone_and_read_afterwards(tmp_path: Path) -> None:
    home = tmp_path / "home"
    first = SecretKey("", home).get()
    assert len(first) == 64
    assert SecretKey("", home).get() == first
    assert stat.S_IMODE((home / FILE).stat().st_mode) == 0o600
    assert [path.name for path in home.iterdir()] == [FILE]


def test_of_many_that_make_it_at_once_all_have_the_same(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(lambda _: SecretKey("", tmp_path).get(), range(32)))
    assert len(set(keys)) == 1


def test_a_given_key_is_used_and_nothing_is_written(tmp_path: Path) -> None:
    assert SecretKey(GIVEN, tmp_path).get() == GIVEN.encode()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("content", "mode"), [(GIVEN, 0o644), ("short", 0o600), ("", 0o600)])
def test_a_file_that_others_can_read_or_that_holds_no_key_is_refused(tmp_path: Path, content: str, mode: int) -> None:
    path = tmp_path / FILE
    path.write_text(content)
    os.chmod(path, mode)
    with pytest.raises(NoSecretKey) as caught:
        SecretKey("", tmp_path).get()
    assert caught.value.hint


def test_a_home_that_is_none_is_a_fault_with_advice(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(NoSecretKey) as caught:
        SecretKey("", tmp_path / "file").get()
    assert "MENDBOX_SECRET_KEY" in str(caught.value.hint)


def test_no_text_shows_it_nor_the_passwords_in_urls(tmp_path: Path) -> None:
    settings = Settings.from_env(
        {
            "MENDBOX_SECRET_KEY": GIVEN,
            "MENDBOX_DATABASE_URL": "postgresql://u:hunter2@h/d",
            "MENDBOX_ALLOW_PLAINTEXT": "true",
            "MENDBOX_REDIS_URL": "redis://:hunter3@h",
        }
    )
    for text in (repr(settings), str(settings), repr(SecretKey(GIVEN, tmp_path)), f"{SecretKey(GIVEN, tmp_path)}"):
        assert GIVEN not in text
        assert "hunter" not in text


def test_a_key_that_is_too_short_is_refused_without_being_shown() -> None:
    with pytest.raises(SettingsInvalid) as caught:
        Settings.from_env({"MENDBOX_SECRET_KEY": "hunter2"})
    assert "MENDBOX_SECRET_KEY" in caught.value.message
    assert "hunter2" not in caught.value.message
