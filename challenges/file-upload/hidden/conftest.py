"""What the tests share: the desk, files of each kind with contents that differ from run to run, ways to send them."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from mendbox_harness import JPEG_HEAD, PDF_HEAD, PNG_HEAD, Desk
from sending import Sender
from werkzeug.test import Client

SYLLABLES = ("ba", "do", "fe", "gu", "hi", "jo", "ka", "lu", "mi", "ne", "po", "ra", "si", "tu", "ve", "wo")
KINDS = {
    "image/jpeg": JPEG_HEAD,
    "image/png": PNG_HEAD,
    "image/webp": b"RIFF\x10\x27\x00\x00WEBPVP8 ",
    "application/pdf": PDF_HEAD,
}


@pytest.fixture
def desk(seed: int) -> Desk:
    """What the harness stored for this grading."""
    return Desk(seed)


@pytest.fixture
def word(rng: random.Random) -> Callable[[], str]:
    """Gives another lower-case word at each call."""
    return lambda: "".join(rng.choices(SYLLABLES, k=5))


@pytest.fixture
def make(rng: random.Random) -> Callable[..., bytes]:
    """`make("image/png", 5_000)`: a file of that kind and size."""

    def make(kind: str = "image/png", size: int = 0) -> bytes:
        head = KINDS[kind]
        return head + rng.randbytes((size or rng.randrange(300, 900)) - len(head))

    return make


@pytest.fixture
def send(client: Client, rng: random.Random) -> Sender:
    return Sender(client, rng)


@pytest.fixture
def shows(client: Client) -> Callable[..., bool]:
    """Whether an address answers 200 with these very bytes."""

    def shows(url: str, data: bytes) -> bool:
        answer = client.get(url)
        return answer.status_code == 200 and answer.data == data

    return shows
