from pathlib import Path

from desk.reading import read

ROOT = Path(__file__).parent.parent


def test_the_review_can_be_read():
    assert isinstance(read(ROOT), list)
