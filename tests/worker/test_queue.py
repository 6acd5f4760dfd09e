"""The queue itself, on a real server."""

from __future__ import annotations

import pytest
from rq import Queue
from rq.job import Job
from rq.serializers import JSONSerializer

from store.queue import GradingQueue, QueueUnavailable, connect, queue_names
from store.records import Priority
from store.settings import Settings
from tests.support.valkey import TestServer, valkey  # noqa: F401 -- a fixture
from tests.worker.conftest import wait_for
from worker.rq_worker import SlotWorker

SETTINGS = Settings()
A, B, C = "a" * 32, "b" * 32, "c" * 32


@pytest.fixture
def queue(valkey: TestServer) -> GradingQueue:  # noqa: F811
    return GradingQueue(connect(valkey.url), SETTINGS)


def test_a_job_carries_the_gradings_id_as_json_and_nothing_else(queue: GradingQueue, valkey: TestServer) -> None:  # noqa: F811
    job_id = queue.enqueue(A)
    redis = connect(valkey.url)
    job = Job.fetch(job_id, connection=redis, serializer=JSONSerializer)
    assert (job.func_name, job.args, job.kwargs) == ("worker.jobs.grade", [A], {})


def test_queues_are_emptied_interactive_first() -> None:
    assert queue_names(SETTINGS) == ["mendbox-interactive", "mendbox-regrade"]


def test_a_grading_can_be_queued_again_at_any_time(queue: GradingQueue) -> None:
    assert queue.enqueue(A) != queue.enqueue(A)
    assert queue.depth() == {"interactive": 2, "regrade": 0}


def test_what_had_waited_before_goes_to_the_front(queue: GradingQueue, valkey: TestServer) -> None:  # noqa: F811
    queue.enqueue(A)
    queue.enqueue(B, at_front=True)
    jobs = Queue("mendbox-interactive", connection=connect(valkey.url)).get_job_ids()
    assert [job_id[:1] for job_id in jobs] == ["b", "a"]


def test_what_no_queue_holds_is_missing_in_order(queue: GradingQueue) -> None:
    queue.enqueue(B, Priority.REGRADE)
    assert queue.missing([C, B, A]) == [C, A]


def test_queued_jobs_outlive_a_kill_of_the_server(queue: GradingQueue, valkey: TestServer) -> None:  # noqa: F811
    for grading in (A, B, C):
        queue.enqueue(grading)
    # While the disk is slow the server answers before what it was told is written.
    wait_for(lambda: connect(valkey.url).info("persistence")["aof_buffer_length"] == 0, "nothing is written")
    valkey.kill()
    valkey.start()
    assert queue.queued() == {A, B, C}


def test_a_server_that_takes_nothing_more_is_a_fault_of_the_platform(
    queue: GradingQueue,
    valkey: TestServer,  # noqa: F811
) -> None:
    connect(valkey.url).config_set("maxmemory", "1")
    with pytest.raises(QueueUnavailable, match=r"refuses: .*maxmemory"):
        queue.enqueue(A)
    connect(valkey.url).config_set("maxmemory", "0")
    queue.enqueue(A)


def test_it_knows_the_hosts_whose_slots_take_gradings(queue: GradingQueue, valkey: TestServer) -> None:  # noqa: F811
    assert queue.hosts() == set()
    for name in ("grader-1.internal-17-ab12", "grader-1.internal-18-cd34", "grader-2-17-ef56"):
        SlotWorker(queue_names(SETTINGS), name, connect(valkey.url))._sign_in()
    assert queue.hosts() == {"grader-1.internal", "grader-2"}


def test_a_server_that_is_gone_is_a_fault_of_the_platform_with_a_next_step(
    queue: GradingQueue,
    valkey: TestServer,  # noqa: F811
) -> None:
    queue.enqueue(A)
    valkey.stop()
    with pytest.raises(QueueUnavailable) as caught:
        queue.enqueue(B)
    assert "MENDBOX_REDIS_URL" in (caught.value.hint or "")
    with pytest.raises(QueueUnavailable):
        queue.ping()
    valkey.start()
    queue.ping()
