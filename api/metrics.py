"""What `/metrics` shows: requests and submissions as they are counted, queue and gradings as they are when asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from runner.errors import PlatformFault

if TYPE_CHECKING:
    from api.streams import EventStreams
    from store.queue import GradingQueue
    from store.store import Store

#: Seconds. Most requests take a few milliseconds; event streams are not measured.
_BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """One app's metrics, in a registry of their own: two apps in a process do not share counts."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "mendbox_http_requests", "Requests answered", ["method", "route", "status"], registry=self.registry
        )
        self.latency = Histogram(
            "mendbox_http_request_seconds",
            "From a request's head to its answer's",
            ["route"],
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self.submissions = Counter("mendbox_submissions", "Submissions stored", ["source"], registry=self.registry)

    def text(self) -> bytes:
        """All metrics in Prometheus' text format."""
        return generate_latest(self.registry)


class PlatformState(Collector):
    """Reads the queue and the store when metrics are asked for. A part that does not answer is left out."""

    def __init__(self, store: Store, queue: GradingQueue, streams: EventStreams) -> None:
        self._store = store
        self._queue = queue
        self._streams = streams

    def describe(self) -> list[Metric]:
        """Nothing: registering must not ask the database."""
        return []

    def collect(self) -> Iterator[Metric]:
        """The gauges."""
        gradings = GaugeMetricFamily("mendbox_gradings", "Gradings in each state", labels=["state"])
        depth = GaugeMetricFamily("mendbox_queue_depth", "Jobs that wait", labels=["priority"])
        streams = GaugeMetricFamily("mendbox_event_streams", "Event streams open")
        streams.add_metric([], self._streams.open)
        yield streams
        oldest = GaugeMetricFamily("mendbox_oldest_queued_seconds", "How long the first in the queue has waited")
        try:
            for state, count in self._store.backlog.counts().items():
                gradings.add_metric([state.value], count)
            yield gradings
            oldest.add_metric([], self._store.backlog.oldest_queued_s())
            yield oldest
        except PlatformFault:
            pass
        try:
            for priority, jobs in self._queue.depth().items():
                depth.add_metric([priority], jobs)
            yield depth
        except PlatformFault:
            pass
