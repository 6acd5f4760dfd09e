"""Logs of what `mendbox up` runs."""

from __future__ import annotations

from pathlib import Path

from mendbox.services import LogFile


def test_a_log_that_is_full_is_put_aside_and_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "api.log"
    path.write_bytes(b"of yesterday\n")
    with LogFile(path, most_bytes=20) as log:
        for line in (b"one\n", b"two\n", b"three\n", b"four\n"):
            log.write(line)
            assert path.read_bytes().endswith(line)
    assert (tmp_path / "api.log.1").read_bytes() == b"of yesterday\none\ntwo\n"
    assert path.read_bytes() == b"three\nfour\n"
    with LogFile(path, most_bytes=5) as log:
        log.write(b"five\n")
    assert (tmp_path / "api.log.1").read_bytes() == b"three\nfour\n"
