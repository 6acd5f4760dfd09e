"""A submission's content as bytes, and back."""

from __future__ import annotations

import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runner.submissions.model import Submission
from store.content import decode, encode
from store.errors import ContentDamaged

FILES = st.dictionaries(st.text(min_size=1), st.binary())


@settings(deadline=None, max_examples=50)
@given(FILES)
def test_what_is_encoded_is_decoded_to_the_same_files(files: dict[str, bytes]) -> None:
    submission = Submission(files)
    assert decode(encode(submission), submission.digest).files == files


@settings(deadline=None, max_examples=50)
@given(FILES)
def test_the_same_files_give_the_same_bytes_in_whatever_order_they_come(files: dict[str, bytes]) -> None:
    assert encode(Submission(dict(reversed(files.items())))) == encode(Submission(files))


def test_source_code_takes_less_room_than_it_did() -> None:
    code = b"def view(user_id):\n    return users[user_id]\n" * 200
    assert len(encode(Submission({"app.py": code}))) < len(code) / 10


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: b"PK\x03\x04" + data[4:],
        lambda data: data[:-5],
        lambda data: data[:4] + zlib.compress(b"[[1]]\n"),
        lambda data: data[:4] + zlib.compress(b"null\n"),
        lambda data: data[:4] + zlib.compress(b'[["app.py",4]]\nevil'),
    ],
)
def test_damaged_content_is_a_fault_and_never_a_submission(damage) -> None:  # type: ignore[no-untyped-def]
    submission = Submission({"app.py": b"good"})
    with pytest.raises(ContentDamaged):
        decode(damage(encode(submission)), submission.digest)
