from __future__ import annotations

from pathlib import Path

import pytest

from store.secret_files import SettingsInvalid
from store.settings import SECRETS, Settings


@pytest.mark.parametrize("given", ["DEBUG", "INFO", "WARNING", "ERROR", "debug", "Warning"])
def test_a_log_level_is_taken_in_any_case(given: str) -> None:
    assert Settings.from_env({"MENDBOX_LOG_LEVEL": given}).log_level == given.upper()


@pytest.mark.parametrize("given", ["loud", "TRACE", "10", " "])
def test_an_unknown_log_level_is_refused_as_it_was_given_with_what_it_may_be(given: str) -> None:
    with pytest.raises(SettingsInvalid) as caught:
        Settings.from_env({"MENDBOX_LOG_LEVEL": given})
    assert f"MENDBOX_LOG_LEVEL={given!r}" in caught.value.message
    assert "'DEBUG', 'INFO', 'WARNING' or 'ERROR'" in caught.value.message
    assert caught.value.hint


def test_every_variable_that_can_not_be_used_is_told_at_once() -> None:
    with pytest.raises(SettingsInvalid) as caught:
        Settings.from_env({"MENDBOX_SLOTS": "900", "MENDBOX_LEASE_S": "soon", "MENDBOX_PORT": "8080"})
    assert [line.partition("=")[0] for line in caught.value.message.splitlines()] == [
        "MENDBOX_SLOTS",
        "MENDBOX_LEASE_S",
    ]


@pytest.mark.parametrize(
    ("name", "given", "says"),
    [
        ("REDIS_URL", "localhost:6379", "begins with redis://"),
        ("PUBLIC_URL", "mendbox.example.org", "like https://"),
        ("PUBLIC_URL", "https://example.org/mendbox", "no path"),
        ("PUBLIC_URL", "https://", "like https://"),
        ("PASSWORD_WORDS", "Acme Corp", "no spaces between"),
        ("SECRET_KEY", "short", "32 characters or more"),
    ],
)
def test_what_can_not_be_used_is_told_with_what_it_may_be(name: str, given: str, says: str) -> None:
    with pytest.raises(SettingsInvalid) as caught:
        Settings.from_env({f"MENDBOX_{name}": given})
    assert f"MENDBOX_{name}" in caught.value.message
    assert says in caught.value.message


def test_a_variable_that_is_empty_is_as_good_as_unset() -> None:
    assert Settings.from_env({"MENDBOX_LOG_LEVEL": "", "MENDBOX_SLOTS": ""}) == Settings.from_env({})


KEY = "a-key-of-thirty-two-characters-or-more"


def test_what_is_secret_may_be_in_a_file(tmp_path: Path) -> None:
    hooks = {"webhook_url", "webhook_secret", "webhook_secret_before"}
    own = {"database_url", "redis_url", "smtp_url", "secret_key", "secret_key_before", "oidc_client_secret"}
    assert set(SECRETS) == own | hooks
    contents = {"DATABASE_URL": "sqlite:////tmp/x.db", "REDIS_URL": "unix:///tmp/x.sock", "SECRET_KEY": KEY}
    for end in ("", "\n", "\r\n"):
        environ = {}
        for name, content in contents.items():
            (tmp_path / name).write_text(content + end, newline="")
            environ[f"MENDBOX_{name}_FILE"] = str(tmp_path / name)
        settings = Settings.from_env(environ)
        assert [settings.database_url, settings.redis_url, settings.secret_key] == list(contents.values())


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "MENDBOX_SECRET_KEY_FILE=.* can't be read: .*No such file"),
        (b"\xff" * 40, "can't be read: .*utf-8"),
        (b"\n", "is empty"),
        (b"x" * 70_000, "has more than 65536 bytes"),
        (b"short", "MENDBOX_SECRET_KEY=…: .*32 characters or more"),
    ],
)
def test_a_file_that_holds_no_secret_is_refused_and_never_shown(
    tmp_path: Path, content: bytes | None, reason: str
) -> None:
    file = tmp_path / "key"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SettingsInvalid, match=reason) as caught:
        Settings.from_env({"MENDBOX_SECRET_KEY_FILE": str(file)})
    assert "short" not in caught.value.message


def test_a_secret_that_is_given_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(KEY)
    with pytest.raises(SettingsInvalid, match="MENDBOX_SECRET_KEY and MENDBOX_SECRET_KEY_FILE are both set"):
        Settings.from_env({"MENDBOX_SECRET_KEY": KEY, "MENDBOX_SECRET_KEY_FILE": str(tmp_path / "key")})
