"""RQ's worker for one slot: runs jobs in its own process and thread, since a forked one could not own warm pairs.

What differs from RQ's SimpleWorker, and why:

- It stops by a flag between jobs. RQ raises from a signal handler, and an exception between the queue's answer and
  the job loses the job.
- It outlives Redis: RQ's loop ends when a connection breaks outside its dequeue, and the warm pairs would go with it.
- No timeout by RQ: a grading has deadlines of its own, and an alarm in mid-call leaves sockets to the engine half read.
- No channel for RQ's commands (`rq suspend`, stop-job): a thread and a connection for each slot that nothing uses.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from typing import Any

import redis as redis_py
from redis import Redis
from rq import Queue, SimpleWorker
from rq import worker_registration as registration
from rq.exceptions import DequeueTimeout
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.timeouts import BaseDeathPenalty
from rq.utils import now

from worker.gate import Gate

_log = logging.getLogger(__name__)
#: How long one blocking read waits: how soon an idle slot sees that it is to stop. A new job ends it at once.
WAIT_S = 1
#: How often an idle slot tells Redis that it lives.
HEARTBEAT_S = 15.0
WORKER_TTL_S = 60
RECONNECT_FIRST_S = 0.1
RECONNECT_LONGEST_S = 2.0
#: Not only a connection that is lost: a server whose disk is full, or that became a replica, refuses to write.
_LOST = (redis_py.RedisError,)


class NoDeathPenalty(BaseDeathPenalty):
    """Ends nothing."""

    def setup_death_penalty(self) -> None:
        """Nothing to set up."""

    def cancel_death_penalty(self) -> None:
        """Nothing to cancel."""


class SlotWorker(SimpleWorker):
    """Takes jobs until told to stop. Made without any call to Redis, so it can wait for a server that is down."""

    death_penalty_class = NoDeathPenalty
    log_result_lifespan = False

    def __init__(self, queues: list[str], name: str, connection: Redis) -> None:
        super().__init__(
            queues,
            name=name,
            connection=connection,
            serializer=JSONSerializer,
            worker_ttl=WORKER_TTL_S,
            log_job_description=False,
            prepare_for_work=False,
        )
        self.hostname = socket.gethostname()
        self.pid = os.getpid()
        self._next_heartbeat = 0.0

    @property
    def dequeue_timeout(self) -> int:
        """Seconds that one blocking read waits in the server."""
        return WAIT_S

    def run(self, stopping: threading.Event, gate: Gate) -> None:
        """Take and perform jobs until `stopping` is set; a job that has begun is done to its end."""
        pause_s = RECONNECT_FIRST_S
        present = False
        while not stopping.is_set():
            if not gate.passes():
                continue
            try:
                if not present:
                    self._sign_in()
                    present = True
                taken = self._take()
                pause_s = RECONNECT_FIRST_S
            except _LOST as error:
                # Told once: who reads the log an hour later wants to find what came before.
                first = pause_s == RECONNECT_FIRST_S
                _log.log(logging.WARNING if first else logging.DEBUG, "Redis does not answer, or refuses: %s", error)
                present = False
                stopping.wait(pause_s)
                pause_s = min(pause_s * 2, RECONNECT_LONGEST_S)
                continue
            if taken is not None:
                self._perform(*taken)
        self._sign_out()

    def _take(self) -> tuple[Job, Queue] | None:
        if time.monotonic() > self._next_heartbeat:
            self._next_heartbeat = time.monotonic() + HEARTBEAT_S
            self.heartbeat()
        try:
            return self.queue_class.dequeue_any(
                self.queues,
                WAIT_S,
                connection=self.connection,
                job_class=self.job_class,
                serializer=self.serializer,
                death_penalty_class=self.death_penalty_class,
            )
        except DequeueTimeout:
            if self.should_run_maintenance_tasks:
                self.run_maintenance_tasks()  # type: ignore[no-untyped-call]  # RQ's
            return None

    def _perform(self, job: Job, queue: Queue) -> None:
        try:
            self.execute_job(job, queue)
        except _LOST as error:
            # RQ's record of the job is lost, not the grading: that is in the database, done or still to be done.
            _log.warning("Redis went away during job %s: %s", job.id, error)
            self.executions.clear()

    def _sign_in(self) -> None:
        """Say that this worker is there; again after a server came back without what it knew."""
        self.birth_date = self.birth_date or now()
        self.last_heartbeat = now()
        with self.connection.pipeline() as pipeline:
            pipeline.hset(self.key, mapping=self._about_itself())
            registration.register(self, pipeline)
            pipeline.expire(self.key, WORKER_TTL_S + 60)
            pipeline.execute()

    def _about_itself(self) -> Any:
        return {**self.serialize(), "ip_address": "unknown", "state": self.get_state()}

    def _sign_out(self) -> None:
        try:
            self.register_death()  # type: ignore[no-untyped-call]  # RQ's
        except _LOST as error:
            _log.info("Redis does not hear that this worker stops: %s", error)
