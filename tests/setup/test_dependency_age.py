"""The age of the locked packages is told, and too great an age is a failed check, though nothing stops for it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mendbox.dependency_age import LONGEST, age_check, locked_on
from runner.sandbox.image import CHECKOUT

LOCK = 'a = { upload-time = "2026-03-01T10:00:00.123Z" }\nb = { upload-time = "2026-05-04T23:59:59Z" }\n'
DAY = datetime(2026, 5, 4, tzinfo=UTC)


def test_the_newest_file_tells_the_day() -> None:
    assert locked_on(LOCK) == DAY
    assert locked_on("version = 1\n") is None


def test_this_checkouts_lock_file_tells_its_day() -> None:
    day = locked_on((CHECKOUT / "uv.lock").read_text())
    assert day is not None
    assert datetime(2026, 11, 1, tzinfo=UTC) < day


@pytest.mark.parametrize(("age", "ok"), [(timedelta(0), True), (LONGEST, True), (LONGEST + timedelta(days=1), False)])
def test_what_is_older_than_anything_known_may_wait_is_told(tmp_path: Path, age: timedelta, ok: bool) -> None:
    lock = tmp_path / "uv.lock"
    lock.write_text(LOCK)

    check = age_check(lock, DAY + age)

    assert check.ok is ok
    assert f"{age.days} days ago" in check.detail
    assert bool(check.mend) is not ok
    assert not check.required


@pytest.mark.parametrize("content", [None, "version = 1\n"])
def test_a_lock_file_that_tells_nothing_is_no_good_news(tmp_path: Path, content: str | None) -> None:
    lock = tmp_path / "uv.lock"
    if content is not None:
        lock.write_text(content)
    check = age_check(lock, DAY)
    assert not check.ok
    assert check.mend
