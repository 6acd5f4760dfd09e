"""Every limit on a grading, with its unit, default and reason, in one place.

Deadlines nest so that the inner one fires first: a request's before its test's, a test's before the grading's. The
grader enforces a test's deadline itself; the host waits `SLACK_S` longer before it ends the container.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, model_validator

#: What the outer of two nested deadlines waits beyond the inner one: a loaded machine delays the inner's message.
SLACK_S = 3.0
#: The longest that a challenge may give its whole hidden suite.
MOST_GRADING_S = 600.0
MIB = 1024 * 1024


class Limits(BaseModel):
    """Limits of one grading. A challenge may lower or raise them within the bounds given here."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    app_start_s: float = Field(15.0, gt=0, le=60, description="from the files in the container to an app that answers")
    request_s: float = Field(5.0, gt=0, le=30, description="one request, or one call into the app")
    test_s: float = Field(15.0, gt=0, le=60, description="one hidden test with all its requests")
    grading_s: float = Field(90.0, gt=0, le=MOST_GRADING_S, description="the whole hidden suite")
    memory_mb: int = Field(256, ge=96, le=2048, description="memory of each container; swap is none")
    pids: int = Field(128, ge=32, le=1024, description="processes and threads in each container")
    cpus: float = Field(1.0, gt=0, le=8, description="cores a container may use")
    tmpfs_mb: int = Field(32, ge=8, le=512, description="all files in a container, /work and /tmp each")
    tmpfs_inodes: int = Field(4096, ge=512, le=65536, description="files and folders in each tmpfs")
    response_kb: int = Field(2048, ge=64, le=8192, description="the body of one answer")
    output_kb: int = Field(64, ge=4, le=1024, description="standard output and error kept of one test's app")

    @model_validator(mode="after")
    def _nested(self) -> Limits:
        if not self.request_s < self.test_s < self.grading_s:
            raise ValueError("deadlines must nest: request_s < test_s < grading_s")
        return self


class SubmissionLimits(BaseModel):
    """What a submission may weigh. Counted on real bytes, never on what an archive claims."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    upload_bytes: int = Field(2 * MIB, description="the file as sent")
    total_bytes: int = Field(4 * MIB, description="all files unpacked")
    file_bytes: int = Field(1 * MIB, description="one file unpacked")
    files: int = Field(500, description="entries, folders included")
    scanned_entries: int = Field(5000, description="entries looked at, those that tools leave behind included")
    scanned_bytes: int = Field(16 * MIB, description="bytes of an unpacked tar, headers and left-out files included")
    depth: int = Field(12, description="folders in a path")
    path_chars: int = Field(200, description="characters in a path")
    changed_files: int = Field(100, description="files that differ from the starter")
