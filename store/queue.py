"""The grading queue: RQ on Redis, shared by those who enqueue and those who take.

The database row is the truth and the queue is a hint: a job carries a grading's id and nothing else, losing one costs
a few seconds (the reconciler enqueues again what `missing` names), doing one twice changes nothing.

    <prefix>-interactive    a person waits for it; emptied first
    <prefix>-regrade        nobody waits
    <prefix>-visible        candidates' visible tests, which a thread beside each slot's gradings runs

A job is the import path `worker.jobs.grade` as text, so whoever enqueues need not import the worker. Its id is
`<grading id>-<random>`: RQ keeps a job under its id while it is queued and after it ended, so an id that came again
could be refused, or be deleted by the end of its older namesake.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, cast

import redis as redis_py
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from rq import Queue, Worker
from rq import worker_registration as registration
from rq.serializers import JSONSerializer

from runner.errors import PlatformFault
from store.records import Priority
from store.settings import Settings

JOB = "worker.jobs.grade"
VISIBLE_JOB = "worker.jobs.run_visible"
#: What comes after the prefix in a queue's name, in the order in which they are emptied.
SUFFIXES = {Priority.INTERACTIVE: "interactive", Priority.REGRADE: "regrade"}

#: A finished job is deleted at once: the grade is in the database and nobody reads RQ's result.
RESULT_TTL_S = 0
#: A failed job means a fault in the worker itself: kept for a day for whoever looks into it.
FAILURE_TTL_S = 24 * 3600
#: No limit by RQ: a grading has deadlines of its own, and RQ's would fire in the middle of a call to the engine.
NO_TIMEOUT = -1
CONNECT_TIMEOUT_S = 2.0
CALL_TIMEOUT_S = 5.0


class QueueUnavailable(PlatformFault):
    """Redis can't be reached, does not answer, or refuses. Nothing stored is lost: the reconciler enqueues it."""


def connect(url: str, *, blocking: bool = False, call_timeout_s: float = CALL_TIMEOUT_S) -> Redis:
    """A client for `redis://…` or `unix:///path`. Connects on first use, so this never fails for a server that is down.

    `blocking`: for reads that wait in the server (BLPOP, XREAD BLOCK). redis-py gives up on any answer after 5 s
    otherwise. One silent retry: the first call after a server's restart finds its old connection closed.
    """
    keep_alive = {} if url.startswith("unix:") else {"socket_keepalive": True}
    return Redis.from_url(
        url,
        **keep_alive,
        socket_timeout=None if blocking else call_timeout_s,
        socket_connect_timeout=CONNECT_TIMEOUT_S,
        retry=Retry(NoBackoff(), 1, supported_errors=(redis_py.ConnectionError,)),
    )


@contextmanager
def translated() -> Iterator[None]:
    """Turns what redis-py raises into QueueUnavailable."""
    try:
        yield
    except (redis_py.ConnectionError, redis_py.TimeoutError) as error:
        raise QueueUnavailable(
            f"the queue's Redis server does not answer: {error}",
            hint="start it, or set MENDBOX_REDIS_URL to one that runs",
        ) from error
    except redis_py.RedisError as error:
        # A full disk, no memory left, a replica that takes no writes.
        raise QueueUnavailable(
            f"the queue's Redis server refuses: {error}", hint="see what its log says, and whether it may write"
        ) from error


def queue_names(settings: Settings) -> list[str]:
    """Names of RQ's queues in the order in which a worker empties them."""
    return [f"{settings.queue_prefix}-{suffix}" for suffix in SUFFIXES.values()]


def visible_queue_name(settings: Settings) -> str:
    """Name of RQ's queue of candidates' visible tests, which are run beside gradings and never before one."""
    return f"{settings.queue_prefix}-visible"


def _put(queue: Queue, job: str, about: str, job_id: str, description: str, *, at_front: bool = False) -> None:
    """Queue a job with the one argument `about`. Raises QueueUnavailable."""
    with translated():
        queue.enqueue_call(
            job,
            args=(about,),
            timeout=NO_TIMEOUT,
            result_ttl=RESULT_TTL_S,
            failure_ttl=FAILURE_TTL_S,
            job_id=job_id,
            description=description,
            at_front=at_front,
        )


class GradingQueue:
    """Puts gradings into the queue and tells what is in it. Safe to share between threads."""

    def __init__(self, redis: Redis, settings: Settings) -> None:
        self._redis = redis
        self._queues = {
            priority: Queue(name, connection=redis, serializer=JSONSerializer)
            for priority, name in zip(SUFFIXES, queue_names(settings), strict=True)
        }
        self._visible = Queue(visible_queue_name(settings), connection=redis, serializer=JSONSerializer)

    def enqueue(self, grading_id: str, priority: Priority = Priority.INTERACTIVE, *, at_front: bool = False) -> str:
        """Queue one grading; returns the job's id. `at_front`: one that had waited before. Raises QueueUnavailable."""
        job_id = f"{grading_id}-{secrets.token_hex(4)}"
        _put(self._queues[priority], JOB, grading_id, job_id, f"grade {grading_id}", at_front=at_front)
        return job_id

    def hosts(self) -> set[str]:
        """The hosts of which slots take gradings, as these name themselves. Raises QueueUnavailable."""
        with translated():
            keys = {key for queue in self._queues.values() for key in registration.get_keys(queue=queue)}
        return {key.removeprefix(Worker.redis_worker_namespace_prefix).rsplit("-", 2)[0] for key in keys}

    def enqueue_visible(self, run_id: str) -> None:
        """Queue a run of visible tests. Raises QueueUnavailable."""
        _put(self._visible, VISIBLE_JOB, run_id, f"visible-{run_id}", f"run visible tests {run_id}")

    def missing(self, grading_ids: Iterable[str]) -> list[str]:
        """Those of the gradings that no queue holds, in the order given. Raises QueueUnavailable."""
        queued = self.queued()
        return [grading_id for grading_id in grading_ids if grading_id not in queued]

    def queued(self) -> Collection[str]:
        """Ids of the gradings that wait in a queue. Raises QueueUnavailable."""
        with translated():
            return {_grading_of(job_id) for queue in self._queues.values() for job_id in queue.get_job_ids()}

    def depth(self) -> dict[str, int]:
        """How many jobs wait in `interactive` and in `regrade`. Raises QueueUnavailable."""
        with translated():
            return {SUFFIXES[priority]: int(queue.count) for priority, queue in self._queues.items()}

    def ping(self) -> None:
        """Raises QueueUnavailable when the server does not answer."""
        with translated():
            cast(Any, self._redis).ping()


def _grading_of(job_id: str) -> str:
    return job_id.rpartition("-")[0]
