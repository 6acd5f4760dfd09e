"""For whoever runs the platform."""

from __future__ import annotations

import pytest
from prometheus_client.parser import text_string_to_metric_families

from store.errors import StoreUnavailable
from store.queue import QueueUnavailable
from store.records import Priority, Role
from tests.api.conftest import Platform


def _raise(error: Exception) -> None:
    raise error


def test_a_platform_whose_parts_answer_is_ready(platform: Platform) -> None:
    answer = platform.get("/readyz", role=None)

    assert answer.status_code == 200
    parts = answer.get_json()["parts"]
    assert answer.get_json()["ready"] is True
    assert parts == {"database": {"ok": True}, "redis": {"ok": True}, "challenges": {"ok": True}}


def test_without_a_challenge_it_is_not_ready(platform: Platform) -> None:
    platform.settings.challenges.rename(platform.settings.challenges.with_name("elsewhere"))

    answer = platform.get("/readyz", role=None)

    assert (answer.status_code, answer.get_json()["parts"]["challenges"]) == (503, {"ok": False})


def test_without_redis_it_is_not_ready_and_says_which_part(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform.queue, "ping", lambda: _raise(QueueUnavailable("host r-1")))

    answer = platform.get("/readyz", role=None)

    assert answer.status_code == 503
    assert answer.get_json()["parts"] == {
        "database": {"ok": True},
        "redis": {"ok": False},
        "challenges": {"ok": True},
    }
    assert "r-1" not in answer.text
    assert platform.get("/healthz", role=None).status_code == 200


def test_without_a_database_it_is_not_ready(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform.store, "check", lambda: _raise(StoreUnavailable("gone")))

    assert platform.get("/readyz", role=None).get_json()["parts"]["database"] == {"ok": False}


def _samples(platform: Platform) -> dict[tuple[str, str], float]:
    text = platform.get("/metrics", role=None).text
    return {
        (sample.name, ",".join(sorted(sample.labels.values()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_metrics_show_queue_gradings_requests_and_latency(platform: Platform) -> None:
    platform.graded()
    _, grading = platform.add()
    platform.queue.enqueue(grading.id, Priority.INTERACTIVE)
    platform.get("/api/v1/me", Role.CANDIDATE)
    platform.get("/no/such/path/0123456789")

    samples = _samples(platform)

    assert samples["mendbox_gradings", "graded"] == 1
    assert samples["mendbox_gradings", "queued"] == 1
    assert samples["mendbox_queue_depth", "interactive"] == 1
    assert samples["mendbox_oldest_queued_seconds", ""] > 0
    assert samples["mendbox_http_requests_total", "/api/v1/me,200,GET"] == 1
    assert samples["mendbox_http_request_seconds_count", "/api/v1/me"] == 1
    assert not any("0123456789" in labels for _, labels in samples)


def test_metrics_are_there_while_parts_are_not(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform.queue, "depth", lambda: _raise(QueueUnavailable("gone")))
    monkeypatch.setattr(platform.store.backlog, "counts", lambda: _raise(StoreUnavailable("gone")))

    samples = _samples(platform)

    assert ("mendbox_event_streams", "") in samples
    assert not any(name == "mendbox_gradings" for name, _ in samples)


def test_methods_that_nobody_knows_are_counted_together(platform: Platform) -> None:
    for method in ("BREW", "WHEN", "mbx_abcdefghij"):
        assert platform.client.open("/healthz", method=method).status_code == 405
    platform.client.open("/healthz", method="OPTIONS")

    text = platform.get("/metrics", role=None).text
    methods = {
        sample.labels["method"]: sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == "mendbox_http_requests_total"
    }
    assert methods == {"other": 3, "OPTIONS": 1}
