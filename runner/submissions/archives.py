"""Tells a .zip from a .tar.gz by its first bytes and reads it."""

from __future__ import annotations

from runner.errors import SubmissionRejected
from runner.submissions.collector import Collector
from runner.submissions.tars import read_tar_gz
from runner.submissions.uploads import GZIP_MAGIC, ZIP_MAGICS
from runner.submissions.zips import read_zip


def read_archive(data: bytes, collector: Collector) -> None:
    """Hand every file and folder to `collector`. Raises SubmissionRejected for anything else."""
    if data.startswith(ZIP_MAGICS):
        read_zip(data, collector)
    elif data.startswith(GZIP_MAGIC):
        read_tar_gz(data, collector)
    else:
        raise SubmissionRejected(
            "the upload is neither a .zip nor a .tar.gz", hint="send a .zip, a .tar.gz or a .patch"
        )
