"""Addresses and secrets of webhooks, and what follows from an answer."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest

from store.outbound import Place, webhook_places
from store.secret_files import SettingsInvalid
from store.settings import Settings
from store.webhook_rules import MOST_ATTEMPTS, After, Answer, DeliveryState, Event, after, event_of


@pytest.mark.parametrize(
    "url",
    [
        *("hooks.example/x", "ftp://hooks.example", "https://", "https://hooks.example:0/", "https://[::1/x"),
        *("https://ada:hush@hooks.example/", "https://hooks.example/#x", "https://hooks.example/a b"),
        *(
            "https://hooks.example:99999/",
            f"https://{'a' * 64}.example/",
            "https://a..example/",
            "https://höoks.example",
        ),
    ],
)
def test_what_can_be_no_target_is_refused_and_not_shown(url: str) -> None:
    with pytest.raises(SettingsInvalid) as caught:
        Settings.from_env({"MENDBOX_WEBHOOK_URL": url})
    assert "MENDBOX_WEBHOOK_URL=…" in caught.value.message
    assert url == "https://" or url not in caught.value.message


def test_another_machine_is_told_by_tls_alone_unless_it_is_said_otherwise() -> None:
    url = {"MENDBOX_WEBHOOK_URL": "http://hooks.internal/hush"}
    with pytest.raises(SettingsInvalid, match="MENDBOX_WEBHOOK_URL: another machine's address") as caught:
        Settings.from_env(url)
    assert "hush" not in caught.value.message
    assert Settings.from_env({**url, "MENDBOX_ALLOW_PLAINTEXT": "true"}).webhook_url
    for own in ("http://127.0.0.1:9/x", "http://localhost/x", "https://hooks.internal/x"):
        assert Settings.from_env({"MENDBOX_WEBHOOK_URL": own}).webhook_url == own


def test_the_target_is_a_place() -> None:
    assert webhook_places("https://Hooks.example/x") == [Place("hooks.example", 443)]
    assert webhook_places("http://127.0.0.1:8000") == [Place("127.0.0.1", 8000)]
    assert webhook_places("") == []


@pytest.mark.parametrize("size", [23, 65])
def test_a_secret_is_random_bytes_enough_and_not_shown(size: int) -> None:
    encoded = base64.b64encode(b"k" * size).decode()
    for secret in (f"whsec_{encoded}", encoded, "whsec_", f"whsec_{base64.b64encode(b'k' * 32).decode()}!"):
        with pytest.raises(SettingsInvalid) as caught:
            Settings.from_env({"MENDBOX_WEBHOOK_SECRET": secret})
        assert secret.removeprefix("whsec_") == "" or secret not in caught.value.message


def test_what_follows_from_an_answer() -> None:
    assert after(Answer(200), 1, 0.5) == After(DeliveryState.DELIVERED, None, "")
    assert after(Answer(299), MOST_ATTEMPTS, 0.5).state is DeliveryState.DELIVERED
    for answer in (Answer(None, "no answer"), Answer(199), Answer(301), Answer(400), Answer(503)):
        follows = after(answer, 1, 0.5)
        assert (follows.state, follows.pause) == (DeliveryState.WAITING, timedelta(seconds=10))
        assert follows.fault
        assert after(answer, MOST_ATTEMPTS, 0.5).state is DeliveryState.GIVEN_UP
    assert after(Answer(410), 1, 0.5).state is DeliveryState.GIVEN_UP
    assert [after(Answer(500), 2, chance).pause for chance in (0.0, 1.0)] == [
        timedelta(seconds=24),
        timedelta(seconds=36),
    ]
    assert after(Answer(500), MOST_ATTEMPTS - 1, 0.5).pause == timedelta(hours=8)


def test_tokens_of_others_are_no_invitations() -> None:
    assert event_of("token.create", {"role": "candidate"}) is Event.INVITATION_CREATED
    assert event_of("token.create", {"role": "admin"}) is None
    assert event_of("grading.grade", {}) is Event.GRADING_FINISHED
    assert event_of("grade.read", {}) is None
