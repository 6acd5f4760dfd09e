"""Files on their way to the desk, and answers on their way back."""

from __future__ import annotations

import random
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from werkzeug.test import Client, TestResponse


@dataclass(frozen=True)
class Part:
    """A file in a multipart request; `length` is what its own header says of its size."""

    data: bytes
    name: str
    content_type: str = "image/jpeg"
    length: str | None = None

    def encoded(self, field: str) -> bytes:
        # As curl writes it, in UTF-8.
        name = self.name.replace("\\", "\\\\").replace('"', '\\"')
        head = f'Content-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
        head += f"Content-Type: {self.content_type}\r\n"
        if self.length is not None:
            head += f"Content-Length: {self.length}\r\n"
        return head.encode() + b"\r\n" + self.data


class Sender:
    """Sends files to one process of the app."""

    def __init__(self, client: Client, rng: random.Random) -> None:
        self.client = client
        self._boundary = f"------------------------{rng.getrandbits(64):016x}"

    def photos(self, claim: Any, *parts: Part, chunked: bool = False, note: str | None = None) -> TestResponse:
        encoded = [part.encoded("photo") for part in parts]
        if note is not None:
            encoded.append(b'Content-Disposition: form-data; name="note"\r\n\r\n' + note.encode())
        return self._send("POST", f"/claims/{claim.number}/photos", encoded, chunked)

    def estimate(self, claim: Any, part: Part, *, chunked: bool = False) -> TestResponse:
        return self._send("PUT", f"/claims/{claim.number}/estimate", [part.encoded("estimate")], chunked)

    def length(self, *parts: Part) -> int:
        """The bytes of a whole request with these photos."""
        return len(self._body([part.encoded("photo") for part in parts]))

    def _body(self, parts: list[bytes]) -> bytes:
        mark = f"--{self._boundary}".encode()
        return b"".join(mark + b"\r\n" + part + b"\r\n" for part in parts) + mark + b"--\r\n"

    def _send(self, method: str, path: str, parts: list[bytes], chunked: bool) -> TestResponse:
        body = self._body(parts)
        return self.client.open(
            path,
            method=method,
            input_stream=BytesIO(body),
            content_type=f"multipart/form-data; boundary={self._boundary}",
            headers={"Transfer-Encoding": "chunked"} if chunked else {"Content-Length": str(len(body))},
        )

    def names(self, claim: Any) -> list[str]:
        """The names of a claim's photos."""
        return [photo["name"] for photo in self.client.get(f"/claims/{claim.number}").json["photos"]]


def path_of(row: Any) -> str:
    """The address of a photo that was there before."""
    return f"/claims/{row.claim.number}/files/{row.path.partition('/')[2]}"


def is_error(answer: TestResponse, status: int, code: str | None = None) -> bool:
    """Whether this is an error in the API's shape."""
    if answer.status_code != status or answer.mimetype != "application/json" or set(answer.json) != {"error"}:
        return False
    return set(answer.json["error"]) == {"code", "message"} and code in (None, answer.json["error"]["code"])
