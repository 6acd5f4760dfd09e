"""The side with access to the container engine: takes gradings from the queue, runs them, stores their grades.

`worker.supervisor` keeps one `worker.process` for each slot; each slot runs RQ's jobs, `worker.jobs.grade`, in itself,
and in a thread beside them `worker.jobs.run_visible`.
"""
