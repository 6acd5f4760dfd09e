from __future__ import annotations

import pytest

from store.settings import Settings, SettingsInvalid


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


def test_a_variable_that_is_empty_is_as_good_as_unset() -> None:
    assert Settings.from_env({"MENDBOX_LOG_LEVEL": "", "MENDBOX_SLOTS": ""}) == Settings.from_env({})
